//! Enrolment by code, renewal, revocation lists: on the chosen store, and on two nodes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use exchange::{
    Alarm, CertificateChain, EnrolmentKind, Failure, Fingerprint, Issuing, NewEnrolmentCode, OnlineUserId,
    RevocationReason, Settings, Stranger,
};
use jiff::{SignedDuration, Timestamp};
use pki::{
    AuthorityKey, CertificateAuthority, CertificateInfo, Holder, KeyAlgorithm, KeyInFile, SigningFailed, Subject,
    Validity,
};
use rulebook::Code;

use super::support::*;

/// A treasury that issues certificates.
struct House {
    treasury: TestExchange,
    authority: Arc<CertificateAuthority>,
}

/// A key in a module that can be away.
struct KeyInModule {
    key: KeyInFile,
    is_away: Arc<AtomicBool>,
}

impl AuthorityKey for KeyInModule {
    fn algorithm(&self) -> KeyAlgorithm {
        self.key.algorithm()
    }

    fn public_key(&self) -> &[u8] {
        self.key.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        if self.is_away.load(Ordering::Relaxed) { Err(SigningFailed) } else { self.key.sign(message) }
    }
}

pub fn issuing() -> (Arc<CertificateAuthority>, Settings) {
    issuing_with(Box::new(KeyInFile::generate().unwrap()))
}

fn issuing_with(key: Box<dyn AuthorityKey>) -> (Arc<CertificateAuthority>, Settings) {
    let validity = Validity::of_days(MORNING.parse().unwrap(), 3650);
    let of_root = Box::new(KeyInFile::generate().unwrap());
    let root = CertificateAuthority::create_root(&Subject::new("Root"), validity, of_root).unwrap();
    let authority = Arc::new(root.create_issuing(&Subject::new("Issuing"), validity, key).unwrap());
    let issuing = Issuing {
        authority: Arc::clone(&authority),
        next: None,
        published_days: 90,
        certificate_days: 730,
        revocation_list_valid: Duration::from_secs(168 * 3600),
    };
    (authority, Settings { issuing: Some(issuing), ..Settings::default() })
}

impl House {
    async fn new() -> House {
        House::issuing(issuing()).await
    }

    async fn issuing((authority, settings): (Arc<CertificateAuthority>, Settings)) -> House {
        House { treasury: TestExchange::with(exchange::AcceptancePolicy::Partial, settings).await, authority }
    }

    async fn user(&self, role: Role) -> OnlineUserId {
        self.treasury.caller(role).await.identity().user.id
    }

    async fn code(&self, kind: EnrolmentKind) -> NewEnrolmentCode {
        let user = self.user(Role::Manager).await;
        self.treasury.exchange.operator().make_enrolment_code(user, kind).await.unwrap()
    }

    async fn enrol(&self, code: &str, request: &[u8]) -> Result<CertificateChain, Failure> {
        self.treasury.exchange.enrol(code, request, &stranger()).await
    }

    async fn list(&self) -> pki::RevocationListInfo {
        self.treasury.exchange.work_now().await.unwrap();
        let list = self.treasury.exchange.revocation_list().unwrap();
        self.authority.read_revocation_list(&list.der).unwrap()
    }
}

pub fn stranger() -> Stranger {
    Stranger { address: here(), request_id: "R".to_owned() }
}

pub fn request() -> Vec<u8> {
    let key = rcgen::KeyPair::generate().unwrap();
    rcgen::CertificateParams::default().serialize_request(&key).unwrap().der().to_vec()
}

fn info(chain: &CertificateChain) -> CertificateInfo {
    pki::describe(&pki::certificate_der(&chain.pem).unwrap()).unwrap()
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Failure>) -> Code {
    outcome.unwrap_err().code
}

