//! Four years of four online users, day by day: every notice comes once, everything ends on its day, and those who renew in
//! time never lose a request. Both clocks move; of the two nodes one is away for years and catches up, and for a while both are.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use exchange::{AcceptancePolicy, Caller, Failure, Fingerprint, NewCertificate, OnlineUserId, Presented, Settings};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use onboarding::{Content, Ending, Renewal};
use rulebook::Code;
use tokio::sync::RwLock;

use super::applications::Office;
use super::certificates::{issuing, request};
use super::notices::{PostOffice, Received, go_to, notices, set_contact, user};
use super::support::*;

const FIRST_DAY: Date = date(2026, 11, 23);
const LAST_DAY: Date = date(2030, 11, 23);
/// One node is away on these days, …
const AWAY: (Date, Date) = (date(2027, 3, 1), date(2029, 3, 1));
/// … and on these both are, in which the careless user's letter of 60 days falls due.
const BOTH_AWAY: (Date, Date) = (date(2028, 10, 28), date(2028, 11, 8));

/// Requests that each renewal happens under, before and after it.
const REQUESTS: u64 = 20;

/// An online user with the certificate that it uses now.
#[derive(Clone)]
struct System {
    user: OnlineUserId,
    email: &'static str,
    certificate: Arc<RwLock<Fingerprint>>,
}

async fn authorised(treasury: &TestExchange, certificate: Fingerprint) -> Result<Caller, Failure> {
    treasury.exchange.authorise(&Presented { fingerprint: certificate, address: here() }, "four years").await
}

impl System {
    async fn of(treasury: &TestExchange, role: Role, email: &'static str) -> System {
        let user = user(treasury, role).await;
        set_contact(treasury, user, email).await;
        let certificate = treasury.caller(role).await.identity().certificate.fingerprint;
        System { user, email, certificate: Arc::new(RwLock::new(certificate)) }
    }

    /// Asks with the certificate in use.
    async fn asks(&self, treasury: &TestExchange) -> Result<(), Failure> {
        let caller = authorised(treasury, *self.certificate.read().await).await?;
        treasury.exchange.heartbeat(&caller).await.map(drop)
    }

