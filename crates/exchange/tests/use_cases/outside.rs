//! Certificates of other houses' authorities: two operators let one in by its fingerprint, and only a list of its authority keeps it open.

use exchange::{Alarm, Failure, Fingerprint, OutsideAuthority, OutsideListFault, Presented, Settings};
use jiff::{SignedDuration, Timestamp};
use onboarding::{ApplicationId, Content, Enrolment, NewCertificate};
use pki::{CertificateAuthority, Issued, Reason, Revoked, Subject, Validity};
use rulebook::Code;

use super::applications::Office;
use super::certificates::request;
use super::support::*;

const LIST_HOURS: i64 = 24;

struct Outside {
    office: Office,
    authority: CertificateAuthority,
    certificate: Issued,
}

fn new_authority(name: &str) -> CertificateAuthority {
    let validity = Validity::of_days(MORNING.parse().unwrap(), 3650);
    CertificateAuthority::create(&Subject::new(name), validity).unwrap()
}

fn configured(authority: &CertificateAuthority) -> OutsideAuthority {
    OutsideAuthority {
        name: "qca".to_owned(),
        certificate: authority.certificate_der().to_vec(),
        above: Vec::new(),
        key_identifier: authority.key_identifier().to_vec(),
    }
}

fn certificate(authority: &CertificateAuthority) -> Issued {
    let validity = Validity::of_days(MORNING.parse().unwrap(), 365);
    authority.issue_client(&Subject::new("Grāmatvedība"), validity).unwrap()
}

impl Outside {
    async fn new() -> Outside {
        let authority = new_authority("Qualified authority");
        let settings = Settings { outside_authorities: vec![configured(&authority)], ..Settings::default() };
        let treasury = TestExchange::with(exchange::AcceptancePolicy::Partial, settings).await;
        let certificate = certificate(&authority);
        Outside { office: Office::at(treasury).await, authority, certificate }
    }

    fn treasury(&self) -> &TestExchange {
        &self.office.treasury
    }

    fn now(&self) -> Timestamp {
        use exchange::Clock as _;
        self.treasury().clock.now()
    }

    /// A list of an authority from a moment on.
    fn list(&self, of: &CertificateAuthority, from: Timestamp, revoked: &[&Issued]) -> Vec<u8> {
        let revoked = revoked.iter().map(|one| {
            let serial = one.info.serial.clone();
            Revoked { serial, at: from, reason: Reason::KeyCompromise }
        });
        let until = from + SignedDuration::from_hours(LIST_HOURS);
        of.revocation_list(1, from, until, &revoked.collect::<Vec<_>>()).unwrap()
    }

    async fn bring(&self, list: Vec<u8>) -> Result<bool, OutsideListFault> {
        let key = self.authority.key_identifier();
        self.treasury().exchange.take_up_outside_list(key, list).await.unwrap()
    }

    /// An application in force for this certificate.
    async fn approved(&self, certificate: &Issued) -> ApplicationId {
        let user = self.treasury().caller(Role::Manager).await.identity().user.id;
        let enrolment = Enrolment::Outside(certificate.info.fingerprint);
        self.office.done(Content::NewCertificate(NewCertificate { user, enrolment })).await.unwrap()
    }

    async fn hand_in(&self, id: ApplicationId, certificate: &Issued) -> Result<(), Failure> {
        let pem = certificate.certificate_pem.as_bytes();
        self.treasury().exchange.certify_by_application(&self.office.janis, id, pem).await.map(drop)
    }

    async fn call(&self, certificate: &Issued) -> Result<(), Code> {
        let presented = Presented { fingerprint: Fingerprint(certificate.info.fingerprint), address: here() };
        self.treasury().exchange.authorise(&presented, "R").await.map(drop).map_err(|failure| failure.code)
    }
}

fn refused(outcome: Result<(), Failure>) -> (Code, String) {
    let failure = outcome.unwrap_err();
    (failure.code, failure.detail.clone())
}

