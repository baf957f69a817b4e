//! What settling a restore changes: revocations, codes to enrol with, and the line that says who answers for it.

use exchange::{
    AccountState, BroughtRevocations, Clock as _, Fingerprint, Grants, LaterRevocation, LaterRights, RevocationReason,
    RevokedCertificateName, Settling, TakenAway, UnknownForm, UserChange as UserRights,
};
use jiff::SignedDuration;
use ledger::Limits;
use onboarding::{
    Contact, Content, LiftBlock, LiftSuspension, PersonChange, PersonId, Role as PersonRole, Roles, UserChange,
};
use rulebook::Code;
use store::{EnrolmentCode, EnrolmentKind};

use super::applications::{Office, SECOND_OPERATOR, person, presented};
use super::support::*;

fn settling() -> Settling {
    Settling { by: "Anna Ozola".to_owned(), why: "the list".to_owned(), source: "ca.crl".to_owned() }
}

fn by(certificate: RevokedCertificateName) -> LaterRevocation {
    LaterRevocation { certificate, at: None, reason: RevocationReason::KeyCompromise }
}

fn fingerprint(role: Role) -> RevokedCertificateName {
    RevokedCertificateName::Fingerprint(Fingerprint([role as u8 + 1; 32]))
}

async fn marked() -> TestExchange {
    let treasury = TestExchange::new().await;
    assert!(treasury.exchange.operator().mark_restored(MORNING.parse().unwrap()).await.unwrap());
    treasury
}

#[tokio::test]
async fn revocations_are_brought_in_once_and_the_restore_is_settled() {
    let treasury = marked().await;
    let operator = treasury.exchange.operator();
    assert!(!operator.mark_restored(MORNING.parse().unwrap()).await.unwrap(), "it is marked");
    treasury.revoke(Role::Viewer).await;
    let earlier = treasury.clock.now() - SignedDuration::from_hours(1);
    let later = treasury.clock.now() + SignedDuration::from_hours(1);
    let revocations = [
        LaterRevocation { at: Some(earlier), ..by(RevokedCertificateName::Serial("Manager".to_owned())) },
        LaterRevocation { at: Some(later), ..by(fingerprint(Role::OtherManager)) },
        by(fingerprint(Role::Viewer)),
        by(RevokedCertificateName::Serial("of a certificate from after the copy".to_owned())),
        by(RevokedCertificateName::Fingerprint(Fingerprint([0xee; 32]))),
    ];
    let brought = operator.settle_restore(&revocations, LaterRights::default(), settling()).await.unwrap();
    assert_eq!(brought, Some(BroughtRevocations { revoked: 2, known: 1, unknown: 2, ..BroughtRevocations::default() }));
    for (role, code) in [(Role::Manager, Code::CertificateRevoked), (Role::OtherManager, Code::CertificateRevoked)] {
        assert_eq!(treasury.authorise(role).await.unwrap_err().code, code);
    }
    treasury.caller(Role::Neighbour).await;
    let revoked_at = |role: Role| {
        let fingerprint = Fingerprint([role as u8 + 1; 32]);
        let identity = treasury.store.read_blocking(move |reading| reading.identity(&fingerprint)).unwrap();
        identity.unwrap().certificate.revoked_at.unwrap()
    };
    assert_eq!(revoked_at(Role::Manager), earlier, "as the source says");
    assert_eq!(revoked_at(Role::OtherManager), treasury.clock.now(), "not in the future");

    assert_eq!(operator.unsettled_restore().await.unwrap(), None);
    assert_eq!(operator.settle_restore(&revocations, LaterRights::default(), settling()).await.unwrap(), None, "once");
    let lines = treasury.audit_lines().await;
    let settled = lines.iter().find(|line| line.action == "restore.settled").unwrap();
    for part in ["from ca.crl", "2 certificates revoked, 1 known, 2 unknown", "\"Anna Ozola\"", "\"the list\""] {
        assert!(settled.detail.contains(part), "{}", settled.detail);
    }
    treasury.check_invariants().await;
}

