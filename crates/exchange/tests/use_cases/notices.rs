//! Notices of what ends: each once, sent by a mail server of this test, on the chosen store and on several nodes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use exchange::{
    AcceptancePolicy, End, Ending, Fingerprint, Mail, NewCertificate, NextAuthority, OnlineUserId, PersonCertificate,
    Settings,
};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use mail::{MailServer, MailServerSettings, Person, Security};
use onboarding::Contact;
use rulebook::Language;
use store::{Notice, NoticeOf, NoticeState};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use super::applications::{Office, certificate};
use super::certificates::issuing;
use super::support::*;

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A mail server on this machine. At the end of each letter it gives the reply that the test has set, and accepts the others.
pub(crate) struct PostOffice {
    pub(crate) settings: MailServerSettings,
    letters: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<Vec<&'static str>>>,
    arrived: Arc<Notify>,
}

/// A letter as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Received {
    pub(crate) to: String,
    pub(crate) id: String,
    pub(crate) text: String,
}

impl PostOffice {
    /// It has the letter, and never says so.
    const TAKES_IT_AND_IS_SILENT: &str = "2 silent";

    pub(crate) async fn open() -> PostOffice {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let settings = MailServerSettings {
            host: "localhost".to_owned(),
            port: listener.local_addr().unwrap().port(),
            security: Security::None,
            authorities_pem: None,
            login: None,
            from: Person { name: "Valsts kase".to_owned(), email: "noreply@kase.example".to_owned() },
        };
        let office = PostOffice { settings, letters: Arc::default(), answers: Arc::default(), arrived: Arc::default() };
        let (letters, answers, arrived) = (office.letters.clone(), office.answers.clone(), office.arrived.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (letters, answers, arrived) = (letters.clone(), answers.clone(), arrived.clone());
                tokio::spawn(async move {
                    let mut stream = BufReader::new(stream);
                    stream.write_all(b"220 post office\r\n").await.unwrap();
                    let (mut to, mut text, mut in_letter) = (String::new(), String::new(), false);
                    loop {
                        let mut line = String::new();
                        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                            return;
                        }
                        let verb = line.trim_end().to_ascii_uppercase();
                        let answer = match verb.split([' ', ':']).next().unwrap_or_default() {
                            _ if in_letter && verb != "." => {
                                text += &line;
                                continue;
                            }
                            _ if in_letter => {
                                in_letter = false;
                                let answer = answers.lock().unwrap().pop().unwrap_or("250 taken");
                                if answer.starts_with('2') {
                                    let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: "));
                                    let id = id.unwrap_or_default().to_owned();
                                    letters.lock().unwrap().push(Received { to: to.clone(), id, text: text.clone() });
                                    arrived.notify_one();
                                }
                                if answer == PostOffice::TAKES_IT_AND_IS_SILENT {
                                    // Until the other side is gone.
                                    let _ = stream.read_line(&mut line).await;
                                    return;
                                }
                                answer
                            }
                            "EHLO" => "250 post office",
                            "RCPT" => {
                                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                                "250 ok"
                            }
                            "DATA" => {
                                (text, in_letter) = (String::new(), true);
                                "354 go on"
                            }
                            "QUIT" => "221 bye",
                            _ => "250 ok",
                        };
                        if stream.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        office
    }

    pub(crate) fn mail(&self) -> Mail {
        let server = Arc::new(MailServer::new(self.settings.clone()).unwrap());
        Mail { server, support: ["Palīgs".to_owned(), "Help desk".to_owned()] }
    }

    /// The next letters end so.
    fn says(&self, answers: &[&'static str]) {
        let mut said = self.answers.lock().unwrap();
        *said = answers.iter().rev().copied().collect();
    }

    pub(crate) fn letters(&self) -> Vec<Received> {
        self.letters.lock().unwrap().clone()
    }
}

async fn treasury() -> (TestExchange, PostOffice) {
    let office = PostOffice::open().await;
    let settings = Settings { mail: Some(office.mail()), ..Settings::default() };
    (TestExchange::with(AcceptancePolicy::Partial, settings).await, office)
}

pub(crate) async fn user(treasury: &TestExchange, role: Role) -> OnlineUserId {
    treasury.caller(role).await.identity().user.id
}

pub(crate) async fn set_contact(treasury: &TestExchange, user: OnlineUserId, email: &str) {
    let contact = Contact { name: "Anna Bērziņa".to_owned(), email: email.to_owned(), telephone: None };
    treasury.store.write(move |writing| writing.set_contact(user, &contact)).await.unwrap();
}

pub(crate) async fn notices(treasury: &TestExchange) -> Vec<Notice> {
    let read = |reading: &mut dyn store::Reading| {
        use NoticeState::{Lapsed, Refused, Sent, Waiting};
        let mut all = Vec::new();
        for state in [Waiting, Sent, Refused, Lapsed] {
            all.extend(reading.notices(state, u32::MAX)?);
        }
        all.sort_by_key(|notice| notice.id);
        Ok::<_, store::StoreError>(all)
    };
    treasury.store.read(read).await.unwrap()
}

/// Moves the clock to 09:00 in Riga of a day.
pub(crate) fn go_to(treasury: &TestExchange, day: Date) {
    let morning = day.at(9, 0, 0, 0).to_zoned_datetime(rulebook::calendar::TREASURY_TIME_ZONE.clone()).unwrap();
    let by = morning.timestamp().duration_since(exchange::Clock::now(&*treasury.clock));
    if by.is_negative() { treasury.clock.jump(by) } else { treasury.clock.advance(by) }
}

async fn work(treasury: &TestExchange) {
    treasury.exchange.work_now().await.unwrap();
    treasury.exchange.send_letters_now().await.unwrap();
}

/// The certificates of the test treasury end on 1 January 2027 at 02:00 in Riga.
const LAST_DAY: Date = date(2027, 1, 1);

#[tokio::test]
async fn the_answer_to_a_caller_says_what_ends_from_sixty_days_ahead() {
    let (treasury, _office) = treasury().await;
    go_to(&treasury, date(2026, 11, 1));
    let ends = |caller| treasury.exchange.ends_soon(&caller);
    assert_eq!(ends(treasury.caller(Role::Manager).await), []);
    go_to(&treasury, date(2026, 11, 2));
    let [end] = ends(treasury.caller(Role::Manager).await).try_into().unwrap();
    assert_eq!(end, End { what: Ending::Certificate, last_day: LAST_DAY, days_left: 60 });
    assert_eq!(end.code().id(), "TDAM-1071");
    let text = end.text(Language::English);
    assert_eq!(text, "The last day of the certificate is 2027-01-01; days left: 60.");
    // The same certificate is known in memory: later requests ask the store nothing.
    let questions = || {
        let metrics = treasury.exchange.metrics();
        let line = metrics.lines().find(|line| line.starts_with("tdam_identities_read_total"));
        line.map(str::to_owned)
    };
    treasury.exchange.read_the_gauges().await;
    let before = questions();
    for _ in 0..10 {
        assert_eq!(ends(treasury.caller(Role::Manager).await).len(), 1);
    }
    assert!(before.is_some());
    assert_eq!(questions(), before);
    let heartbeat = treasury.exchange.heartbeat(&treasury.caller(Role::Manager).await).await.unwrap();
    assert_eq!(heartbeat.ends.map(|end| end.days_left), [60, 790]);
}

#[tokio::test]
async fn each_notice_goes_once_to_the_contact_person_whichever_node_makes_it() {
    let (treasury, office) = treasury().await;
    let manager = user(&treasury, Role::Manager).await;
    set_contact(&treasury, manager, "anna@example.org").await;
    let node = treasury.another_node();
    for day in 0..62_i64 {
        go_to(&treasury, date(2026, 11, 1).checked_add(day.days()).unwrap());
        tokio::join!(work(&treasury), work(&node));
        work(&treasury).await;
    }
    let letters: Vec<Received> = office.letters();
    let days: Vec<bool> = [60, 30, 14, 7, 1]
        .iter()
        .zip(&letters)
        .map(|(days, one)| one.text.contains(&format!("left: {days}.")))
        .collect();
    assert_eq!((letters.len(), days), (5, vec![true; 5]), "{letters:#?}");
    assert!(letters.iter().all(|one| one.to == "anna@example.org" && one.id.ends_with("@kase.example>")));
    let ids: std::collections::BTreeSet<&str> = letters.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids.len(), 5);
    let mut states: BTreeMap<(i64, NoticeState), Vec<u16>> = BTreeMap::new();
    for notice in notices(&treasury).await {
        states.entry((notice.key.of.user().unwrap().0, notice.state)).or_default().push(notice.key.days);
    }
    assert_eq!(states.remove(&(manager.0, NoticeState::Sent)), Some(vec![60, 30, 14, 7, 1]), "{states:?}");
    // The others have no contact person, which an operator is shown.
    assert_eq!(states.len(), 3);
    assert!(states.iter().all(|((_, state), days)| *state == NoticeState::Refused && days.len() == 5), "{states:?}");
    let open = treasury.exchange.operator().open_notices().await.unwrap();
    assert_eq!(open.len(), 15);
    assert!(open[0].why.contains("no contact person") && open[0].state == "refused", "{:?}", open[0]);
    treasury.check_invariants().await;
}

#[tokio::test]
async fn a_renewal_ends_the_notices_of_what_it_renews_also_those_that_wait() {
    let (treasury, office) = treasury().await;
    let manager = user(&treasury, Role::Manager).await;
    set_contact(&treasury, manager, "anna@example.org").await;
    go_to(&treasury, date(2026, 12, 20));
    office.says(&["451 busy"]);
    work(&treasury).await;
    let of_manager = async || {
        notices(&treasury).await.into_iter().filter(|one| one.key.of.user() == Some(manager)).collect::<Vec<_>>()
    };
    let [waiting] = of_manager().await.try_into().unwrap();
    assert_eq!(
        (waiting.state, waiting.key.days, waiting.why.as_deref()),
        (NoticeState::Waiting, 14, Some("transient error (451): busy"))
    );
    let next = NewCertificate {
        fingerprint: Fingerprint([77; 32]),
        user: manager,
        serial: "77".to_owned(),
        not_before: "2026-12-20T00:00:00Z".parse().unwrap(),
        not_after: "2028-12-20T00:00:00Z".parse().unwrap(),
    };
    treasury.exchange.operator().insert_certificate(next).await.unwrap();
    for day in 21..32_i64 {
        go_to(&treasury, date(2026, 12, 1).checked_add((day - 1).days()).unwrap());
        work(&treasury).await;
    }
    assert_eq!(office.letters(), []);
    let [lapsed] = of_manager().await.try_into().unwrap();
    assert_eq!((lapsed.state, lapsed.why.as_deref()), (NoticeState::Lapsed, Some("renewed or revoked meanwhile")));
    // The connection that still has the old one is warned all the same: it dies on that day.
    assert_eq!(treasury.exchange.ends_soon(&treasury.caller(Role::Manager).await).len(), 1);
}

#[tokio::test]
async fn a_house_that_stood_still_tells_the_nearest_notice_only() {
    let (treasury, office) = treasury().await;
    let manager = user(&treasury, Role::Manager).await;
    set_contact(&treasury, manager, "anna@example.org").await;
    go_to(&treasury, date(2026, 11, 2));
    office.says(&["421 later"]);
    work(&treasury).await;
    // Nobody runs for seven weeks.
    go_to(&treasury, date(2026, 12, 22));
    work(&treasury).await;
    let letters = office.letters();
    assert_eq!(letters.len(), 1, "{letters:?}");
    assert!(letters[0].text.contains("left: 10."), "{}", letters[0].text);
    let of_manager: Vec<(u16, NoticeState)> = notices(&treasury)
        .await
        .into_iter()
        .filter(|one| one.key.of.user() == Some(manager))
        .map(|one| (one.key.days, one.state))
        .collect();
    assert_eq!(of_manager, [(60, NoticeState::Lapsed), (14, NoticeState::Sent)]);
}

#[tokio::test]
async fn what_a_mail_server_refuses_waits_longer_and_longer_or_for_an_operator() {
    let (treasury, office) = treasury().await;
    let manager = user(&treasury, Role::Manager).await;
    set_contact(&treasury, manager, "anna@example.org").await;
    go_to(&treasury, date(2026, 12, 26));
    let letter = async || {
        let found = notices(&treasury).await.into_iter().find(|one| one.key.of.user() == Some(manager));
        found.unwrap()
    };
    let mut waited = Vec::new();
    for attempt in 1..=4 {
        office.says(&["450 not now"]);
        work(&treasury).await;
        let now: Timestamp = exchange::Clock::now(&*treasury.clock);
        let notice = letter().await;
        assert_eq!((notice.state, notice.attempts), (NoticeState::Waiting, attempt), "{notice:?}");
        waited.push(notice.next_at.duration_since(now).as_mins());
        // A moment too early nobody tries.
        treasury.clock.advance(notice.next_at.duration_since(now) - SignedDuration::from_secs(1));
        work(&treasury).await;
        assert_eq!(letter().await.attempts, attempt);
        treasury.clock.advance(SignedDuration::from_secs(1));
    }
    assert_eq!(waited, [1, 5, 15, 60]);
    office.says(&["550 no such person"]);
    work(&treasury).await;
    let refused = letter().await;
    assert_eq!(
        (refused.state, refused.why.as_deref()),
        (NoticeState::Refused, Some("permanent error (550): no such person")),
        "{refused:?}"
    );
    work(&treasury).await;
    assert_eq!(office.letters(), []);

    set_contact(&treasury, manager, "janis@example.org").await;
    let operator = treasury.exchange.operator();
    operator.retry_notice(refused.id.0).await.unwrap();
    assert!(operator.retry_notice(refused.id.0).await.is_err(), "it waits");
    work(&treasury).await;
    let letters = office.letters();
    assert_eq!(letters.iter().map(|one| one.to.as_str()).collect::<Vec<_>>(), ["janis@example.org"]);
    assert_eq!(
        (letter().await.state, letter().await.receiver.as_deref()),
        (NoticeState::Sent, Some("janis@example.org"))
    );
    assert!(treasury.audit_lines().await.iter().any(|line| line.action == "notice.retried"));
}

/// The node ends between the mail server's yes and its own commit: the second letter has the name of the first.
#[tokio::test]
async fn a_letter_that_goes_twice_has_one_name() {
    let (treasury, office) = treasury().await;
    let manager = user(&treasury, Role::Manager).await;
    set_contact(&treasury, manager, "anna@example.org").await;
    go_to(&treasury, date(2026, 12, 26));
    treasury.exchange.work_now().await.unwrap();
    office.says(&[PostOffice::TAKES_IT_AND_IS_SILENT]);
    let node = treasury.exchange.clone();
    let sending = tokio::spawn(async move { node.send_letters_now().await });
    office.arrived.notified().await;
    sending.abort();
    assert!(sending.await.unwrap_err().is_cancelled());

    let other = treasury.another_node();
    other.exchange.send_letters_now().await.unwrap();
    assert_eq!(office.letters().len(), 1, "the lease of the node that is gone still holds");
    treasury.clock.advance(SignedDuration::from_mins(5));
    other.exchange.send_letters_now().await.unwrap();
    let [first, second] = office.letters().try_into().unwrap();
    assert_eq!(first.id, second.id);
    other.exchange.send_letters_now().await.unwrap();
    assert_eq!(office.letters().len(), 2);
}

#[tokio::test]
async fn nothing_is_sent_by_a_clock_in_doubt_or_without_a_mail_server() {
    let office = PostOffice::open().await;
    let settings = Settings { mail: Some(office.mail()), ..Settings::default() };
    let clock = SetClock::showing(MORNING.parse().unwrap());
    let production = TestExchange::in_production(Place::folder(), Arc::clone(&clock)).await;
    let treasury = production.node_with(clock, settings);
    let manager = user(&treasury, Role::Manager).await;
    set_contact(&treasury, manager, "anna@example.org").await;
    treasury.exchange.look_at_the_clock().await.unwrap();
    treasury.clock.jump(DAY * 35);
    treasury.exchange.look_at_the_clock().await.unwrap();
    work(&treasury).await;
    work(&production).await;
    assert_eq!((notices(&treasury).await, office.letters()), (vec![], vec![]));
    treasury.clock.jump(DAY * -35);
    treasury.exchange.look_at_the_clock().await.unwrap();
    work(&production).await;
    assert_eq!(notices(&treasury).await, [], "no mail server is named there");
    work(&treasury).await;
    assert_eq!(office.letters().len(), 1);
    let NoticeOf::Certificate(..) = notices(&treasury).await[0].key.of else { panic!("a registration") };
}

#[tokio::test]
async fn the_change_of_the_servers_authority_is_told_by_letters_until_it_is_made() {
    let office = PostOffice::open().await;
    let next = issuing().0;
    let mut with_next = issuing().1.issuing.unwrap();
    with_next.next = Some(NextAuthority { authority: Arc::clone(&next), issues_from: Timestamp::MAX });
    with_next.published_days = 40;
    let settings = Settings { issuing: Some(with_next), mail: Some(office.mail()), ..Settings::default() };
    let treasury = TestExchange::with(AcceptancePolicy::Partial, settings).await;
    let manager = user(&treasury, Role::Manager).await;
    set_contact(&treasury, manager, "anna@example.org").await;
    let told = || {
        let letters = office.letters().into_iter();
        letters.filter(|letter| letter.id.contains("-authority-") && letter.to == "anna@example.org").count()
    };
    work(&treasury).await;
    assert_eq!(told(), 1, "forty days ahead");
    work(&treasury).await;
    assert_eq!(told(), 1);
    // Published on 23 November, so the last day is 1 January.
    go_to(&treasury, date(2026, 12, 2));
    work(&treasury).await;
    assert_eq!(told(), 2, "thirty days ahead");
    treasury.exchange.note_server_authority(next.key_identifier().to_vec());
    go_to(&treasury, date(2026, 12, 18));
    work(&treasury).await;
    assert_eq!(told(), 2, "the server has changed");
}

/// The certificates of both operators end on 1 June 2027 at 03:00 in Riga.
const OPERATORS_LAST_DAY: Date = date(2027, 6, 1);

#[tokio::test]
async fn an_operator_is_told_once_a_notice_that_the_own_certificate_ends_until_it_is_renewed() {
    let (treasury, post) = treasury().await;
    let office = Office::at(treasury).await;
    let treasury = &office.treasury;
    let node = treasury.another_node();
    let own_end = || treasury.exchange.own_end_soon(&office.anna).map(|end| (end.code().id(), end.days_left));
    let janis = office.janis.person().id;
    for day in 0..=62_i64 {
        go_to(treasury, date(2027, 3, 31).checked_add(day.days()).unwrap());
        tokio::join!(work(treasury), work(&node));
        work(treasury).await;
        match day {
            1 => assert_eq!(own_end(), None, "61 days ahead"),
            2 => assert_eq!(own_end(), Some(("TDAM-1073", 60))),
            40 => {
                // Jānis renews between the letters of 30 and of 14 days.
                let next = PersonCertificate {
                    not_after: "2029-06-01T00:00:00Z".parse().unwrap(),
                    ..certificate(janis, 0x61)
                };
                treasury.exchange.operator().insert_person_certificate(next).await.unwrap();
            }
            62 => assert_eq!(own_end(), Some(("TDAM-1073", 0)), "the last day"),
            _ => {}
        }
    }
    let letters = post.letters().into_iter().filter(|letter| letter.id.contains("-person-certificate-"));
    let days_of = |letter: &Received| {
        let whose = if letter.text.contains("(Anna,") { "Anna" } else { "Janis" };
        let days = [60, 30, 14, 7, 1].into_iter().find(|days| letter.text.contains(&format!("Days left: {days}.")));
        (whose, days.unwrap())
    };
    let mut told: Vec<(&str, u16)> = letters.clone().map(|letter| days_of(&letter)).collect();
    told.sort_unstable();
    let expected = [("Anna", 1), ("Anna", 7), ("Anna", 14), ("Anna", 30), ("Anna", 60), ("Janis", 30), ("Janis", 60)];
    assert_eq!(told, expected);
    assert!(letters.clone().all(|letter| letter.to == "operators@kase.example.lv"));
    assert!(letters.clone().all(|letter| letter.text.contains(&OPERATORS_LAST_DAY.to_string())));

    let ends = treasury.exchange.person_certificates_end(&office.anna).await.unwrap();
    assert_eq!(ends[&office.anna.person().id].1.days_left, 0);
    assert!(!ends[&janis].1.is_soon(), "renewed");
    treasury.exchange.read_the_gauges().await;
    let metrics = treasury.exchange.metrics();
    assert!(metrics.contains("tdam_time_left_seconds{of=\"person_certificate\"}"), "{metrics}");
}