#[tokio::test]
async fn a_code_and_a_request_make_a_certificate_that_identifies_the_online_user() {
    let house = House::new().await;
    let made = house.code(EnrolmentKind::Request).await;
    let code = made.code.to_string();
    let rules = house.treasury.exchange.enrolment_rules(&code, &stranger()).await.unwrap();
    assert_eq!((rules.code_tries_left, rules.code_valid_until), (Some(5), Some(made.valid_until)));
    let request = request();
    let chain = house.enrol(&code, &request).await.unwrap();
    let info = info(&chain);
    let user = house.user(Role::Manager).await;
    assert_eq!(info.holder, Some(Holder::OnlineUser(user.0)));
    assert_eq!(chain.pem.matches("BEGIN CERTIFICATE").count(), 2, "with the issuing authority's");
    let presented = exchange::Presented { fingerprint: Fingerprint(info.fingerprint), address: here() };
    let caller = house.treasury.exchange.authorise(&presented, "R").await.unwrap();
    assert_eq!(caller.identity().user.id, user);

    // The answer got lost: the same request with the same code gets the same certificate, on any node.
    assert_eq!(house.enrol(&code, &request).await.unwrap(), chain);
    let node = house.treasury.another_node();
    assert_eq!(node.exchange.enrol(&code.to_uppercase(), &request, &stranger()).await.unwrap(), chain);
    // Another request does not.
    assert_eq!(refused(house.enrol(&code, &self::request()).await), Code::PickUpCodeUsed);
    house.treasury.check_invariants().await;
}

#[tokio::test]
async fn of_two_requests_at_once_one_gets_the_certificate() {
    let house = House::new().await;
    let code = house.code(EnrolmentKind::Request).await.code.to_string();
    let (one, other, node) = (request(), request(), house.treasury.another_node());
    let stranger = stranger();
    let (first, second) = tokio::join!(house.enrol(&code, &one), node.exchange.enrol(&code, &other, &stranger));
    let codes = [&first, &second].map(|outcome| outcome.as_ref().err().map(|failure| failure.code));
    assert!(codes.contains(&None) && codes.contains(&Some(Code::PickUpCodeUsed)), "{codes:?}");
    let user = house.user(Role::Manager).await;
    let known = house.treasury.exchange.operator().certificates(user).await.unwrap();
    assert_eq!(known.len(), 2, "the first one of the world, and one more");
}

#[tokio::test]
async fn a_code_bears_five_wrong_tries_and_nobody_elses() {
    let house = House::new().await;
    let code = house.code(EnrolmentKind::Request).await.code;
    let guess = |number: usize| {
        let letter = ["a", "b", "c", "d", "e", "f"][number];
        format!("{}{}", code.selector(), letter.repeat(26))
    };
    // A code that does not exist costs nobody a try.
    let foreign = pki::EnrolmentSecret::generate().unwrap().to_string();
    assert_eq!(refused(house.enrol(&foreign, &request()).await), Code::PickUpCodeInvalid);
    for text in ["", "nonsense", &"a".repeat(1000)] {
        assert_eq!(refused(house.enrol(text, &request()).await), Code::PickUpCodeInvalid);
    }
    for number in 0..4 {
        assert_eq!(refused(house.enrol(&guess(number), &request()).await), Code::PickUpCodeInvalid);
    }
    let rules = house.treasury.exchange.enrolment_rules(&code.to_string(), &stranger()).await.unwrap();
    assert_eq!(rules.code_tries_left, Some(1));
    // At once, on two nodes: the last try is one.
    let node = house.treasury.another_node();
    let guesses = (guess(4), guess(5));
    let (request_one, request_other, stranger) = (request(), request(), stranger());
    let (one, other) =
        tokio::join!(house.enrol(&guesses.0, &request_one), node.exchange.enrol(&guesses.1, &request_other, &stranger));
    assert_eq!((refused(one), refused(other)), (Code::PickUpCodeInvalid, Code::PickUpCodeInvalid));
    assert_eq!(
        refused(house.enrol(&code.to_string(), &request()).await),
        Code::PickUpCodeInvalid,
        "even the right one"
    );
}

