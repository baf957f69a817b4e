//! Groups of small messages on three nodes: two clients pay each other from many connections, each message goes to two nodes
//! at once, and nodes are killed in the middle of it.
//!
//! In the end each message has one answer, whichever node gave it, was accepted once, and the books are whole.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use client::{Body, Client, SendOptions, Sent};
use jiff::civil::Date;
use tdam::generate::{PayeeAccount, PaymentBatch};

use crate::node::{House, Node, OTHER_USER, USER};
use crate::{PATIENCE, PAUSE, cluster, quiet};

const NODES: u32 = 3;
/// Messages of a round. Each is sent to two nodes at once.
const MESSAGES: usize = 60;
/// In each round one node is killed once so many answers have come.
const KILLED_AFTER: [usize; 3] = [1, 30, 90];
/// Accounts of the two clients, and how a payment names them: the budget account needs its classification.
const BUDGET: (&str, &str) = ("LV68TREL1000000001001", "LV68TREL1000000001001=21381");
const SCHOOLS: (&str, &str) = ("LV42TREL2000000002001", "LV42TREL2000000002001=21381");
/// What a node counts of messages that it decided on together.
const TOGETHER: &str = "tdam_store_decisions_together";

/// A message of one of two clients that pay each other.
pub(crate) struct Message {
    user: &'static str,
    pub(crate) xml: Vec<u8>,
}

/// Messages with an even number are of the first client.
pub(crate) fn message(number: usize, day: Date) -> Message {
    let (user, from, to) =
        if number.is_multiple_of(2) { (USER, BUDGET, SCHOOLS) } else { (OTHER_USER, SCHOOLS, BUDGET) };
    let transactions = 1 + u32::try_from(number % 3).unwrap();
    let mut batch = PaymentBatch::new(transactions, 70_000 + number as u64, day);
    batch.message_id = format!("GROUPS-{number}");
    batch.debtor_accounts = vec![from.0.parse().unwrap()];
    batch.payee_accounts = vec![to.1.parse::<PayeeAccount>().unwrap()];
    let mut xml = Vec::new();
    batch.write(&mut xml).unwrap();
    Message { user, xml }
}

/// Sends to one node, and to the next one when that does not answer.
async fn answer(nodes: &[Client], first: usize, xml: &[u8]) -> Vec<u8> {
    let until = Instant::now() + PATIENCE;
    for client in nodes.iter().cycle().skip(first) {
        let options = SendOptions::default().wait(PATIENCE);
        match client.send_payments(Body::bytes(xml.to_vec()), options).await {
            Ok(Sent::Answer(answer)) => return answer.xml.to_vec(),
            Ok(Sent::InProgress(_)) => {}
            Err(error) if error.is_unavailable() || error.is_connection() || error.is_tls() => {}
            Err(error) => panic!("{error}"),
        }
        assert!(Instant::now() < until, "no answer");
        tokio::time::sleep(PAUSE).await;
    }
    unreachable!("the nodes come in a circle")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn groups_on_three_nodes_survive_the_death_of_any() {
    let Some(cluster) = cluster::Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let mut nodes: Vec<Option<Node>> = (1..=NODES).map(|number| Some(house.start(number))).collect();
    let mut sent = Vec::new();
    let mut together = 0.0;
    for (round, killed_after) in KILLED_AFTER.into_iter().enumerate() {
        let messages: Vec<Message> =
            (0..MESSAGES).map(|number| message(round * MESSAGES + number, house.day)).collect();
        let victim = nodes[round].take().unwrap();
        let alive = nodes.iter().flatten();
        let clients_of = |user| -> Vec<Client> {
            let all = std::iter::once(&victim).chain(alive.clone());
            all.map(|node| house.client_of(node, user)).collect()
        };
        let clients = [clients_of(USER), clients_of(OTHER_USER)];
        for client in clients.iter().flatten() {
            // The connections are there when the messages come.
            client.heartbeat().await.unwrap();
        }
        let answered = AtomicUsize::new(0);
        let answers = send_to_two_nodes(&messages, &clients, &answered, victim, killed_after).await;
        together += nodes.iter().flatten().map(decided_together).sum::<f64>();
        for (message, [one, another]) in messages.into_iter().zip(answers) {
            assert_eq!(one, another, "answered in two ways");
            sent.push((message, one));
        }
        nodes[round] = Some(house.start(u32::try_from(round).unwrap() + 1));
    }

    let nodes: Vec<Node> = nodes.into_iter().flatten().collect();
    for (number, (message, first)) in sent.iter().enumerate() {
        let client = house.client_of(&nodes[number % nodes.len()], message.user);
        assert_eq!(answer(&[client], 0, &message.xml).await, *first, "sent once more");
    }
    // One of the accounts has limits, which some of its messages exceed.
    let accepted = sent.iter().filter(|(_, answer)| String::from_utf8_lossy(answer).contains("<GrpSts>ACCP</GrpSts>"));
    let accepted = accepted.count();
    assert!(accepted > sent.len() / 2, "{accepted} of {} messages were accepted", sent.len());
    quiet(&house).await;
    assert_eq!(house.check(), "");
    assert_eq!(house.accepted().await, accepted);
    assert!(together > 0.0, "no node decided on several messages together");
    nodes.into_iter().for_each(Node::stop);
}

/// Sends each message to two nodes at once, and kills the first node after so many answers.
async fn send_to_two_nodes(
    messages: &[Message],
    clients: &[Vec<Client>; 2],
    answered: &AtomicUsize,
    victim: Node,
    killed_after: usize,
) -> Vec<[Vec<u8>; 2]> {
    let mut victim = Some(victim);
    tokio::task::block_in_place(|| {
        let runtime = tokio::runtime::Handle::current();
        std::thread::scope(|scope| {
            let sending: Vec<_> = messages
                .iter()
                .enumerate()
                .map(|(number, message)| {
                    let (clients, runtime) = (&clients[usize::from(message.user == OTHER_USER)], &runtime);
                    scope.spawn(move || {
                        let deliver = async |first| {
                            let answer = answer(clients, first, &message.xml).await;
                            answered.fetch_add(1, Ordering::SeqCst);
                            answer
                        };
                        let (one, another) =
                            runtime.block_on(async { tokio::join!(deliver(number), deliver(number + 1)) });
                        [one, another]
                    })
                })
                .collect();
            while answered.load(Ordering::SeqCst) < killed_after {
                std::thread::sleep(crate::PAUSE);
            }
            victim.take().unwrap().kill();
            sending.into_iter().map(|message| message.join().unwrap()).collect()
        })
    })
}

/// Messages that the node decided on in groups of more than one.
fn decided_together(node: &Node) -> f64 {
    let bucket = |le: &str| node.metric(&format!("{TOGETHER}_bucket{{le=\"{le}\"}}")).unwrap();
    bucket("+Inf") - bucket("1")
}
