//! The whole system as its users see it, under any trouble on the way to the database: each sender gets an answer, or a
//! request to come again with the time; service resumes on its own; and in the end each message has one answer.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use iso20022::MessageType;
use tdam::generate::ReportRequest;

use crate::curl::{self, Curl, Reply};
use crate::node::{House, Node};
use crate::proxy::{Proxy, Trouble};
use crate::{PATIENCE, cluster, message, quiet};

/// How long clients ask the exchange to wait before it gives a receipt.
const WAIT_SECONDS: u32 = 20;
/// So many send at once in the end.
const SENDERS: usize = 4;
/// Bytes from the database after which a connection is cut: while it is made, while statements are prepared, in the
/// middle of transactions, and of a large message.
const CUTS: [usize; 8] = [100, 450, 700, 1_200, 2_500, 6_000, 20_000, 100_000];

/// A message, and every answer that was ever given to it.
struct Sending {
    id: String,
    xml: Vec<u8>,
    answers: Mutex<Vec<Vec<u8>>>,
}

struct Chaos<'h> {
    house: &'h House,
    proxy: Proxy,
    user: Curl,
    sendings: Vec<Sending>,
}

impl Chaos<'_> {
    /// New messages, which are never the same payments.
    fn add(&mut self, transactions: &[u32]) {
        for transactions in transactions {
            let number = self.sendings.len();
            let id = format!("CHAOS-{number}");
            let xml = message(&id, *transactions, 1_000 + number as u64, self.house.day);
            self.sendings.push(Sending { id, xml, answers: Mutex::default() });
        }
    }

    fn report_request(&self) -> Vec<u8> {
        let request = ReportRequest {
            account: tdam::generate::DEBTOR_ACCOUNT.parse().unwrap(),
            report: MessageType::Camt052V08,
            from: self.house.day,
            to: self.house.day,
            direction: None,
            message_id: "CHAOS-REPORT".to_owned(),
            created: format!("{}T09:00:00", self.house.day).parse().unwrap(),
            sender: "Daugavas novada pašvaldība".to_owned(),
        };
        request.to_xml().unwrap()
    }

    /// Sends a message. Whether it was answered; a receipt is none yet.
    fn send(&self, sending: &Sending, doing: &str) -> bool {
        let reply = self.user.post("/v1/payments", &sending.xml, WAIT_SECONDS);
        let is_receipt =
            reply.status == 202 && reply.field("location").is_some() && reply.field("retry-after").is_some();
        if !is_receipt && answered(&reply, &format!("{doing}: {}", sending.id)) {
            sending.answers.lock().unwrap().push(reply.body);
            return true;
        }
        false
    }

    /// All actions of users at once during the trouble: new messages, unanswered ones, an answered one, a report, and a
    /// heartbeat. Lasts until each has a reply.
    fn under(&mut self, trouble: Trouble) {
        self.add(&[1, 3, 250]);
        let (this, doing) = (&*self, &format!("{trouble:?}"));
        let report_request = self.report_request();
        let sent = self.sendings.iter().enumerate();
        let sent = sent.filter(|(number, sending)| *number == 0 || sending.answers.lock().unwrap().is_empty());
        this.proxy.make(trouble);
        let heard: Vec<bool> = std::thread::scope(|scope| {
            let mut requests: Vec<_> = sent.map(|(_, sending)| scope.spawn(|| this.send(sending, doing))).collect();
            requests.push(scope.spawn(|| {
                let reply = this.user.post("/v1/reports", &report_request, WAIT_SECONDS);
                answered(&reply, &format!("{doing}: a report"))
            }));
            requests.push(scope.spawn(|| answered(&this.user.get("/v1/heartbeat"), doing)));
            requests.into_iter().map(|request| request.join().unwrap()).collect()
        });
        this.proxy.make(Trouble::None);
        let answers = heard.iter().filter(|answered| **answered).count();
        println!("{doing}: {} requests, {answers} of them answered", heard.len());
    }

    /// Service resumes without any restart.
    fn comes_back(&self) {
        let until = Instant::now() + PATIENCE;
        while !answered(&self.user.get("/v1/heartbeat"), "coming back") {
            assert!(Instant::now() < until, "service does not come back");
        }
    }

    /// Each message is sent again until it is answered, and once more.
    fn finish(&self) {
        std::thread::scope(|scope| {
            for some in self.sendings.chunks(self.sendings.len().div_ceil(SENDERS)) {
                scope.spawn(|| some.iter().for_each(|sending| self.finish_one(sending)));
            }
        });
    }

    fn finish_one(&self, sending: &Sending) {
        let until = Instant::now() + PATIENCE;
        while !self.send(sending, "in the end") {
            assert!(Instant::now() < until, "{}: no answer", sending.id);
        }
        assert!(self.send(sending, "repeated"), "{}", sending.id);
        let answers = sending.answers.lock().unwrap();
        let accepted = String::from_utf8_lossy(&answers[0]);
        assert!(accepted.contains("<GrpSts>ACCP</GrpSts>"), "{}: {accepted}", sending.id);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{}: answered in two ways", sending.id);
    }
}

/// Whether a reply is an answer; any other reply must ask to come again.
fn answered(reply: &Reply, doing: &str) -> bool {
    let text = || format!("{reply:?}: {}", String::from_utf8_lossy(&reply.body));
    assert!(reply.status == 200 || reply.asks_to_come_again(), "{doing}: {}", text());
    reply.status == 200
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_befalls_the_way_to_the_database() {
    let Some(cluster) = cluster::Cluster::start(false) else { return };
    if !curl::is_installed() {
        return;
    }
    let house = House::make(&cluster).await;
    let proxy = Proxy::before(cluster.port());
    let node = house.start_through(1, proxy.port());
    let messages = tokio::task::block_in_place(|| bring_trouble(&house, &node, proxy));
    quiet(&house).await;
    assert_eq!(house.check(), "");
    assert_eq!(house.accepted().await, messages);
    node.stop();
}

/// Returns how many messages were sent.
fn bring_trouble(house: &House, node: &Node, proxy: Proxy) -> usize {
    let mut chaos = Chaos { house, proxy, user: house.curl(node), sendings: Vec::new() };
    chaos.add(&[2]);
    assert!(chaos.send(&chaos.sendings[0], "before"));
    chaos.under(Trouble::Delay(Duration::from_millis(5)));
    for bytes in CUTS {
        chaos.under(Trouble::CutAfterBytes(bytes));
        chaos.comes_back();
    }
    assert!(chaos.proxy.cuts() > CUTS.len() as u32);
    for trouble in [Trouble::CutAfterCommit, Trouble::CutBeforeCommit].repeat(3) {
        let cuts = chaos.proxy.cuts();
        chaos.under(trouble);
        assert!(chaos.proxy.cuts() > cuts, "a commit was under way");
        chaos.comes_back();
    }
    for trouble in [Trouble::Down, Trouble::BlackHole] {
        chaos.under(trouble);
        chaos.comes_back();
    }
    chaos.finish();
    chaos.sendings.len()
}
