//! The way back of operators who cannot decide any more, by a clock that moves: on SQLite, since in production a node doubts a clock
//! that is not its database's. In a sandbox on the chosen store.

use exchange::{AcceptancePolicy, CertificateChain, Failure, Fingerprint, Presented};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use onboarding::{Content, PersonChange, PersonId, Role as PersonRole, State};
use rulebook::Code;

use super::applications::{Office, certificate, code, person, presented};
use super::certificates::{issuing, request};
use super::support::*;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// An exchange that is no sandbox. The certificates of its two operators end on 1 June 2027, at midnight in UTC.
async fn office() -> Office {
    let clock = SetClock::showing(MORNING.parse().unwrap());
    Office::at(TestExchange::in_production_with(Place::folder(), clock, issuing().1).await).await
}

/// The clock shows this moment, and nobody doubts it.
async fn go_to(office: &Office, moment: &str) {
    let moment: Timestamp = moment.parse().unwrap();
    office.treasury.clock.advance(moment.duration_since(exchange::Clock::now(&*office.treasury.clock)));
    office.treasury.exchange.operator().confirm_clock(exchange::local_time(moment).date()).await.unwrap();
}

type Given = Result<Vec<(PersonId, CertificateChain)>, Failure>;

async fn recover(office: &Office, requests: &[(PersonId, Vec<u8>)]) -> Given {
    office.treasury.exchange.operator().acting_as("uid 0 on kase").recover_operators(requests.to_vec()).await
}

fn fingerprint(chain: &CertificateChain) -> Fingerprint {
    Fingerprint(pki::fingerprint(&pki::certificate_der(&chain.pem).unwrap()))
}

#[tokio::test]
async fn two_operators_come_back_a_day_after_nobody_could_decide() {
    let office = office().await;
    let (exchange, anna, janis) = (&office.treasury.exchange, office.anna.person().id, office.janis.person().id);
    let both = [(anna, request()), (janis, request())];
    assert_eq!(code(recover(&office, &both).await), Code::OperatorsCanDecide, "they can decide");
    go_to(&office, "2027-06-01T12:00:00Z").await;
    let content = Content::Person(PersonChange { person: Some(janis), of: None, record: None });
    assert_eq!(code(office.submitted(content).await), Code::CertificateExpired, "nobody comes back by himself");
    assert_eq!(code(recover(&office, &both).await), Code::OperatorsCanDecide, "they could this night");
    go_to(&office, "2027-06-02T01:00:00Z").await;

    // One alone, one twice, two with one key, a stranger, a request without proof.
    let same_key = request();
    for (wrong, refused) in [
        (vec![both[0].clone()], Code::RequestParameterInvalid),
        (vec![both[0].clone(), (anna, request())], Code::RequestParameterInvalid),
        (vec![(anna, same_key.clone()), (janis, same_key)], Code::RequestParameterInvalid),
        (vec![both[0].clone(), (PersonId(99), request())], Code::NotFound),
        (vec![both[0].clone(), (janis, b"no request".to_vec())], Code::CertificateRequestInvalid),
    ] {
        assert_eq!(code(recover(&office, &wrong).await), refused);
    }
    let given = recover(&office, &both).await.unwrap();
    let again = recover(&office, &both).await.unwrap();
    assert_eq!(given, again, "an answer that was lost comes again");
    assert_eq!(code(recover(&office, &[(anna, request()), (janis, request())]).await), Code::OperatorsCanDecide);

    // They hold for thirty days, and say who acted.
    assert!(
        given.iter().all(|(_, chain)| exchange::local_time(chain.not_after).date() == date(2027, 7, 2)),
        "{given:?}"
    );
    let lines = office.treasury.audit_lines().await;
    let lines: Vec<_> = lines.iter().filter(|line| line.action == "person.recovered").collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.actor == "operator uid 0 on kase"), "{lines:?}");
    assert!(lines[0].detail.starts_with(&format!("person {anna} certificate {} until", fingerprint(&given[0].1))));

    // And they decide again.
    let staff = async |chain: &CertificateChain| {
        let presented = Presented { fingerprint: fingerprint(chain), address: here() };
        exchange.authorise_person(&presented, "office").await.unwrap()
    };
    let (anna, janis) = (staff(&given[0].1).await, staff(&given[1].1).await);
    let office = Office { treasury: office.treasury, anna, janis };
    let record = onboarding::PersonRecord { valid_from: date(2027, 6, 2), ..person("Maija", &[PersonRole::Clerk]) };
    let id = office.done(Content::Person(PersonChange { person: None, of: None, record: Some(record) })).await.unwrap();
    assert_eq!(office.state(id).await, State::InForce);
    office.treasury.check_invariants().await;

    // When these have ended too, the keys of then do not come back: one of them may have been stolen since.
    go_to(&office, "2027-07-04T12:00:00Z").await;
    assert_eq!(code(recover(&office, &both).await), Code::KeyCompromised);
    let one_known = [(both[0].0, request()), both[1].clone()];
    assert_eq!(code(recover(&office, &one_known).await), Code::KeyCompromised);
    assert_eq!(recover(&office, &[(both[0].0, request()), (both[1].0, request())]).await.unwrap().len(), 2);
}