#[tokio::test]
async fn a_code_ends_after_72_hours_and_with_the_next_one() {
    let house = House::new().await;
    let (first, second) = (house.code(EnrolmentKind::Request).await, house.code(EnrolmentKind::Request).await);
    assert_eq!(refused(house.enrol(&first.code.to_string(), &request()).await), Code::PickUpCodeExpired);
    house.treasury.clock.advance(SignedDuration::from_hours(72));
    let rules = house.treasury.exchange.enrolment_rules(&second.code.to_string(), &stranger()).await;
    assert!(rules.is_ok(), "{rules:?}");
    house.treasury.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(refused(house.enrol(&second.code.to_string(), &request()).await), Code::PickUpCodeExpired);
}

/// Who lost a key, and asks for a certificate with the same one, would go on as before, and so would the finder.
#[tokio::test]
async fn a_key_that_somebody_else_may_have_is_never_certified_again() {
    let house = House::new().await;
    let key = rcgen::KeyPair::generate().unwrap();
    // Each request is signed anew, so it is another one for the same key.
    let with_key = || rcgen::CertificateParams::default().serialize_request(&key).unwrap().der().to_vec();
    let enrolled = async |request: &[u8]| {
        let code = house.code(EnrolmentKind::Request).await.code.to_string();
        (house.enrol(&code, request).await, code)
    };
    let revoke = async |chain: &CertificateChain, reason| {
        let fingerprint = Fingerprint(info(chain).fingerprint);
        assert!(house.treasury.exchange.operator().revoke_certificate_for(fingerprint, reason).await.unwrap());
    };
    let first = enrolled(&with_key()).await.0.unwrap();
    revoke(&first, RevocationReason::Superseded).await;
    let second = enrolled(&with_key()).await.0.unwrap();
    revoke(&second, RevocationReason::KeyCompromise).await;
    let (outcome, code) = enrolled(&with_key()).await;
    assert_eq!(refused(outcome), Code::KeyCompromised);
    // The code is as it was.
    let third = house.enrol(&code, &request()).await.unwrap();
    let presented = exchange::Presented { fingerprint: Fingerprint(info(&third).fingerprint), address: here() };
    let caller = house.treasury.exchange.authorise(&presented, "R").await.unwrap();
    house.treasury.revoke(Role::Manager).await;
    assert_eq!(refused(house.treasury.exchange.renew_certificate(&caller, &with_key()).await), Code::KeyCompromised);
    house.treasury.exchange.renew_certificate(&caller, &request()).await.unwrap();
    house.treasury.check_invariants().await;
}

/// A code that somebody else made at the same moment would stay open without anybody's knowledge.
#[tokio::test(flavor = "multi_thread")]
async fn of_codes_that_are_made_at_once_one_is_open() {
    const AT_ONCE: usize = 8;
    let house = House::new().await;
    for _ in 0..5 {
        let making: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                let operator = house.treasury.exchange.operator();
                tokio::spawn(async move { operator.make_enrolment_code(OnlineUserId(1), EnrolmentKind::Request).await })
            })
            .collect();
        let (mut codes, mut open) = (Vec::new(), 0);
        for made in making {
            codes.push(made.await.unwrap().unwrap().code.to_string());
        }
        for code in codes {
            open += usize::from(house.treasury.exchange.enrolment_rules(&code, &stranger()).await.is_ok());
        }
        assert_eq!(open, 1);
    }
}

#[tokio::test]
async fn a_bad_request_leaves_the_code_as_it_was() {
    let house = House::new().await;
    let code = house.code(EnrolmentKind::Request).await.code.to_string();
    for bad in [&b""[..], b"nonsense", b"0nonsense", &[0x30; 20_000]] {
        assert_eq!(refused(house.enrol(&code, bad).await), Code::CertificateRequestInvalid);
    }
    let p521 = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P521_SHA512).unwrap();
    let p521 = rcgen::CertificateParams::default().serialize_request(&p521).unwrap();
    let failure = house.enrol(&code, p521.der()).await.unwrap_err();
    assert!(failure.detail.contains("EC P-521"), "{failure}");
    house.enrol(&code, &request()).await.unwrap();
}

