//! Online users that send, and the kill that interrupts them.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use client::{Body, Client, Error, InProgress, Retries, SendOptions, Sent};
use rulebook::catalogue::Code;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::chance::Chance;
use crate::orders::{DAUGAVA, Message, VIDZEME, Verdict};
use crate::server::{Place, Server};

/// So many submissions are under way at once.
const SENDERS: usize = 8;
/// So many where the exchange is to decide them together.
const SENDERS_OF_GROUPS: usize = 64;
/// How long an answer may take, on the slowest machine.
const PATIENCE: Duration = Duration::from_secs(300);
/// The pause before a call that the exchange could not answer yet is made again.
const PAUSE: Duration = Duration::from_millis(50);

/// The connections of the online users to one life of the server.
pub(crate) struct Users {
    clients: BTreeMap<&'static str, Client>,
    operator: Operator,
}

impl Users {
    pub(crate) fn connect(place: &Place, url: &str) -> Users {
        let read = |path| fs::read(path).unwrap();
        let connect = |user: &'static str| {
            let folder = place.folder().user(user);
            let client = Client::builder()
                .url(url)
                .certificate_authority_pem(read(place.folder().authority_certificate()))
                .identity_pem(read(folder.join("certificate.pem")), read(folder.join("key.pem")))
                // The test must see losses, not the client's repairs.
                .retries(Retries::none())
                .build();
            (user, client.unwrap())
        };
        let operator = Operator { configuration: place.folder().configuration() };
        Users { clients: [DAUGAVA, VIDZEME].into_iter().map(connect).collect(), operator }
    }

    pub(crate) fn client(&self, user: &str) -> &Client {
        &self.clients[user]
    }

    /// Has everything tried again that is set aside.
    pub(crate) fn try_again(&self) {
        self.operator.try_again();
    }

    pub(crate) fn clients(&self) -> impl Iterator<Item = &Client> {
        self.clients.values()
    }
}

/// Retries work that is set aside. Frequent kills make the server suspect its work in progress, and only an operator
/// can clear it.
#[derive(Clone, Debug)]
struct Operator {
    configuration: PathBuf,
}

impl Operator {
    /// Has everything tried again. The server may be killed meanwhile, and others may have been faster.
    fn try_again(&self) {
        let act = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_tdam"));
            command.args(["operator", "set-aside"]).args(arguments).arg("--config").arg(&self.configuration);
            command.output().unwrap()
        };
        let listed = String::from_utf8(act(&["list"]).stdout).unwrap();
        // A submission's number, or the name of other work: what stands first.
        for name in listed.lines().filter_map(|line| line.trim().split("  ").next()) {
            if name.parse::<i64>().is_ok() || name.starts_with("lot ") {
                act(&["retry", name]);
            }
        }
    }
}

/// The moment that a kill waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    /// Half of a large message is on its way.
    Upload,
    /// A large message is durable, and not answered.
    Receipt,
    /// A message is answered.
    Answer,
    /// All are answered.
    Quiet,
}

/// When the server is killed: at the n-th of such moments, and so long after it.
#[derive(Clone, Copy)]
pub(crate) struct Kill {
    moment: Moment,
    count: usize,
    after: Duration,
}

impl Kill {
    /// Every four rounds have one of each kind.
    pub(crate) fn of_round(round: u32, chance: &mut Chance) -> Kill {
        let (moment, count_max, after_max) = match round % 4 {
            1 => (Moment::Receipt, 2, Duration::from_millis(300)),
            2 => (Moment::Quiet, 1, Duration::from_millis(1_500)),
            3 => (Moment::Upload, 4, Duration::from_millis(300)),
            _ => (Moment::Answer, 12, Duration::from_millis(300)),
        };
        Kill { moment, count: 1 + chance.below(count_max), after: chance.moment(after_max) }
    }
}

impl fmt::Display for Kill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Kill { moment, count, after } = self;
        match moment {
            Moment::Quiet => write!(f, "{after:?} after all were answered"),
            _ => write!(f, "{after:?} after {moment:?} {count}"),
        }
    }
}

