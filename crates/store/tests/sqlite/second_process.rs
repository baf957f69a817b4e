//! Another process writes beside the serving one, as operators' commands do.

use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use store::{SqliteOptions, Store, StoreError};

use crate::crash::Child;
use crate::writing::*;

/// Two openings and a process beside them write at once; nothing is lost, the audit chain has no gap.
#[test]
fn several_write_at_once() {
    const LINES: usize = 100;
    let folder = tempfile::tempdir().unwrap();
    let stores = [0, 1].map(|_| Store::open(folder.path(), SqliteOptions::default()).unwrap());
    let child = Child::start(folder.path());
    let threads = stores.clone().map(|store| {
        std::thread::spawn(move || {
            for number in 0..LINES {
                append(&store, format!("here {number}")).unwrap();
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
    let acknowledged = child.kill_after(20);
    let written = details(&stores[0]);
    assert_eq!(written.iter().filter(|detail| detail.starts_with("here")).count(), 2 * LINES);
    for detail in acknowledged {
        assert!(written.contains(&detail), "{detail} was acknowledged");
    }
    assert_sound(&stores[1], written.len());
}

/// A writer that does not let go makes the store unavailable, not broken.
#[test]
fn a_lock_held_for_too_long_is_an_error_that_passes() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions { busy_timeout: Duration::from_millis(50), ..SqliteOptions::default() };
    let store = Store::open(folder.path(), options).unwrap();
    let mut other = Connection::open(folder.path().join("tdam.sqlite")).unwrap();
    let lock = other.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    let error = append(&store, "kept out".to_owned()).unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)) && error.is_temporary(), "{error}");
    assert_eq!(details(&store), Vec::<String>::new(), "reading goes on");
    drop(lock);
    append(&store, "let in".to_owned()).unwrap();
    assert_eq!(details(&store), ["let in"]);
}

#[test]
fn one_serves_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = [0, 1].map(|_| Store::open(folder.path(), SqliteOptions::default()).unwrap());
    let lock = first.lock_for_serving().unwrap();
    assert!(matches!(second.lock_for_serving().err(), Some(StoreError::Serving(_))));
    // A process that does not serve may still write.
    append(&second, "beside".to_owned()).unwrap();
    drop(lock);
    assert!(second.lock_for_serving().is_ok());
}

/// A child process inherits all handles until it becomes its own program. A lock that was given back is free meanwhile.
#[test]
fn a_lock_given_back_is_free_while_other_processes_start() {
    const ROUNDS: usize = 500;
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = [0, 1].map(|_| Store::open(folder.path(), SqliteOptions::default()).unwrap());
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                assert!(Command::new("true").status().unwrap().success());
            }
        });
        let kept_out =
            (0..ROUNDS).filter(|_| first.lock_for_serving().is_err() || second.lock_for_serving().is_err()).count();
        stop.store(true, Ordering::Relaxed);
        assert_eq!(kept_out, 0, "of {ROUNDS}");
    });
}