#[tokio::test]
async fn a_key_store_is_picked_up_once_and_opens_with_the_code() {
    let house = House::new().await;
    for kind in [EnrolmentKind::KeyStore, EnrolmentKind::KeyStoreTripleDes] {
        let code = house.code(kind).await.code;
        let text = code.to_string();
        assert_eq!(refused(house.enrol(&text, &request()).await), Code::PickUpCodeOfOtherKind);
        let file = house.treasury.exchange.pick_up_key_store(&text, &stranger()).await;
        if kind == EnrolmentKind::KeyStoreTripleDes {
            assert_eq!(refused(file), Code::TooManyCertificates, "the first of the world and the other key store");
            continue;
        }
        let file = file.unwrap();
        let policy = p12_keystore::Pkcs12ImportPolicy::Strict;
        let opened = p12_keystore::KeyStore::from_pkcs12(&file, code.password(), policy).unwrap();
        let (_, chain) = opened.private_key_chain().unwrap();
        let fingerprint = Fingerprint(pki::fingerprint(chain.certs()[0].as_der()));
        let presented = exchange::Presented { fingerprint, address: here() };
        house.treasury.exchange.authorise(&presented, "R").await.unwrap();
        let again = house.treasury.exchange.pick_up_key_store(&text, &stranger()).await;
        assert_eq!(refused(again), Code::PickUpCodeUsed);
    }
    let code = house.code(EnrolmentKind::Request).await.code.to_string();
    let wrong_way = house.treasury.exchange.pick_up_key_store(&code, &stranger()).await;
    assert_eq!(refused(wrong_way), Code::PickUpCodeOfOtherKind);
}

#[tokio::test]
async fn a_certificate_is_renewed_with_the_one_in_use_and_two_overlap() {
    let house = House::new().await;
    let caller = house.treasury.caller(Role::Manager).await;
    let request = request();
    let next = house.treasury.exchange.renew_certificate(&caller, &request).await.unwrap();
    assert_eq!(house.treasury.exchange.renew_certificate(&caller, &request).await.unwrap(), next, "asked for again");
    let third = house.treasury.exchange.renew_certificate(&caller, &self::request()).await;
    assert_eq!(refused(third), Code::TooManyCertificates);

    // Never beyond the registration, whose last day ends in Riga.
    let until = caller.identity().user.registration_valid_until;
    assert!(exchange::local_time(next.not_after).date() <= until);
    // Once the older one is revoked, it renews nothing more, and the next one does.
    let older = caller.identity().certificate.fingerprint;
    let operator = house.treasury.exchange.operator();
    assert!(operator.revoke_certificate_for(older, RevocationReason::Superseded).await.unwrap());
    let refused_now = house.treasury.exchange.renew_certificate(&caller, &self::request()).await;
    assert_eq!(refused(refused_now), Code::CertificateRevoked);
    let presented = exchange::Presented { fingerprint: Fingerprint(info(&next).fingerprint), address: here() };
    let caller = house.treasury.exchange.authorise(&presented, "R").await.unwrap();
    let after = house.treasury.exchange.renew_certificate(&caller, &self::request()).await.unwrap();
    assert_ne!(info(&after).serial, info(&next).serial);
    // A request whose certificate is revoked is no way to get another one for the same key.
    assert!(operator.revoke_certificate(Fingerprint(info(&after).fingerprint)).await.unwrap());
    house.treasury.check_invariants().await;
}