/// One sending of one body, or the question about its result.
struct Errand {
    message: usize,
    body: usize,
    client: Client,
    way: Way,
}

enum Way {
    Send { xml: Vec<u8>, wait: Duration, large: bool },
    Ask { location: String },
}

/// What came of it.
#[derive(Default)]
struct Report {
    verdict: Option<Verdict>,
    receipt: Option<String>,
}

/// Messages between senders and killer.
struct Wire {
    moments: mpsc::UnboundedSender<Moment>,
    /// The server has ended, or is about to.
    killed: AtomicBool,
    /// Calls may fail without a kill of the server.
    is_faulty: bool,
    unanswered: AtomicUsize,
    senders: usize,
    operator: Operator,
}

/// Sends unanswered messages until the kill. Returns how many submissions it left without an answer.
pub(crate) async fn send_until_killed(
    messages: &mut [Message],
    users: &Users,
    server: Server,
    kill: Kill,
    chance: &mut Chance,
) -> usize {
    let errands = errands(messages, users, chance);
    let (moments, mut reached) = mpsc::unbounded_channel();
    let wire = Arc::new(Wire::with(moments, false, users));
    let killer = tokio::spawn({
        let wire = Arc::clone(&wire);
        async move {
            let mut count = 0;
            while count < kill.count {
                match reached.recv().await {
                    Some(moment) if moment == kill.moment => count += 1,
                    // Everything is answered: what the kill waited for did not happen so often.
                    Some(Moment::Quiet) | None => break,
                    Some(_) => {}
                }
            }
            tokio::time::sleep(kill.after).await;
            wire.killed.store(true, Ordering::SeqCst);
            let unanswered = wire.unanswered.load(Ordering::SeqCst);
            server.kill();
            unanswered
        }
    });
    run(messages, errands, &wire).await;
    // After the kill there is no listener any more.
    let _ = wire.moments.send(Moment::Quiet);
    killer.await.unwrap()
}

/// Sends unanswered messages until all have answers, or the server has ended itself; returns whether it has.
pub(crate) async fn send_until_answered_or_ended(
    messages: &mut [Message],
    users: &Users,
    server: &Server,
    chance: &mut Chance,
) -> bool {
    until_answered_or_ended(messages, users, server, SENDERS, chance).await
}

/// The same; so many at once that the exchange decides them together.
pub(crate) async fn send_groups_until_answered_or_ended(
    messages: &mut [Message],
    users: &Users,
    server: &Server,
    chance: &mut Chance,
) -> bool {
    until_answered_or_ended(messages, users, server, SENDERS_OF_GROUPS, chance).await
}

async fn until_answered_or_ended(
    messages: &mut [Message],
    users: &Users,
    server: &Server,
    senders: usize,
    chance: &mut Chance,
) -> bool {
    let errands = errands(messages, users, chance);
    let mut wire = Wire::with(mpsc::unbounded_channel().0, true, users);
    wire.senders = senders;
    let wire = Arc::new(wire);
    let running = run(messages, errands, &wire);
    tokio::pin!(running);
    loop {
        tokio::select! {
            () = &mut running => return server.ended().is_some(),
            () = tokio::time::sleep(PAUSE) => {
                if server.ended().is_some() {
                    wire.killed.store(true, Ordering::SeqCst);
                }
            }
        }
    }
}

/// Sends unanswered messages until all have answers.
pub(crate) async fn send_until_answered(messages: &mut [Message], users: &Users, chance: &mut Chance) {
    let errands = errands(messages, users, chance);
    run(messages, errands, &quiet_wire(users)).await;
    for message in messages.iter() {
        let id = &message.message_id;
        for body in &message.bodies {
            assert!(body.verdict.is_some(), "{id} has no answer");
        }
        let answers = message.bodies.iter().filter(|body| matches!(body.verdict, Some(Verdict::Answer(_)))).count();
        assert_eq!(answers, 1, "{id}: bodies that were taken, of {}", message.bodies.len());
    }
}