/// Who revokes the operators' certificates does not take their place at once, and the clock does not help.
#[tokio::test]
async fn neither_a_revocation_nor_a_clock_in_doubt_opens_the_way() {
    let office = office().await;
    let (exchange, operator) = (&office.treasury.exchange, office.treasury.exchange.operator());
    let both = [(office.anna.person().id, request()), (office.janis.person().id, request())];
    exchange.look_at_the_clock().await.unwrap();
    for byte in [0x51, 0x52] {
        assert!(operator.revoke_person_certificate(presented(byte).fingerprint).await.unwrap());
    }
    assert_eq!(code(recover(&office, &both).await), Code::OperatorsCanDecide);
    office.treasury.clock.jump(DAY * 3);
    exchange.look_at_the_clock().await.unwrap();
    assert_eq!(code(recover(&office, &both).await), Code::ClockInDoubt);
    office.treasury.clock.jump(DAY * -3);
    office.treasury.clock.advance(DAY * 2);
    operator.confirm_clock(date(2026, 11, 25)).await.unwrap();
    assert_eq!(
        recover(&office, &both).await.unwrap().len(),
        2,
        "revoked ones come back too, when everybody had a day to notice"
    );
}

/// A revocation counts from when the audit chain learned of it: neither a clock that is set back for it nor a list with an earlier date
/// opens the way sooner.
#[tokio::test]
async fn a_revocation_that_is_dated_back_opens_nothing() {
    let office = office().await;
    let operator = office.treasury.exchange.operator();
    let both = [(office.anna.person().id, request()), (office.janis.person().id, request())];
    office.treasury.clock.jump(DAY * -2);
    for byte in [0x51, 0x52] {
        assert!(operator.revoke_person_certificate(presented(byte).fingerprint).await.unwrap());
    }
    office.treasury.clock.jump(DAY * 2);
    assert_eq!(code(recover(&office, &both).await), Code::OperatorsCanDecide);
}

/// Registrations that are over begin again for as long; who was ended, or decides nothing, does not come back.
#[tokio::test]
async fn who_was_ended_stays_ended_and_who_cannot_decide_is_not_enough() {
    let office = office().await;
    let (exchange, operator) = (&office.treasury.exchange, office.treasury.exchange.operator());
    let mut ids = Vec::new();
    for (byte, name, roles) in [(0x61, "Maija", PersonRole::Auditor), (0x62, "Zane", PersonRole::Clerk)] {
        let record = Some(person(name, &[roles]));
        office.done(Content::Person(PersonChange { person: None, of: None, record })).await.unwrap();
        let id = exchange.persons(&office.anna).await.unwrap().pop().unwrap().id;
        operator.insert_person_certificate(certificate(id, byte)).await.unwrap();
        ids.push(id);
    }
    let [maija, zane] = ids[..] else { panic!("two") };
    office.done(Content::Person(PersonChange { person: Some(zane), of: None, record: None })).await.unwrap();
    let anna = office.anna.person().id;
    // The registrations end on 31 December 2028.
    go_to(&office, "2029-03-01T08:00:00Z").await;
    let with = async |other| recover(&office, &[(anna, request()), (other, request())]).await;
    assert_eq!(code(with(zane).await), Code::PersonNotRegistered);
    assert_eq!(code(with(maija).await), Code::OperatorsTooFew);
    let given = with(office.janis.person().id).await.unwrap();
    for (_, chain) in &given {
        let presented = Presented { fingerprint: fingerprint(chain), address: here() };
        let staff = exchange.authorise_person(&presented, "office").await.unwrap();
        assert_eq!(staff.person().record.valid_until, date(2029, 3, 31));
    }
    office.treasury.check_invariants().await;
}

#[tokio::test]
async fn in_a_sandbox_one_comes_back_at_once() {
    let office = Office::at(TestExchange::with(AcceptancePolicy::Partial, issuing().1).await).await;
    let anna = [(office.anna.person().id, request())];
    assert_eq!(code(recover(&office, &anna).await), Code::OperatorsCanDecide);
    office.treasury.clock.advance(DAY * 365);
    assert_eq!(recover(&office, &anna).await.unwrap().len(), 1);
}