#[tokio::test]
async fn no_certificate_outlives_the_registration() {
    let house = House::new().await;
    let caller = house.treasury.caller(Role::Manager).await;
    let until = caller.identity().user.registration_valid_until;
    let days = (until - TODAY).get_days() - 10;
    house.treasury.clock.advance(SignedDuration::from_hours(24 * i64::from(days.max(0))));
    // The certificates of the test's world may have ended by then: enrolment needs none.
    let code = house.code_for(caller.identity().user.id).await;
    let chain = house.enrol(&code, &request()).await.unwrap();
    let end = exchange::local_time(chain.not_after);
    assert_eq!((end.date(), end.time()), (until, jiff::civil::time(23, 59, 59, 0)));
}

impl House {
    async fn code_for(&self, user: OnlineUserId) -> String {
        let made = self.treasury.exchange.operator().make_enrolment_code(user, EnrolmentKind::Request).await;
        made.unwrap().code.to_string()
    }
}

#[tokio::test]
async fn the_revocation_list_follows_revocations_and_time() {
    let house = House::new().await;
    let empty = house.list().await;
    assert!(empty.serials.is_empty());
    assert_eq!(house.list().await, empty, "nothing is new");

    let code = house.code(EnrolmentKind::Request).await.code.to_string();
    let issued = info(&house.enrol(&code, &request()).await.unwrap());
    let operator = house.treasury.exchange.operator();
    let fingerprint = Fingerprint(issued.fingerprint);
    assert!(operator.revoke_certificate_for(fingerprint, RevocationReason::KeyCompromise).await.unwrap());
    assert!(!operator.revoke_certificate_for(fingerprint, RevocationReason::Superseded).await.unwrap());
    let list = house.list().await;
    assert_eq!(list.serials, [issued.serial]);
    assert!(list.number > empty.number, "{} after {}", list.number, empty.number);

    // In time, when nothing changes.
    house.treasury.clock.advance(SignedDuration::from_hours(23));
    assert_eq!(house.list().await, list);
    house.treasury.clock.advance(SignedDuration::from_hours(2));
    let later = house.list().await;
    assert!(later.number > list.number && later.this_update > list.this_update && later.serials == list.serials);
    // Of two nodes at once each publishes the same, and numbers only grow.
    house.treasury.clock.advance(SignedDuration::from_hours(25));
    let node = house.treasury.another_node();
    let (one, other) = tokio::join!(house.treasury.exchange.work_now(), node.exchange.work_now());
    one.and(other).unwrap();
    node.exchange.work_now().await.unwrap();
    let (one, other) = (house.list().await, node.exchange.revocation_list().unwrap());
    assert_eq!(house.authority.read_revocation_list(&other.der).unwrap(), one);
    assert!(one.number > later.number);
    // A certificate that has ended leaves the list.
    house.treasury.clock.advance(SignedDuration::from_hours(24 * 800));
    assert!(house.list().await.serials.is_empty());
}

/// Damage, or an authority of long ago: one row must not keep all the others out of the list.
#[tokio::test]
async fn a_serial_number_that_is_none_keeps_no_other_certificate_out_of_the_list() {
    let house = House::new().await;
    let code = house.code(EnrolmentKind::Request).await.code.to_string();
    let issued = info(&house.enrol(&code, &request()).await.unwrap());
    let user = house.user(Role::Manager).await;
    let wrong = Fingerprint([0x77; 32]);
    let row = store::Certificate {
        fingerprint: wrong,
        user,
        serial: "Nr. 12".to_owned(),
        not_before: MORNING.parse().unwrap(),
        not_after: "2027-01-01T00:00:00Z".parse().unwrap(),
        revoked_at: None,
    };
    let insert = move |writing: &mut dyn store::Writing| Ok::<_, Failure>(writing.insert_certificate(&row)?);
    house.treasury.store.write(insert).await.unwrap();
    let health = house.treasury.exchange.health();
    let operator = house.treasury.exchange.operator();
    assert!(operator.revoke_certificate(wrong).await.unwrap());
    assert!(operator.revoke_certificate(Fingerprint(issued.fingerprint)).await.unwrap());
    assert_eq!(house.list().await.serials, std::slice::from_ref(&issued.serial));
    assert!(health.stands(Alarm::RevocationUnlisted), "{:?}", health.conditions());
    let presented = exchange::Presented { fingerprint: wrong, address: here() };
    assert_eq!(refused(house.treasury.exchange.authorise(&presented, "R").await), Code::CertificateRevoked);
    // When it has ended there is nothing to list.
    house.treasury.clock.advance(SignedDuration::from_hours(24 * 60));
    assert_eq!(house.list().await.serials, [issued.serial]);
    assert!(!health.stands(Alarm::RevocationUnlisted));
}

