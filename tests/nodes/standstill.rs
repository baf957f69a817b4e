//! A node stands still in the middle of a transaction, as on a machine that its host has paused: its locks come free
//! soon, other nodes serve meanwhile, and nothing of its transaction happens unless it runs again.

use client::{Body, SendOptions, Sent};

use crate::cluster::Cluster;
use crate::database::Database;
use crate::node::House;
use crate::{answer, message, quiet};

/// What we lock, so that the node's transaction waits for it and stands still as soon as it has it; and what it holds then.
const MOMENTS: [(&str, &str); 3] = [
    ("the tail, which every commit needs", "SELECT 1 FROM house.tail FOR UPDATE"),
    ("the client, and then its accounts", "SELECT 1 FROM house.account FOR UPDATE"),
    ("the client alone", "SELECT 1 FROM house.client FOR UPDATE"),
];

/// One attempt of another sender is enough, though it needs the same rows: a lock is waited for no longer than ten seconds,
/// and a node that stands still was given a minute before.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_node_that_stands_still_keeps_nobody_waiting() {
    let Some(cluster) = Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let (frozen, other) = (house.start(1), house.start(2));
    let (to_frozen, to_other) = (house.client(&frozen), house.client(&other));
    let database = Database::of(&cluster).await;
    for (round, (what, lock)) in (0_u64..).zip(MOMENTS) {
        let xml = message(&format!("STILL-{round}"), 3, 2 * round, house.day);
        database.stand_in_the_way(lock).await;
        let (client, bytes) = (to_frozen.clone(), xml.clone());
        let sent = tokio::spawn(async move { client.send_payments(Body::bytes(bytes), SendOptions::default()).await });
        let held = database.held_up().await;
        frozen.freeze();
        database.step_aside().await;

        let after = message(&format!("STILL-OTHER-{round}"), 3, 2 * round + 1, house.day);
        let served = to_other.send_payments(Body::bytes(after), SendOptions::default()).await;
        assert!(matches!(served, Ok(Sent::Answer(_))), "{what}: {:?}", served.err());
        assert_eq!(database.end_of(&held).await, "aborted", "{what}");
        assert_eq!(database.stored_answer(&format!("STILL-{round}")).await, None, "{what}");

        frozen.thaw();
        // It runs its transaction again on its own; if it asks its sender to come again, that request gets an answer
        // too.
        let first = sent.await.unwrap();
        let second = answer(&to_other, &xml).await;
        if let Ok(Sent::Answer(first)) = first {
            assert_eq!(first.xml.to_vec(), second, "{what}: answered in two ways");
        }
        quiet(&house).await;
        assert_eq!(house.check(), "", "{what}");
    }
    frozen.stop();
    other.stop();
}