#[tokio::test]
async fn two_operators_let_it_in_and_a_list_in_force_keeps_it_open() {
    let outside = Outside::new().await;
    let exchange = &outside.treasury().exchange;
    let id = outside.approved(&outside.certificate).await;
    assert_eq!(outside.call(&outside.certificate).await, Err(Code::UnknownCertificate));
    let (code, why) = refused(outside.hand_in(id, &outside.certificate).await);
    assert!(code == Code::OutsideCertificateRefused && why.contains("no revocation list"), "{why}");
    exchange.work_now().await.unwrap();
    assert!(exchange.health().stands(Alarm::OutsideListLate), "there is none");

    let list = outside.list(&outside.authority, outside.now(), &[]);
    assert_eq!(outside.bring(list.clone()).await, Ok(true));
    assert_eq!(outside.bring(list).await, Ok(false), "it is the one that is known");
    exchange.work_now().await.unwrap();
    assert!(!exchange.health().stands(Alarm::OutsideListLate));
    let entered =
        exchange.certify_by_application(&outside.office.anna, id, outside.certificate.certificate_pem.as_bytes());
    assert_eq!(entered.await.unwrap_err().code, Code::FourEyes, "who entered it hands in nothing");
    outside.hand_in(id, &outside.certificate).await.unwrap();
    assert_eq!(outside.call(&outside.certificate).await, Ok(()));
    let (code, _) = refused(outside.hand_in(id, &outside.certificate).await);
    assert!(matches!(code, Code::OutsideCertificateRefused | Code::TooManyCertificates), "once is enough: {code:?}");

    // An alarm before the end of the list; at the end nothing is open, on no node.
    let hours = |hours| outside.treasury().clock.advance(SignedDuration::from_hours(hours));
    hours(15);
    exchange.work_now().await.unwrap();
    assert!(!exchange.health().stands(Alarm::OutsideListLate));
    hours(2);
    exchange.work_now().await.unwrap();
    assert!(exchange.health().stands(Alarm::OutsideListLate));
    assert!(exchange.metrics().contains("tdam_time_left_seconds{of=\"outside_revocation_list\"}"));
    assert_eq!(outside.call(&outside.certificate).await, Ok(()));
    hours(8);
    assert_eq!(outside.call(&outside.certificate).await, Err(Code::OutsideListMissing));
    let renewed = outside.list(&outside.authority, outside.now(), &[]);
    assert_eq!(outside.bring(renewed).await, Ok(true));
    assert_eq!(outside.call(&outside.certificate).await, Ok(()));
    // A node that has just started knows the list from the store, and nothing before it has looked.
    let older = outside.treasury().another_node();
    let presented = Presented { fingerprint: Fingerprint(outside.certificate.info.fingerprint), address: here() };
    assert_eq!(older.exchange.authorise(&presented, "R").await.unwrap_err().code, Code::OutsideListMissing);
    older.exchange.follow_outside_lists().await.unwrap();
    older.exchange.authorise(&presented, "R").await.unwrap();

    // The list names it: it is revoked, on every node, whatever later lists say.
    hours(1);
    let naming = outside.list(&outside.authority, outside.now(), &[&outside.certificate]);
    assert_eq!(outside.bring(naming).await, Ok(true));
    assert_eq!(outside.call(&outside.certificate).await, Err(Code::CertificateRevoked));
    let mut nodes = vec![outside.treasury().another_node()];
    // With SQLite one process serves, and none waits for another.
    nodes.extend(is_on_postgresql().then_some(older));
    for node in nodes {
        assert_eq!(node.exchange.authorise(&presented, "R").await.unwrap_err().code, Code::CertificateRevoked);
    }
    hours(1);
    assert_eq!(outside.bring(outside.list(&outside.authority, outside.now(), &[])).await, Ok(true));
    assert_eq!(outside.call(&outside.certificate).await, Err(Code::CertificateRevoked));
    outside.treasury().check_invariants().await;
}

#[tokio::test]
async fn lists_that_do_not_count_change_nothing() {
    let outside = Outside::new().await;
    let (now, hour) = (outside.now(), SignedDuration::from_hours(1));
    let namesake = new_authority("Qualified authority");
    let wrong = |list| matches!(list, Err(OutsideListFault::List(_)));
    assert!(wrong(outside.bring(outside.list(&namesake, now, &[])).await), "of an authority of the same name");
    let list = outside.list(&outside.authority, now, &[]);
    assert!(wrong(outside.bring(list[..list.len() - 1].to_vec()).await), "cut off");
    assert!(wrong(outside.bring(Vec::new()).await));
    let mut changed = list.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(wrong(outside.bring(changed).await), "another signature");
    let early = outside.bring(outside.list(&outside.authority, now + hour, &[])).await;
    assert!(matches!(early, Err(OutsideListFault::Early(_))), "{early:?}");
    let over = outside.bring(outside.list(&outside.authority, now - hour * 25, &[])).await;
    assert!(matches!(over, Err(OutsideListFault::Over(_))), "{over:?}");
    assert_eq!(outside.bring(list).await, Ok(true));
    let older = outside.bring(outside.list(&outside.authority, now - hour, &[])).await;
    assert!(matches!(older, Err(OutsideListFault::Older(_))), "{older:?}");
    let unknown =
        outside.treasury().exchange.take_up_outside_list(namesake.key_identifier(), Vec::new()).await.unwrap();
    assert_eq!(unknown, Err(OutsideListFault::Authority));
}

#[tokio::test]
async fn only_the_approved_certificate_of_a_configured_authority_comes_in() {
    let outside = Outside::new().await;
    outside.bring(outside.list(&outside.authority, outside.now(), &[])).await.unwrap();
    let hand_in = async |approved: &Issued, handed_in: &Issued| {
        let id = outside.approved(approved).await;
        refused(outside.hand_in(id, handed_in).await)
    };
    let other = certificate(&outside.authority);
    let (code, why) = hand_in(&outside.certificate, &other).await;
    assert!(code == Code::OutsideCertificateRefused && why.contains("about another one"), "{why}");
    let of_namesake = certificate(&new_authority("Qualified authority"));
    let (code, why) = hand_in(&of_namesake, &of_namesake).await;
    assert!(code == Code::OutsideCertificateRefused && why.contains("no authority that is configured"), "{why}");
    let of_server = outside.authority.issue_server(&["localhost"], Validity::of_days(outside.now(), 7)).unwrap();
    let (_, why) = hand_in(&of_server, &of_server).await;
    assert!(why.contains("clientAuth"), "{why}");
    // A request is no certificate; and there is no code for one.
    let id = outside.approved(&other).await;
    let exchange = &outside.treasury().exchange;
    let with_request = exchange.certify_by_application(&outside.office.janis, id, &request()).await;
    assert_eq!(with_request.unwrap_err().code, Code::OutsideCertificateRefused);
    assert!(exchange.make_code_of_application(&outside.office.janis, id, None).await.is_err());
    // Listed before it comes in.
    outside.treasury().clock.advance(SignedDuration::from_hours(1));
    outside.bring(outside.list(&outside.authority, outside.now(), &[&other])).await.unwrap();
    let (_, why) = refused(outside.hand_in(id, &other).await);
    assert!(why.contains("names it"), "{why}");
    for certificate in [&outside.certificate, &other, &of_namesake, &of_server] {
        assert_eq!(outside.call(certificate).await, Err(Code::UnknownCertificate));
    }
}