/// A node whose key is away says so while the list still holds, and gives out what there is, also after a restart.
#[tokio::test]
async fn a_list_that_nobody_renews_raises_an_alarm_long_before_it_ends() {
    let is_away = Arc::new(AtomicBool::new(false));
    let key = KeyInModule { key: KeyInFile::generate().unwrap(), is_away: Arc::clone(&is_away) };
    let mut house = House::issuing(issuing_with(Box::new(key))).await;
    let list = house.list().await;
    let left = |house: &House| {
        let text = house.treasury.exchange.metrics();
        let line = text.lines().find_map(|line| line.strip_prefix("tdam_time_left_seconds{of=\"revocation_list\"} "));
        line.unwrap().parse::<f64>().unwrap() / 3600.0
    };
    assert_eq!(left(&house), 168.0);
    is_away.store(true, Ordering::Relaxed);
    let late = |house: &House| house.treasury.exchange.health().stands(Alarm::RevocationListLate);
    for (hours, is_late) in [(83, false), (1, true), (83, true), (2, true)] {
        house.treasury.clock.advance(SignedDuration::from_hours(hours));
        house.treasury.exchange.work_now().await.unwrap_err();
        assert_eq!(late(&house), is_late, "{:?}", house.treasury.exchange.health().conditions());
    }
    assert_eq!(left(&house), -1.0);
    house.treasury = house.treasury.restart();
    house.treasury.exchange.work_now().await.unwrap_err();
    let known = house.treasury.exchange.revocation_list().unwrap();
    assert_eq!(house.authority.read_revocation_list(&known.der).unwrap(), list);
    is_away.store(false, Ordering::Relaxed);
    assert!(house.list().await.number > list.number);
    assert!(!late(&house));
    assert_eq!(left(&house), 168.0);
}

/// A list of a store that was restored is newer than those that were published before.
#[tokio::test]
async fn numbers_of_lists_come_from_the_time() {
    let house = House::new().await;
    let morning: Timestamp = MORNING.parse().unwrap();
    assert!(house.list().await.number >= u64::try_from(morning.as_second()).unwrap());
}

#[tokio::test]
async fn a_node_without_authority_issues_nothing() {
    let treasury = TestExchange::new().await;
    let caller = treasury.caller(Role::Manager).await;
    let user = caller.identity().user.id;
    let code = treasury.exchange.operator().make_enrolment_code(user, EnrolmentKind::Request).await.unwrap();
    let enrolled = treasury.exchange.enrol(&code.code.to_string(), &request(), &stranger()).await;
    assert_eq!(refused(enrolled), Code::CertificatesNotIssued);
    let renewed = treasury.exchange.renew_certificate(&caller, &request()).await;
    assert_eq!(refused(renewed), Code::CertificatesNotIssued);
    treasury.exchange.work_now().await.unwrap();
    assert!(treasury.exchange.revocation_list().is_none());
    let nobody = treasury.exchange.operator().make_enrolment_code(OnlineUserId(999), EnrolmentKind::Request).await;
    assert_eq!(refused(nobody), Code::NotFound);
}

