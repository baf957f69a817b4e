//! Three real servers on one PostgreSQL: each gives the same answer, and after a kill another one finishes the work,
//! once. And one server whose way to the database is in trouble.
//!
//! Returns at once where PostgreSQL is not installed.
#![allow(clippy::unwrap_used, missing_docs)]

mod activation;
mod chaos;
#[path = "../postgres/cluster.rs"]
mod cluster;
mod curl;
mod database;
mod draws;
mod groups;
mod metrics;
mod news;
mod node;
mod office;
#[path = "../postgres/proxy.rs"]
mod proxy;
mod rights;
mod stages;
mod standstill;

use std::time::{Duration, Instant};

use client::{Body, Client, Retries, SendOptions, Sent};
use jiff::civil::Date;
use payments::Stage;
use tdam::generate::PaymentBatch;

use node::{House, Node};

/// Time for everything to end. Only a hanging test reaches it.
const PATIENCE: Duration = Duration::from_secs(300);
const PAUSE: Duration = Duration::from_millis(50);
/// Payments of a message that is decided in one transaction, and of one that is staged first.
const SMALL: u32 = 3;
const LARGE: u32 = 1_500;

/// Each seed makes other payments: the same ones again would be refused as duplicates.
fn message(id: &str, transactions: u32, seed: u64, day: Date) -> Vec<u8> {
    let mut batch = PaymentBatch::new(transactions, seed, day);
    batch.message_id = id.to_owned();
    let mut xml = Vec::new();
    batch.write(&mut xml).unwrap();
    xml
}

/// Sends, and asks again as long as no server answers or the work is not done.
async fn answer(client: &Client, xml: &[u8]) -> Vec<u8> {
    let until = Instant::now() + PATIENCE;
    loop {
        let options = SendOptions::default().wait(Duration::from_secs(20));
        match client.send_payments(Body::bytes(xml.to_vec()), options).await {
            Ok(Sent::Answer(answer)) => return answer.xml.to_vec(),
            Ok(Sent::InProgress(_)) => {}
            Err(error) if error.is_unavailable() || error.is_connection() => {}
            Err(error) => panic!("{error}"),
        }
        assert!(Instant::now() < until, "no answer");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Waits until every submission is answered and every lot at its end.
async fn quiet(house: &House) {
    let store = house.store().await;
    let until = Instant::now() + PATIENCE;
    loop {
        let (unanswered, lots) = store
            .read(|reading| {
                let mut lots = 0;
                for stage in [Stage::Scheduled, Stage::AwaitingFunds, Stage::Held, Stage::Dispatched] {
                    lots += reading.lots_in_stage(stage, Date::MAX, None, 1_000)?.len();
                }
                Ok::<_, store::StoreError>((reading.unanswered_submissions(1_000)?.len(), lots))
            })
            .await
            .unwrap();
        if (unanswered, lots) == (0, 0) {
            return;
        }
        assert!(Instant::now() < until, "{unanswered} submissions and {lots} lots are left");
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn three_nodes_are_one_exchange() {
    let Some(cluster) = cluster::Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let nodes: Vec<Node> = (1..=3).map(|number| house.start(number)).collect();
    let clients: Vec<Client> = nodes.iter().map(|node| house.client(node)).collect();

    small_and_large_ones_are_answered_alike(&house, &clients).await;
    quiet(&house).await;
    assert_eq!(house.check(), "");
    revoked_on_one_is_refused_on_all(&house, &nodes).await;
    for node in nodes {
        node.stop();
    }
    // The small one and the large one, each staged by one node: the others waited for that.
    let written = database::Database::of(&cluster).await.payments_ever_written().await;
    let once = i64::from(SMALL + LARGE);
    assert!(written >= once && written < once + i64::from(LARGE) / 2, "{written} payments were written");
}

/// One hundred times the same bytes, at once, to all nodes in turn.
async fn small_and_large_ones_are_answered_alike(house: &House, clients: &[Client]) {
    for (id, transactions, copies) in [("NODES-SMALL", SMALL, 100), ("NODES-LARGE", LARGE, 12)] {
        let xml = message(id, transactions, u64::from(transactions), house.day);
        let mut tasks = tokio::task::JoinSet::new();
        for copy in 0..copies {
            let (client, xml) = (clients[copy % clients.len()].clone(), xml.clone());
            tasks.spawn(async move { answer(&client, &xml).await });
        }
        let answers = tasks.join_all().await;
        assert_eq!(answers.len(), copies);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{id}: answered in two ways");
        // One message, on any node.
        let messages = house.messages_accepted(id).await;
        assert_eq!(messages, 1, "{id}");
    }
}

async fn revoked_on_one_is_refused_on_all(house: &House, nodes: &[Node]) {
    let clients: Vec<Client> = nodes.iter().map(|node| house.client(node)).collect();
    for client in &clients {
        client.heartbeat().await.unwrap();
    }
    house.revoke();
    // Connections are open, TLS sessions known; the servers still refuse the very next request of each.
    for client in &clients {
        let refused = client.heartbeat().await.unwrap_err();
        assert!(refused.is_unauthorised(), "{refused}");
    }
}

/// The database goes away and comes back: the server asks clients to come again, and needs no restart.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_is_away_is_told_and_used_again() {
    let Some(cluster) = cluster::Cluster::start(true) else { return };
    let house = House::make(&cluster).await;
    let node = house.start(1);
    let client = house.client(&node);
    let before = answer(&client, &message("NODES-BEFORE", 3, 1, house.day)).await;
    cluster.stop();
    let xml = message("NODES-AWAY", 3, 2, house.day);
    let away = client.send_payments(Body::bytes(xml.clone()), SendOptions::default()).await.unwrap_err();
    assert!(away.is_unavailable(), "{away}");
    let problem = away.problem().unwrap();
    assert_eq!(problem.status, 503, "{problem:?}");
    if curl::is_installed() {
        // As long as its lease of rights holds, the node knows from memory who calls.
        let mut reply = house.curl(&node).get("/v1/heartbeat");
        while reply.status == 200 {
            reply = house.curl(&node).get("/v1/heartbeat");
        }
        assert!(reply.asks_to_come_again(), "{reply:?}");
    }
    cluster.go_on();
    answer(&client, &xml).await;
    assert_eq!(answer(&client, &message("NODES-BEFORE", 3, 1, house.day)).await, before);
    quiet(&house).await;
    assert_eq!(house.check(), "");
    node.stop();
}

/// A client that tries once, so that the test measures the server.
fn impatient(builder: client::ClientBuilder) -> Client {
    builder.retries(Retries::none()).idle_timeout(PATIENCE).call_timeout(PATIENCE).build().unwrap()
}
