//! What one operator must not bring about alone, and what must not depend on who is faster.

use exchange::AccountState;
use onboarding::{
    AccountKind, Content, LiftBlock, PersonChange, Registration, Role as PersonRole, State, TreasuryAccountPlan,
};
use rulebook::Code;

use super::applications::{Office, certificate, code, person, presented};
use super::support::{MORNING, Place, SetClock, TestExchange, ministry_account};

/// An operator who has no certificate is none: the only other one would have entered the application, and could hand in no request.
#[tokio::test]
async fn only_operators_with_a_certificate_count() {
    let office = Office::open().await;
    let (exchange, operator) = (&office.treasury.exchange, office.treasury.exchange.operator());
    let janis = office.janis.person().id;
    let end = Content::Person(PersonChange { person: Some(janis), of: None, record: None });
    let record = person("Maija", &[PersonRole::Clerk, PersonRole::Approver]);
    office.done(Content::Person(PersonChange { person: None, of: None, record: Some(record) })).await.unwrap();
    let maija = exchange.persons(&office.anna).await.unwrap().pop().unwrap().id;
    assert_eq!(code(office.submitted(end.clone()).await), Code::OperatorsTooFew, "she has no certificate");

    operator.insert_person_certificate(certificate(maija, 0x61)).await.unwrap();
    let by_maija = exchange.authorise_person(&presented(0x61), "office").await.unwrap();
    let ended = office.checked(end).await.unwrap();
    // What was enough when it was entered is looked at again when it takes effect: now only Maija would be left.
    assert!(operator.revoke_person_certificate(presented(0x51).fingerprint).await.unwrap());
    assert_eq!(code(office.approve(&by_maija, ended).await), Code::OperatorsTooFew);
    operator.insert_person_certificate(certificate(office.anna.person().id, 0x62)).await.unwrap();
    assert_eq!(office.approve(&by_maija, ended).await.unwrap(), State::InForce);
    office.treasury.check_invariants().await;
}

/// A block is known by the last lift of the same account: what happens to another account of the client does not matter.
#[tokio::test]
async fn a_lift_of_another_account_leaves_an_application_as_it_is() {
    let clock = SetClock::showing(MORNING.parse().unwrap());
    let office = Office::at(TestExchange::in_production(Place::chosen(), clock).await).await;
    let operator = office.treasury.exchange.operator();
    let iban = "LV07TREL5180453053000".to_owned();
    let plan = TreasuryAccountPlan {
        client: office.treasury.ministry,
        iban: iban.clone(),
        owner_name: "Ministrija".to_owned(),
        kind: AccountKind::Donation,
        currency: money::Currency::EUR,
        limits: ledger::Limits::default(),
    };
    office.done(Content::NewAccount(plan)).await.unwrap();
    let lift = async |iban: &str| {
        operator.set_account_state(iban, AccountState::Blocked).await.unwrap();
        office.checked(Content::LiftBlock(LiftBlock { account: office.account(iban).await })).await.unwrap()
    };
    let (one, other) = (lift(&ministry_account()).await, lift(&iban).await);
    office.approve(&office.janis, one).await.unwrap();
    office.approve(&office.janis, other).await.unwrap();
    let accounts = operator.accounts(office.treasury.ministry).await.unwrap();
    assert!(accounts.iter().all(|account| account.ledger.state == AccountState::Open), "{accounts:?}");
    // Of the same account a later block is another one.
    let (first, second) = (lift(&iban).await, lift(&iban).await);
    office.approve(&office.janis, first).await.unwrap();
    operator.set_account_state(&iban, AccountState::Blocked).await.unwrap();
    assert_eq!(code(office.approve(&office.janis, second).await), Code::ApplicationChanged);
    office.treasury.check_invariants().await;
}

/// Of an approval and what stands against it one happens, whichever comes first.
#[tokio::test(flavor = "multi_thread")]
async fn of_an_approval_and_what_stands_against_it_one_happens() {
    let office = Office::open().await;
    let exchange = &office.treasury.exchange;
    // An online user's name is there once at its client.
    let user = async |name: String| Content::NewOnlineUser(Registration { name, ..office.registration().await });
    for round in 0..10 {
        let id = office.checked(user(format!("Lietvedība {round}")).await).await.unwrap();
        let (approved, withdrawn) =
            tokio::join!(office.approve(&office.janis, id), exchange.withdraw_application(&office.anna, id));
        assert!(approved.is_ok() != withdrawn.is_ok(), "round {round}: {approved:?} {withdrawn:?}");
        let refused = if approved.is_ok() { code(withdrawn) } else { code(approved) };
        assert_eq!(refused, Code::ApplicationStateWrong);

        let record = person("Maija", &[PersonRole::Approver]);
        let new = Content::Person(PersonChange { person: None, of: None, record: Some(record) });
        office.done(new).await.unwrap();
        let maija = exchange.persons(&office.anna).await.unwrap().pop().unwrap().id;
        exchange.operator().insert_person_certificate(certificate(maija, 0x70 + round)).await.unwrap();
        let by_maija = exchange.authorise_person(&presented(0x70 + round), "office").await.unwrap();
        let end = office.checked(Content::Person(PersonChange { person: Some(maija), of: None, record: None })).await;
        let id = office.checked(user(format!("Grāmatvedība {round}")).await).await.unwrap();
        let (ended, approved) =
            tokio::join!(office.approve(&office.janis, end.unwrap()), office.approve(&by_maija, id));
        ended.unwrap();
        if let Err(refused) = approved {
            assert_eq!(refused.code, Code::PersonNotRegistered);
        }
        let late = office.checked(user(format!("Noliktava {round}")).await).await.unwrap();
        assert_eq!(code(office.approve(&by_maija, late).await), Code::PersonNotRegistered);
    }
    office.treasury.check_invariants().await;
}
