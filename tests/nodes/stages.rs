//! Kills a node at each stage of a message's life that takes several transactions; another node finishes, once.
//!
//! A trigger halts the node's transaction where the stage is half done. So the node is where the test wants it, on
//! every machine, and the database says so after the kill. (`activation.rs` cuts the one transaction that makes a
//! message count.)

use std::time::{Duration, Instant};

use client::{Body, Client, SendOptions, Sent};
use payments::Stage;
use store::StoreError;

use crate::cluster::Cluster;
use crate::database::Database;
use crate::node::House;
use crate::{PATIENCE, PAUSE, answer, message, quiet};

const PAYMENTS: u32 = 2_000;

/// Where a node is killed.
struct Place {
    name: &'static str,
    /// Table, event and condition of the trigger that halts it.
    halts: (&'static str, &'static str, &'static str),
    /// Whether the client has its answer by then.
    is_answered: bool,
    holds: fn(&Left) -> bool,
}

/// The unfinished work of the killed node.
#[derive(Debug)]
struct Left {
    unanswered: usize,
    staged_payments: u32,
    /// Lots of which some payments are booked, and others are not: inside, and at other banks.
    half_executed: usize,
    half_settled: usize,
}

const PLACES: [Place; 4] = [
    Place {
        name: "RECEIVED",
        halts: ("payment", "INSERT", "NEW.id % 4294967296 = 0"),
        is_answered: false,
        holds: |left| left.unanswered == 1 && left.staged_payments == 0,
    },
    Place {
        name: "STAGING",
        halts: ("payment", "INSERT", "NEW.id % 4294967296 = 1000"),
        is_answered: false,
        holds: |left| left.unanswered == 1 && left.staged_payments > 0 && left.staged_payments < PAYMENTS,
    },
    Place {
        name: "EXECUTING",
        halts: ("lot", "UPDATE", "OLD.stage = 2 AND OLD.booked_count BETWEEN 1 AND OLD.count - 1"),
        is_answered: true,
        holds: |left| left.unanswered == 0 && left.half_executed > 0,
    },
    Place {
        name: "SETTLING",
        halts: ("lot", "UPDATE", "OLD.stage = 3 AND OLD.booked_count BETWEEN 1 AND OLD.count - 1"),
        is_answered: true,
        holds: |left| left.unanswered == 0 && left.half_settled > 0,
    },
];

async fn left_by_the_killed_node(house: &House) -> Left {
    let store = house.store().await;
    let read = store.read(|reading| {
        let unanswered = reading.unanswered_submissions(10)?;
        let mut staged_payments = 0;
        for submission in &unanswered {
            staged_payments += reading.payments(submission.id, None, 0, u32::MAX, &mut |_| Ok(()))?;
        }
        let mut half = |stage| {
            let lots = reading.lots_in_stage(stage, jiff::civil::Date::MAX, None, 1_000)?;
            Ok::<_, StoreError>(lots.iter().filter(|lot| lot.booked_count > 0).count())
        };
        let (half_executed, half_settled) = (half(Stage::Held)?, half(Stage::Dispatched)?);
        Ok::<_, StoreError>(Left { unanswered: unanswered.len(), staged_payments, half_executed, half_settled })
    });
    read.await.unwrap()
}

/// The answer, if it is there in time. A busy machine may make a node say that the client shall come again.
async fn first_response(client: &Client, xml: &[u8], wait: Duration) -> Option<Vec<u8>> {
    let until = Instant::now() + PATIENCE;
    loop {
        let sent = client.send_payments(Body::bytes(xml.to_vec()), SendOptions::default().wait(wait)).await;
        match sent {
            Ok(Sent::Answer(answer)) => return Some(answer.xml.to_vec()),
            Ok(Sent::InProgress(_)) => return None,
            Err(error) => assert!(error.is_unavailable() && Instant::now() < until, "{error}"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_a_killed_node_leaves_half_done_another_finishes() {
    let Some(cluster) = Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let database = Database::of(&cluster).await;
    for (round, place) in PLACES.into_iter().enumerate() {
        let name = place.name;
        let id = format!("NODES-{name}");
        let xml = message(&id, PAYMENTS, 500 + round as u64, house.day);
        let victim = house.start(2);
        database.halt(place.halts).await;
        let wait = if place.is_answered { PATIENCE } else { Duration::ZERO };
        let first = first_response(&house.client(&victim), &xml, wait).await;
        assert_eq!(first.is_some(), place.is_answered, "{name}");
        let halted = database.halted().await;
        victim.kill();
        database.step_aside().await;
        assert_eq!(database.end_of(&halted).await, "aborted", "{name}");
        database.halt_nobody().await;
        let left = left_by_the_killed_node(&house).await;
        assert!((place.holds)(&left), "{name}: the kill came at another moment: {left:?}");

        // The client goes to another node; earlier answers stay.
        let survivor = house.start(1);
        let second = answer(&house.client(&survivor), &xml).await;
        assert!(first.is_none_or(|first| first == second), "{name}: answered in two ways");
        quiet(&house).await;
        survivor.stop();
        assert_eq!(house.check(), "", "{name}");
        assert_eq!(house.messages_accepted(&id).await, 1, "{name}");
    }
}