/// A revocation wakes each node that makes lists: nothing here comes by the clock, whose ticks are an hour apart.
#[tokio::test]
async fn a_list_names_what_is_revoked_at_once_be_it_a_persons_or_an_online_users() {
    let (authority, settings) = issuing();
    let hour = Duration::from_secs(3600);
    let settings = Settings { tick: hour, tick_with_news: hour, ..settings };
    let house = House::issuing((authority, settings)).await;
    let exchange = house.treasury.exchange.clone();
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let mut published = exchange.revocation_lists();
    let working = tokio::spawn({
        let (exchange, stopping) = (exchange.clone(), stopping.clone());
        async move { tokio::join!(exchange.work(stopping.clone()), exchange.watch_rights(stopping)) }
    });
    // Another process revokes, so only the store can tell this one.
    let other = house.treasury.another_node();
    let (operator, person) = (other.exchange.operator(), Fingerprint([0x51; 32]));
    let record = onboarding::PersonRecord {
        client: None,
        name: "Anna Ozola".to_owned(),
        email: "anna@kase.example.lv".to_owned(),
        roles: onboarding::Roles::of(&[onboarding::Role::Clerk]),
        valid_from: TODAY,
        valid_until: TODAY.saturating_add(jiff::Span::new().years(1)),
    };
    let id = operator.insert_first_operator(record).await.unwrap();
    let (not_before, not_after) = (MORNING.parse().unwrap(), "2027-06-01T00:00:00Z".parse().unwrap());
    let (serial, authority) = ("51aa".to_owned(), Some(house.authority.key_identifier().to_vec()));
    let revoked_at = None;
    let row = store::PersonCertificate {
        fingerprint: person,
        person: id,
        serial,
        not_before,
        not_after,
        revoked_at,
        authority,
    };
    operator.insert_person_certificate(row).await.unwrap();
    let code = house.code(EnrolmentKind::Request).await.code.to_string();
    let user = info(&house.enrol(&code, &request()).await.unwrap());

    let names = |lists: &[Arc<store::RevocationList>], serial: &str| {
        let read = |list: &Arc<store::RevocationList>| house.authority.read_revocation_list(&list.der).unwrap();
        lists.iter().any(|list| read(list).serials.iter().any(|listed| listed == serial))
    };
    assert!(operator.revoke_person_certificate(person).await.unwrap());
    // The watchdog ends a test that hangs; it measures nothing.
    let watchdog = Duration::from_secs(300);
    tokio::time::timeout(watchdog, published.wait_for(|lists| names(lists, "51aa"))).await.unwrap().unwrap();
    assert!(operator.revoke_certificate(Fingerprint(user.fingerprint)).await.unwrap());
    tokio::time::timeout(watchdog, published.wait_for(|lists| names(lists, &user.serial))).await.unwrap().unwrap();
    stop.send(true).unwrap();
    working.await.unwrap();
}

/// What is signed from the first request on has a list to be verified with.
#[tokio::test]
async fn a_node_has_a_list_before_it_serves_and_goes_on_with_the_last_one_while_the_key_is_away() {
    let is_away = Arc::new(AtomicBool::new(true));
    let key = KeyInModule { key: KeyInFile::generate().unwrap(), is_away: Arc::clone(&is_away) };
    let mut house = House::issuing(issuing_with(Box::new(key))).await;
    assert_eq!(refused(house.treasury.exchange.prepare_revocation_list().await), Code::InternalError);
    is_away.store(false, Ordering::Relaxed);
    house.treasury.exchange.prepare_revocation_list().await.unwrap();
    let first = house.treasury.exchange.revocation_list().unwrap();
    is_away.store(true, Ordering::Relaxed);
    house.treasury.clock.advance(SignedDuration::from_hours(100));
    house.treasury = house.treasury.restart();
    house.treasury.exchange.prepare_revocation_list().await.unwrap();
    assert_eq!(house.treasury.exchange.revocation_list().unwrap(), first);
}
