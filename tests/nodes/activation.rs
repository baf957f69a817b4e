//! Kills a node in the middle of the activation, the one transaction that makes a message count: while it waits to
//! write to each table, and with its commit durable and not answered. The test sees the node's position in the database
//! and does not rely on timing.

use client::{Body, Error, SendOptions};
use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;

use crate::cluster::Cluster;
use crate::database::Database;
use crate::node::{House, Node};
use crate::{PATIENCE, answer, message, quiet};

/// Where an activation is held up, in the order in which it comes there: what it is about to write, or, at last, to lock; then
/// follow in one go its audit line and the commit.
const PLACES: [(&str, &str); 6] = [
    ("BLOCK", "LOCK TABLE house.block IN SHARE MODE"),
    ("MESSAGE", "LOCK TABLE house.message IN SHARE MODE"),
    ("FLIP", "LOCK TABLE house.flip IN SHARE MODE"),
    ("EVENT", "LOCK TABLE house.event IN SHARE MODE"),
    ("ACCOUNT", "LOCK TABLE house.account IN SHARE MODE"),
    ("TAIL", TAIL),
];
const TAIL: &str = "SELECT FROM house.tail FOR NO KEY UPDATE";

/// Begins to send to a node that will not live to answer.
fn send(house: &House, node: &Node, xml: &[u8]) -> JoinHandle<Option<Error>> {
    let (client, xml) = (house.client(node), xml.to_vec());
    tokio::spawn(async move {
        let options = SendOptions::default().wait(PATIENCE);
        client.send_payments(Body::bytes(xml), options).await.err()
    })
}

async fn breaks_off(sending: JoinHandle<Option<Error>>) {
    let error = sending.await.unwrap().expect("an error");
    assert!(error.is_connection(), "{error}");
}

async fn finished_once(house: &House, id: &str) {
    quiet(house).await;
    assert_eq!(house.check(), "", "{id}");
    assert_eq!(house.messages_accepted(id).await, 1, "{id}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_kill_in_the_middle_of_the_flip_leaves_nothing_of_it() {
    let Some(cluster) = Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let survivor = house.start(1);
    let to_survivor = house.client(&survivor);
    let database = Database::of(&cluster).await;
    for (round, (place, lock)) in PLACES.into_iter().enumerate() {
        let victim = house.start(2);
        let id = format!("NODES-{place}");
        let xml = message(&id, 300, 100 + round as u64, house.day);
        database.stand_in_the_way(lock).await;
        let sending = send(&house, &victim, &xml);
        let activation = database.activation_held_up().await;
        victim.kill();
        breaks_off(sending).await;
        database.step_aside().await;
        assert_eq!(database.end_of(&activation).await, "aborted", "{place}");
        let after = answer(&to_survivor, &xml).await;
        assert_eq!(database.stored_answer(&id).await, Some(after), "{place}");
        finished_once(&house, &id).await;
    }
    survivor.stop();
}

/// The commit waits for a standby that does not exist, so it is durable, but not answered, when its node is killed.
///
/// A node gives up waiting for a lock after ten seconds. On a machine so busy that the commits of others are not seen to hang
/// before, the node answers, and it is tried again with another message.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flip_that_was_durable_when_its_node_was_killed_counts() {
    const WAITS: &str = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND ($1 = 0 OR pid = $1)";
    const ATTEMPTS: u64 = 10;
    let Some(cluster) = Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let (survivor, victim) = (house.start(1), house.start(2));
    let database = Database::of(&cluster).await;
    let standby = async |wanted: &str| {
        database.run(&format!("ALTER SYSTEM SET synchronous_standby_names = '{wanted}'")).await;
        database.run("SELECT pg_reload_conf()").await;
    };
    let mut attempt = 0;
    let (id, xml, activation, sending) = loop {
        attempt += 1;
        let id = format!("NODES-DURABLE-{attempt}");
        let xml = message(&id, 300, 200 + attempt, house.day);
        database.stand_in_the_way(TAIL).await;
        let mut sending = send(&house, &victim, &xml);
        let activation = database.activation_held_up().await;
        // Signs of life are commits too: the first one that hangs shows that every commit does by now.
        standby("nobody").await;
        database.until("commits wait for the standby", WAITS, &[&0]).await;
        database.step_aside().await;
        let pid: &[&(dyn ToSql + Sync)] = &[&activation.pid];
        tokio::select! {
            _ = database.until("the activation's commit waits", WAITS, pid) => break (id, xml, activation, sending),
            answered = &mut sending => {
                assert!(attempt < ATTEMPTS, "the node does not wait for the activation's lock: {answered:?}");
                standby("").await;
                quiet(&house).await;
            }
        }
    };
    victim.kill();
    breaks_off(sending).await;
    standby("").await;
    assert_eq!(database.end_of(&activation).await, "committed");
    let stored = database.stored_answer(&id).await.expect("what was durable is there");

    let to_survivor = house.client(&survivor);
    assert_eq!(answer(&to_survivor, &xml).await, stored);
    finished_once(&house, &id).await;
    survivor.stop();
}