    /// Renews its certificate while it goes on asking, and uses the new one from then on.
    async fn renews(&self, treasury: &TestExchange) {
        let (is_over, asked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let load = {
            let (system, treasury, is_over, asked) =
                (self.clone(), treasury.another_node(), is_over.clone(), asked.clone());
            tokio::spawn(async move {
                while !is_over.load(Ordering::SeqCst) {
                    system.asks(&treasury).await.unwrap();
                    asked.fetch_add(1, Ordering::SeqCst);
                }
            })
        };
        let until = async |count: u64| {
            while asked.load(Ordering::SeqCst) < count && !load.is_finished() {
                tokio::time::sleep(crate::BETWEEN_LOOKS).await;
            }
        };
        until(REQUESTS).await;
        let caller = authorised(treasury, *self.certificate.read().await).await.unwrap();
        let chain = treasury.exchange.renew_certificate(&caller, &request()).await.unwrap();
        let before = asked.load(Ordering::SeqCst);
        let next = pki::describe(&pki::certificate_der(&chain.pem).unwrap()).unwrap();
        *self.certificate.write().await = Fingerprint(next.fingerprint);
        until(before + REQUESTS).await;
        is_over.store(true, Ordering::SeqCst);
        load.await.unwrap();
    }
}

/// What a letter is about, by its name: what ends, and how many days ahead.
fn of(letter: &Received) -> (Ending, u16) {
    let parts: Vec<&str> = letter.id.trim_start_matches('<').split(['-', '@']).collect();
    let what = if parts[1] == "certificate" { Ending::Certificate } else { Ending::Registration };
    // The last but two: the domain is behind it, and the moment at which the notice was made.
    (what, parts[parts.len() - 3].parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_notice_comes_once_everything_ends_on_its_day_and_renewals_lose_no_request() {
    let post = PostOffice::open().await;
    let (_, settings) = issuing();
    let settings = Settings { mail: Some(post.mail()), ..settings };
    let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
    let office = Office::until(treasury, date(2032, 1, 1), "2032-01-01T00:00:00Z").await;
    let treasury = &office.treasury;
    let node = treasury.another_node();
    let careful = System::of(treasury, Role::Manager, "careful@example.org").await;
    let late = System::of(treasury, Role::OtherManager, "late@example.org").await;
    let careless = System::of(treasury, Role::Viewer, "careless@example.org").await;
    // Another authority issued its certificate, which outlasts its registration.
    let outside = System::of(treasury, Role::Neighbour, "outside@example.org").await;
    let foreign = NewCertificate {
        fingerprint: Fingerprint([99; 32]),
        user: outside.user,
        serial: "99".to_owned(),
        not_before: "2026-01-01T00:00:00Z".parse().unwrap(),
        not_after: "2032-01-01T00:00:00Z".parse().unwrap(),
    };
    treasury.exchange.operator().insert_certificate(foreign).await.unwrap();
    *outside.certificate.write().await = Fingerprint([99; 32]);

    let mut ended: BTreeMap<&str, (Date, Code)> = BTreeMap::new();
    let mut read = 0;
    let mut day = FIRST_DAY;
    while day <= LAST_DAY {
        go_to(treasury, day);
        let is_between = |(first, last): (Date, Date)| (first..=last).contains(&day);
        if !is_between(BOTH_AWAY) {
            treasury.exchange.operator().follow_the_calendar().await.unwrap();
            let works = async |node: &TestExchange| {
                node.exchange.work_now().await.unwrap();
                node.exchange.send_letters_now().await.unwrap();
            };
            if is_between(AWAY) {
                works(treasury).await;
            } else {
                tokio::join!(works(treasury), works(&node));
                works(treasury).await;
            }
        }
        let mut new = post.letters().split_off(read);
        read += new.len();
        // The careful one renews its registration first: no certificate is valid for longer.
        new.sort_by_key(|letter| of(letter).0 == Ending::Certificate);
        for letter in &new {
            match (letter.to.as_str(), of(letter)) {
                ("careful@example.org", (Ending::Registration, _)) => {
                    let renewal = Renewal { user: careful.user, valid_until: date(2031, 10, 31) };
                    office.done(Content::Renewal(renewal)).await.unwrap();
                }
                ("careful@example.org", (Ending::Certificate, 30)) => careful.renews(treasury).await,
                ("late@example.org", (Ending::Certificate, 1)) => late.renews(treasury).await,
                _ => {}
            }
        }
        for system in [&careful, &late, &careless, &outside] {
            match (system.asks(treasury).await, ended.get(system.email)) {
                (Ok(()), None) => {}
                (Err(failure), None) => drop(ended.insert(system.email, (day, failure.code))),
                (outcome, Some((_, code))) => assert_eq!(outcome.unwrap_err().code, *code, "{} {day}", system.email),
            }
        }
        day = day.checked_add(1.day()).unwrap();
    }

    let expected = [
        ("careless@example.org", (date(2027, 1, 1), Code::CertificateExpired)),
        // Its last certificate ended with its registration.
        ("late@example.org", (date(2029, 1, 1), Code::CertificateExpired)),
        ("outside@example.org", (date(2029, 1, 1), Code::RegistrationExpired)),
    ];
    assert_eq!(ended, BTreeMap::from(expected));

    let mut letters: BTreeMap<(String, Ending), Vec<u16>> = BTreeMap::new();
    let mut ids = std::collections::BTreeSet::new();
    for letter in post.letters() {
        assert!(ids.insert(letter.id.clone()), "twice: {letter:?}");
        let (what, days) = of(&letter);
        letters.entry((letter.to, what)).or_default().push(days);
    }
    let told = |email: &str, what: Ending| letters.get(&(email.to_owned(), what)).cloned().unwrap_or_default();
    let all = [60, 30, 14, 7, 1];
    assert_eq!(told("careless@example.org", Ending::Certificate), all);
    assert_eq!(told("careless@example.org", Ending::Registration), all);
    assert_eq!(told("late@example.org", Ending::Registration), all);
    // Its second certificate lasts until 30 December 2028; its third one, of the day before, ends with the registration.
    assert_eq!(told("late@example.org", Ending::Certificate), [&all[..], &all[..], &[1]].concat());
    assert_eq!(told("careful@example.org", Ending::Certificate), [60, 30].repeat(3));
    assert_eq!(told("careful@example.org", Ending::Registration), [60]);
    assert_eq!(told("outside@example.org", Ending::Registration), all);
    assert_eq!(told("outside@example.org", Ending::Certificate), Vec::<u16>::new());
    let left = notices(treasury).await.into_iter().filter(|notice| notice.state == store::NoticeState::Waiting);
    assert_eq!(left.count(), 0);
    treasury.check_invariants().await;
}
