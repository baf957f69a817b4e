//! Trouble with the database: every job happens once or not at all, its caller learns which, and the store recovers on
//! its own.

use std::time::{Duration, Instant};

use store::{PostgresOptions, Store, StoreError};

use crate::cluster::Cluster;
use crate::fresh;
use crate::proxy::{Proxy, Trouble};
use crate::writing::*;

/// A store behind a proxy, impatient enough for a test.
fn behind_proxy() -> Option<(Proxy, Store)> {
    let (cluster, options) = fresh()?;
    let proxy = Proxy::before(cluster.port());
    let options = PostgresOptions {
        url: format!("postgresql://owner@127.0.0.1:{}/postgres", proxy.port()),
        connect_timeout: Duration::from_secs(2),
        statement_timeout: Duration::from_secs(2),
        lock_timeout: Duration::from_secs(1),
        queue_wait_max: Duration::from_secs(20),
        resolve_max: Duration::from_secs(20),
        ..options
    };
    Some((proxy, Store::open_postgres(options).unwrap()))
}

/// Ends a test that hangs; it measures nothing.
const WATCHDOG: Duration = Duration::from_secs(300);

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let watchdog = Instant::now() + WATCHDOG;
    while !holds() {
        assert!(Instant::now() < watchdog, "{what}");
    }
}

#[test]
fn a_commit_whose_answer_is_lost_happened_once() {
    let Some((proxy, store)) = behind_proxy() else { return };
    append(&store, "before".to_owned()).unwrap();
    for round in 0..5 {
        proxy.make(Trouble::CutAfterCommit);
        append(&store, format!("{round}")).unwrap();
        assert_eq!(proxy.cuts(), round + 1);
    }
    assert_eq!(details(&store), ["before", "0", "1", "2", "3", "4"]);
    assert_sound(&store, 6);
}

#[test]
fn a_commit_that_does_not_arrive_is_made_again() {
    let Some((proxy, store)) = behind_proxy() else { return };
    append(&store, "before".to_owned()).unwrap();
    for round in 0..5 {
        proxy.make(Trouble::CutBeforeCommit);
        append(&store, format!("{round}")).unwrap();
        assert_eq!(proxy.cuts(), round + 1);
    }
    assert_eq!(details(&store), ["before", "0", "1", "2", "3", "4"]);
    assert_sound(&store, 6);
}

#[test]
fn connections_cut_anywhere_lose_nothing_and_do_nothing_twice() {
    let Some((proxy, store)) = behind_proxy() else { return };
    let mut acknowledged = Vec::new();
    // From the first answers of a connection to those of its first commits.
    for bytes in (400..2400).step_by(100) {
        proxy.make(Trouble::Down);
        proxy.make(Trouble::CutAfterBytes(bytes));
        let detail = format!("{bytes}");
        match append(&store, detail.clone()) {
            Ok(()) => acknowledged.push(detail),
            Err(StoreError::Unavailable(_)) => {}
            // Unknown outcomes must be rare enough for a person to look at them.
            Err(StoreError::OutcomeUnknown(_)) => {}
            Err(error) => panic!("{error}"),
        }
    }
    proxy.make(Trouble::Down);
    proxy.make(Trouble::None);
    eventually("the store works again", || append(&store, "after".to_owned()).is_ok());
    let written = details(&store);
    for detail in &acknowledged {
        assert_eq!(written.iter().filter(|line| *line == detail).count(), 1, "{detail}");
    }
    let mut once = written.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), written.len(), "nothing is there twice");
    assert_sound(&store, written.len());
}

#[test]
fn a_database_that_does_not_answer_is_unavailable_in_bounded_time() {
    let Some((proxy, store)) = behind_proxy() else { return };
    append(&store, "before".to_owned()).unwrap();
    details(&store);
    proxy.make(Trouble::BlackHole);
    // Nothing comes back out of the hole, so only the store's own bound ends these.
    let written = append(&store, "into the hole".to_owned());
    assert!(matches!(written, Err(StoreError::Unavailable(_))), "{written:?}");
    let read = store.read_blocking(|snapshot| snapshot.business_day());
    assert!(matches!(read, Err(StoreError::Unavailable(_))), "{read:?}");
    proxy.make(Trouble::Down);
    let refused = append(&store, "nobody there".to_owned());
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    proxy.make(Trouble::None);
    eventually("the store works again", || append(&store, "after".to_owned()).is_ok());
    assert_eq!(details(&store), ["before", "after"]);
}

/// The server crashes while several write: acknowledged data are there, once, and no one reopens the store.
#[test]
fn what_was_acknowledged_survives_a_crash_of_the_server() {
    const WRITERS: usize = 4;
    let Some(cluster) = Cluster::start(true) else { return };
    let options = PostgresOptions { resolve_max: Duration::from_secs(60), ..PostgresOptions::new(cluster.url()) };
    let store = Store::open_postgres(options).unwrap();
    let stop = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let write = |writer: usize| {
        let (store, stop) = (store.clone(), std::sync::Arc::clone(&stop));
        std::thread::spawn(move || {
            let mut acknowledged = Vec::new();
            for number in 0.. {
                if stop.load(std::sync::atomic::Ordering::SeqCst) {
                    break;
                }
                let detail = format!("{writer}/{number}");
                match append(&store, detail.clone()) {
                    Ok(()) => acknowledged.push(detail),
                    Err(StoreError::Unavailable(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            acknowledged
        })
    };
    let threads: Vec<_> = (0..WRITERS).map(write).collect();
    for _ in 0..3 {
        let before = store.counters().commits;
        eventually("jobs are done", || store.counters().commits > before + 50);
        cluster.crash();
    }
    let before = store.counters().commits;
    eventually("jobs are done after the last crash", || store.counters().commits > before + 50);
    stop.store(true, std::sync::atomic::Ordering::SeqCst);
    let acknowledged: Vec<String> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
    let written = details(&store);
    let lines: std::collections::HashSet<&String> = written.iter().collect();
    assert_eq!(lines.len(), written.len(), "nothing is there twice");
    for detail in &acknowledged {
        assert!(lines.contains(detail), "{detail} was acknowledged");
    }
    assert_sound(&store, written.len());
}