/// Sends every body once more: it must get what it got the first time, whichever life of the server gave it.
pub(crate) async fn send_once_more(messages: &[Message], users: &Users) {
    let wire = quiet_wire(users);
    for message in messages {
        for body in &message.bodies {
            let client = users.client(message.user).clone();
            let way = Way::Send { xml: body.xml.clone(), wait: PATIENCE, large: false };
            let report = deliver(Errand { message: 0, body: 0, client, way }, &wire).await;
            assert_eq!(report.verdict, body.verdict, "{}: sent once more", message.message_id);
        }
    }
}

/// Answers from a damaged database.
pub(crate) struct OldAnswers {
    pub(crate) same: usize,
    pub(crate) errors: usize,
}

/// Sends every body once more, to a server whose data are damaged: an error may come, but no other answer. Where `new_ones` are
/// allowed, the exchange may have forgotten the last message and decide it again.
pub(crate) async fn old_answers(messages: &[Message], users: &Users, new_ones: bool) -> OldAnswers {
    let mut seen = OldAnswers { same: 0, errors: 0 };
    for message in messages {
        for body in &message.bodies {
            let client = users.client(message.user);
            let options = SendOptions::default().wait(PATIENCE);
            match client.send_payments(Body::bytes(body.xml.clone()), options).await {
                Ok(Sent::Answer(answer)) => {
                    let answer = Verdict::Answer(answer.xml.to_vec());
                    if body.verdict.as_ref() != Some(&answer) {
                        assert!(new_ones, "{}: {answer:?} instead of {:?}", message.message_id, body.verdict);
                    }
                    seen.same += 1;
                }
                Ok(Sent::InProgress(_)) | Err(_) => seen.errors += 1,
            }
        }
    }
    seen
}

/// For calls that nothing interrupts.
fn quiet_wire(users: &Users) -> Arc<Wire> {
    Arc::new(Wire::with(mpsc::unbounded_channel().0, false, users))
}

/// The errands for bodies without an answer. With a receipt one copy asks, and the others are sent again.
fn errands(messages: &[Message], users: &Users, chance: &mut Chance) -> Vec<Errand> {
    let mut errands = Vec::new();
    for (number, message) in messages.iter().enumerate() {
        for (place, body) in message.bodies.iter().enumerate().filter(|(_, body)| body.verdict.is_none()) {
            for copy in 0..message.copies {
                let client = users.client(message.user).clone();
                let large = message.is_large();
                // Without waiting there is a receipt as soon as there can be one.
                let wait = if large && (copy > 0 || chance.below(4) > 0) { Duration::ZERO } else { PATIENCE };
                let way = match &body.receipt {
                    Some(location) if copy == 0 => Way::Ask { location: location.clone() },
                    _ => Way::Send { xml: body.xml.clone(), wait, large },
                };
                errands.push(Errand { message: number, body: place, client, way });
            }
        }
    }
    chance.shuffle(&mut errands);
    errands
}

/// Does the errands, several at once, and writes down what came of them.
async fn run(messages: &mut [Message], errands: Vec<Errand>, wire: &Arc<Wire>) {
    let turns = Arc::new(Semaphore::new(wire.senders));
    let mut tasks = JoinSet::new();
    for errand in errands {
        let (wire, turns) = (Arc::clone(wire), Arc::clone(&turns));
        tasks.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            let place = (errand.message, errand.body);
            if wire.killed.load(Ordering::SeqCst) {
                return (place, Report::default());
            }
            wire.unanswered.fetch_add(1, Ordering::SeqCst);
            let report = deliver(errand, &wire).await;
            if report.verdict.is_some() {
                wire.unanswered.fetch_sub(1, Ordering::SeqCst);
                let _ = wire.moments.send(Moment::Answer);
            }
            (place, report)
        });
    }
    while let Some(done) = tasks.join_next().await {
        let ((message, body), report) = done.unwrap();
        let message = &mut messages[message];
        let known = &mut message.bodies[body];
        known.receipt = report.receipt.or(known.receipt.take());
        if let Some(verdict) = report.verdict {
            let first = known.verdict.get_or_insert_with(|| verdict.clone());
            assert_eq!(*first, verdict, "{}: answered in two ways", message.message_id);
        }
    }
}