/// Revocation lists name persons' certificates too: who was revoked after the copy decides nothing after the restore.
#[tokio::test]
async fn a_persons_certificate_stays_revoked_whatever_names_it() {
    let office = Office::at(marked().await).await;
    let operator = office.treasury.exchange.operator();
    let serial = LaterRevocation { at: None, ..by(RevokedCertificateName::Serial("51".to_owned())) };
    let second = by(RevokedCertificateName::Fingerprint(SECOND_OPERATOR));
    let brought =
        operator.settle_restore(&[serial, second.clone(), second], LaterRights::default(), settling()).await.unwrap();
    assert_eq!(brought, Some(BroughtRevocations { revoked: 2, known: 1, ..BroughtRevocations::default() }));
    for byte in [0x51, 0x52] {
        let refused = office.treasury.exchange.authorise_person(&presented(byte), "x").await;
        assert_eq!(refused.unwrap_err().code, Code::CertificateRevoked);
    }
    office.treasury.check_invariants().await;
}

#[tokio::test]
async fn codes_that_were_open_in_the_copy_are_withdrawn() {
    let treasury = marked().await;
    let user = treasury.caller(Role::Manager).await.identity().user.id;
    let code = EnrolmentCode {
        selector: "selector".to_owned(),
        hash: [7; 32],
        user,
        registration_valid_until: jiff::civil::date(2028, 12, 31),
        kind: EnrolmentKind::Request,
        made_at: treasury.clock.now(),
        valid_until: treasury.clock.now() + SignedDuration::from_hours(72),
        tries_left: 5,
        withdrawn_at: None,
        certificate: None,
    };
    treasury.store.write_blocking(move |writing| writing.insert_enrolment_code(&code)).unwrap();
    let brought = treasury.exchange.operator().settle_restore(&[], LaterRights::default(), settling()).await.unwrap();
    assert_eq!(brought, Some(BroughtRevocations { codes: 1, ..BroughtRevocations::default() }));
    let code = treasury.store.read_blocking(|reading| reading.enrolment_code("selector")).unwrap().unwrap();
    assert_eq!(code.withdrawn_at, Some(treasury.clock.now()));
}

/// Every act that takes rights away, on the exchange of which the copy was made; and, for some, the lift that gave them back.
async fn acts_after_the_copy(office: &Office) {
    let (exchange, operator) = (&office.treasury.exchange, office.treasury.exchange.operator());
    let user = async |role| office.treasury.caller(role).await.identity().user.id;
    let (viewer, manager, neighbour) =
        (user(Role::Viewer).await, user(Role::Manager).await, user(Role::Neighbour).await);
    let lift = async |content| office.done(content).await.map(drop).unwrap();
    for user in [viewer, manager] {
        assert!(operator.change_online_user(user, UserRights::Suspend).await.unwrap());
    }
    lift(Content::LiftSuspension(LiftSuspension { user: viewer })).await;
    assert!(operator.change_online_user(neighbour, UserRights::RequireSignature(true)).await.unwrap());
    for iban in [ministry_account(), municipality_account()] {
        operator.set_account_state(&iban, AccountState::Blocked).await.unwrap();
    }
    lift(Content::LiftBlock(LiftBlock { account: office.account(&ministry_account()).await })).await;
    let [_, _, ends, changes] = persons(exchange, office).await[..] else { panic!("four persons") };
    let end = PersonChange { person: Some(ends), of: None, record: None };
    office.done(Content::Person(end)).await.unwrap();
    let record = Some(person("Zane", &[PersonRole::Auditor, PersonRole::Approver]));
    office.done(Content::Person(PersonChange { person: Some(changes), of: None, record })).await.unwrap();
    let account = vec![ministry_account()];
    assert!(operator.change_online_user(viewer, UserRights::Withdraw(Grants::These(account))).await.unwrap());
    for per_day in [300_00, 200_00] {
        let limits = Limits { per_payment: None, per_day: Some(per_day) };
        operator.set_account_limits(&ministry_account(), limits).await.unwrap();
    }
    // By an application the neighbour keeps none of its accounts; its mode and its networks stay.
    let mut to = exchange.registration(&office.anna, neighbour).await.unwrap();
    to.accounts.clear();
    to.contact = Contact { name: "Līga".to_owned(), email: "liga@example.lv".to_owned(), telephone: None };
    office.done(Content::ChangeOnlineUser(UserChange { user: neighbour, to })).await.unwrap();
}

async fn persons(exchange: &exchange::Exchange, office: &Office) -> Vec<PersonId> {
    exchange.persons(&office.anna).await.unwrap().into_iter().map(|person| person.id).collect()
}

/// An exchange with two more persons, always the same.
async fn with_persons() -> Office {
    let clock = SetClock::showing(MORNING.parse().unwrap());
    let office = Office::at(TestExchange::in_production(Place::chosen(), clock).await).await;
    for (name, roles) in [("Maija", PersonRole::Clerk), ("Zane", PersonRole::Clerk)] {
        let record = Some(person(name, &[roles, PersonRole::Approver]));
        office.done(Content::Person(PersonChange { person: None, of: None, record })).await.unwrap();
    }
    office
}

