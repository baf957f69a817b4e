//! A node is killed in the middle of the flip, the one transaction that makes a message count: while it waits to write to
//! this table or that, and with its commit durable and not answered. Where it is at that moment is not hoped for but seen in
//! the database.

use client::{Body, SendOptions};

use crate::cluster::Cluster;
use crate::database::Database;
use crate::node::{House, Node};
use crate::{PATIENCE, answer, message, quiet};

/// Where a flip is held up, in the order in which it comes there: what it is about to write, or, at last, to lock; then
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
fn send(house: &House, node: &Node, xml: &[u8]) -> tokio::task::JoinHandle<()> {
    let (client, xml) = (house.client(node), xml.to_vec());
    tokio::spawn(async move {
        let options = SendOptions::default().wait(PATIENCE);
        let error = client.send_payments(Body::bytes(xml), options).await.unwrap_err();
        assert!(error.is_connection(), "{error}");
    })
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
        let flip = database.flip_held_up().await;
        victim.kill();
        sending.await.unwrap();
        database.step_aside().await;
        assert_eq!(database.end_of(&flip).await, "aborted", "{place}");
        let after = answer(&to_survivor, &xml).await;
        assert_eq!(database.stored_answer(&id).await, Some(after), "{place}");
        finished_once(&house, &id).await;
    }
    survivor.stop();
}

/// The commit waits for a standby that does not exist, so it is durable, but not answered, when its node is killed.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_flip_that_was_durable_when_its_node_was_killed_counts() {
    const WAITS: &str = "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND ($1 = 0 OR pid = $1)";
    let Some(cluster) = Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let (survivor, victim) = (house.start(1), house.start(2));
    let database = Database::of(&cluster).await;
    let id = "NODES-DURABLE";
    let xml = message(id, 300, 200, house.day);
    database.stand_in_the_way(TAIL).await;
    let sending = send(&house, &victim, &xml);
    let flip = database.flip_held_up().await;
    // Signs of life are commits too: the first one that hangs shows that every commit does by now.
    database.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'").await;
    database.run("SELECT pg_reload_conf()").await;
    database.until("commits wait for the standby", WAITS, &[&0]).await;
    database.step_aside().await;
    database.until("the flip's commit waits", WAITS, &[&flip.pid]).await;
    victim.kill();
    sending.await.unwrap();
    database.run("ALTER SYSTEM RESET synchronous_standby_names").await;
    database.run("SELECT pg_reload_conf()").await;
    assert_eq!(database.end_of(&flip).await, "committed");
    let stored = database.stored_answer(id).await.expect("what was durable is there");

    let to_survivor = house.client(&survivor);
    assert_eq!(answer(&to_survivor, &xml).await, stored);
    finished_once(&house, id).await;
    survivor.stop();
}