/// Does one errand. Without a verdict, the kill came between.
async fn deliver(errand: Errand, wire: &Wire) -> Report {
    let Errand { client, way, .. } = errand;
    let until = Instant::now() + PATIENCE;
    let mut report = Report::default();
    loop {
        let sent = match &way {
            Way::Ask { location } => {
                client.wait_for_answer(&InProgress::at(location.clone()), PATIENCE).await.map(Sent::Answer)
            }
            Way::Send { xml, wait, large } => {
                let sent = client.send_payments(Body::bytes(xml.clone()), options(*wait, *large, wire)).await;
                match sent {
                    Ok(Sent::InProgress(receipt)) => {
                        report.receipt = Some(receipt.location.clone());
                        let _ = wire.moments.send(Moment::Receipt);
                        client.wait_for_answer(&receipt, PATIENCE).await.map(Sent::Answer)
                    }
                    other => other,
                }
            }
        };
        match sent {
            Ok(Sent::Answer(answer)) => {
                report.verdict = Some(Verdict::Answer(answer.xml.to_vec()));
                return report;
            }
            Ok(Sent::InProgress(receipt)) => panic!("a receipt where an answer was waited for: {receipt:?}"),
            Err(_) if wire.is_faulty && wire.killed.load(Ordering::SeqCst) => return report,
            Err(error) if may_pass(&error) || wire.is_faulty && may_be_a_fault(&error) => {
                assert!(Instant::now() < until, "no answer within {PATIENCE:?}: {error}");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) if error.is_refused().is_some_and(|problem| problem.code == Code::SubmissionSetAside.id()) => {
                assert!(Instant::now() < until, "no answer within {PATIENCE:?}: {error}");
                wire.operator.try_again();
            }
            Err(error) => match error.is_refused() {
                Some(problem) => {
                    // All files are valid and all senders have the right: only another body can be in the way.
                    assert_eq!(problem.code, Code::MessageIdUsed.id(), "a refusal that nothing explains: {error}");
                    report.verdict = Some(Verdict::Refused(problem.code.clone()));
                    return report;
                }
                None => {
                    assert!(
                        wire.killed.load(Ordering::SeqCst),
                        "a call failed though nobody killed the server: {error}"
                    );
                    return report;
                }
            },
        }
    }
}

fn options(wait: Duration, large: bool, wire: &Wire) -> SendOptions {
    let options = SendOptions::default().wait(wait);
    if !large {
        return options;
    }
    let (moments, is_half_sent) = (wire.moments.clone(), AtomicBool::new(false));
    options.progress(move |sent, length| {
        if sent * 2 >= length && !is_half_sent.swap(true, Ordering::SeqCst) {
            let _ = moments.send(Moment::Upload);
        }
    })
}

impl Wire {
    fn with(moments: mpsc::UnboundedSender<Moment>, is_faulty: bool, users: &Users) -> Wire {
        let (killed, unanswered) = (AtomicBool::new(false), AtomicUsize::new(0));
        Wire { moments, killed, is_faulty, unanswered, senders: SENDERS, operator: users.operator.clone() }
    }
}

/// The call failed because something failed beneath the server, or because it has just ended.
fn may_be_a_fault(error: &Error) -> bool {
    error.is_connection() || error.is_tls() || error.problem().is_some_and(|problem| problem.status >= 500)
}

/// The exchange says itself that the same call may succeed later: after a restart it takes up what it had received.
fn may_pass(error: &Error) -> bool {
    let in_progress = error.problem().is_some_and(|problem| problem.code == Code::MessageInProgress.id());
    error.is_unavailable() || in_progress
}