#[tokio::test]
async fn what_an_export_says_was_taken_away_is_taken_away_again_and_nothing_is_given() {
    let lost = with_persons().await;
    let copied = lost.treasury.audit_lines().await.len();
    acts_after_the_copy(&lost).await;
    let chain = lost.treasury.store.read_blocking(|reading| reading.audit(1, 10_000)).unwrap();
    let mut rights = LaterRights::default();
    chain[copied..].iter().try_for_each(|line| rights.read(line)).unwrap();
    assert_eq!(rights.by_hand().count(), 0);

    let restored = with_persons().await;
    let (exchange, operator) = (&restored.treasury.exchange, restored.treasury.exchange.operator());
    assert!(operator.mark_restored(MORNING.parse().unwrap()).await.unwrap());
    let brought = operator.settle_restore(&[], rights.clone(), settling()).await.unwrap().unwrap();
    let expected = TakenAway { suspended: 1, signing: 1, accounts: 1, persons: 2, grants: 2, limits: 1 };
    assert_eq!(brought.taken_away, expected);
    let granted = async |role| restored.treasury.caller(role).await.identity().user.granted_accounts.len();
    assert_eq!((granted(Role::Viewer).await, granted(Role::Neighbour).await), (1, 0), "one of two, and none");
    let ministry = operator.accounts(restored.treasury.ministry).await.unwrap();
    let limits = ministry.iter().find(|account| account.iban == ministry_account()).unwrap().ledger.limits;
    assert_eq!(limits.per_day, Some(200_00), "the last word counts");
    let refused = restored.treasury.authorise(Role::Manager).await.unwrap_err();
    assert_eq!(refused.code, Code::OnlineUserSuspended);
    restored.treasury.caller(Role::Viewer).await;
    assert!(restored.treasury.caller(Role::Neighbour).await.identity().user.signature_required);
    let state = async |iban: &str| {
        let mut all = Vec::new();
        for client in operator.clients().await.unwrap() {
            all.extend(operator.accounts(client.id).await.unwrap());
        }
        all.into_iter().find(|account| account.iban == iban).unwrap().ledger.state
    };
    assert_eq!(state(&ministry_account()).await, AccountState::Open);
    assert_eq!(state(&municipality_account()).await, AccountState::Blocked);
    let persons = exchange.persons(&restored.anna).await.unwrap();
    assert!(persons[2].ended_at.is_some() && persons[3].ended_at.is_none(), "{persons:?}");
    // Of the new roles only those that the copy knows.
    assert_eq!(persons[3].record.roles, Roles::of(&[PersonRole::Approver]));
    restored.treasury.check_invariants().await;

    // Brought in once more after another restore of the same copy, nothing is left to take away.
    assert!(operator.mark_restored(MORNING.parse().unwrap()).await.unwrap());
    let again = operator.settle_restore(&[], rights, settling()).await.unwrap().unwrap();
    assert_eq!(again.taken_away, TakenAway::default());
    // What was taken away again can be read again.
    let chain = restored.treasury.store.read_blocking(|reading| reading.audit(1, 10_000)).unwrap();
    let mut later = LaterRights::default();
    chain.iter().try_for_each(|line| later.read(line)).unwrap();
    let third = with_persons().await;
    assert!(third.treasury.exchange.operator().mark_restored(MORNING.parse().unwrap()).await.unwrap());
    let third = third.treasury.exchange.operator().settle_restore(&[], later, settling()).await.unwrap().unwrap();
    assert_eq!(third.taken_away, expected);
}

/// A line about rights that this version cannot read is no reason to believe that nothing was taken away.
#[tokio::test]
async fn a_line_of_another_form_is_refused() {
    let lost = with_persons().await;
    acts_after_the_copy(&lost).await;
    let chain = lost.treasury.store.read_blocking(|reading| reading.audit(1, 10_000)).unwrap();
    let about_rights = [
        "online-user.suspended",
        "online-user.signature",
        "online-user.withdrawn",
        "account.state",
        "account.limits",
        "application.in-force",
    ];
    for action in about_rights {
        let mut line = chain.iter().rfind(|line| line.line.action == action).unwrap().clone();
        line.line.detail = format!("the {}", line.line.detail);
        assert_eq!(LaterRights::default().read(&line), Err(UnknownForm(line.sequence)), "{action}");
    }
}
