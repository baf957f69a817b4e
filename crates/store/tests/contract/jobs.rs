//! Jobs: all or nothing of each, independent of its neighbours.

use std::sync::mpsc;

use store::{AuditLine, Store, StoreError};

use crate::support::*;

fn clients(store: &Store) -> Vec<String> {
    read(store, |snapshot| snapshot.clients()).into_iter().map(|client| client.name).collect()
}

pub fn nothing_happens_when_a_job_fails(open: Open<'_>) {
    #[derive(Debug, PartialEq)]
    enum Failure {
        OfStore(StoreError),
        OfCaller,
    }
    impl From<StoreError> for Failure {
        fn from(error: StoreError) -> Failure {
            Failure::OfStore(error)
        }
    }
    let store = open();
    let result: Result<(), Failure> = store.write_blocking(|tx| {
        tx.insert_client(&client("Ogres novads"))?;
        Err(Failure::OfCaller)
    });
    assert_eq!(result, Err(Failure::OfCaller), "the caller's own error comes through");
    assert_eq!(clients(&store), Vec::<String>::new());
    let counters = store.counters();
    assert_eq!((counters.commits, counters.jobs, counters.failed_jobs), (0, 0, 1));
}

pub fn a_proof_is_a_durable_commit_that_changes_nothing(open: Open<'_>) {
    let store = open();
    Treasury::found(&store);
    let state = |store: &Store| {
        read(store, |snapshot| Ok((snapshot.business_day()?, snapshot.last_sequence()?, snapshot.audit(1, 100)?)))
    };
    let (before, commits) = (state(&store), store.counters().commits);
    write(&store, |tx| tx.prove());
    assert_eq!(store.counters().commits, commits + 1);
    assert_eq!(state(&store), before);
    // A job's proof and its writes are one commit.
    write(&store, |tx| {
        tx.prove()?;
        tx.append_audit(&AuditLine {
            at: at(1),
            actor: "operator".to_owned(),
            action: "day.moved".to_owned(),
            detail: String::new(),
        })
    });
    write(&store, |tx| tx.prove());
    assert_eq!(state(&store).2.len(), before.2.len() + 1);
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

pub fn a_panic_touches_no_other_job(open: Open<'_>) {
    let store = open();
    // A writer is kept busy, so that jobs may share a transaction where there is only one.
    let (release, released) = mpsc::channel::<()>();
    let (begun, running) = mpsc::channel();
    let busy = {
        let store = store.clone();
        std::thread::spawn(move || {
            store.write_blocking::<(), StoreError, _>(move |_| {
                begun.send(()).unwrap();
                released.recv().unwrap();
                Ok(())
            })
        })
    };
    running.recv().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let results = runtime.block_on(async {
        let insert = |name: &'static str| store.write(move |tx| tx.insert_client(&client(name)));
        let panicking = store.write::<(), StoreError, _>(|tx| {
            tx.insert_client(&client("nobody"))?;
            panic!("a fault")
        });
        // All are queued when each has been polled once; then the writer continues.
        let releasing = async { release.send(()).unwrap() };
        tokio::join!(insert("Ogre"), panicking, insert("Jelgava"), releasing)
    });
    busy.join().unwrap().unwrap();
    assert!(results.0.is_ok() && results.2.is_ok(), "{results:?}");
    assert_eq!(results.1, Err(StoreError::JobPanicked("a fault".to_owned())));
    let mut names = clients(&store);
    names.sort();
    assert_eq!(names, ["Jelgava", "Ogre"]);
    let counters = store.counters();
    assert_eq!((counters.jobs, counters.failed_jobs), (3, 1));
}

pub fn a_snapshot_does_not_move(open: Open<'_>) {
    let store = open();
    write(&store, |tx| tx.insert_client(&client("Ogre")));
    let (before, after) = read(&store, |snapshot| {
        let before = snapshot.clients()?.len();
        write(&store, |tx| tx.insert_client(&client("Jelgava")));
        Ok((before, snapshot.clients()?.len()))
    });
    assert_eq!((before, after), (1, 1));
    assert_eq!(clients(&store).len(), 2);
}

pub fn a_read_sees_what_was_written_before(open: Open<'_>) {
    let (store, other) = (open(), open());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        for written in 1..=100 {
            let writing = if written % 2 == 0 { &store } else { &other };
            writing.write(|tx| tx.insert_client(&client("Ogre"))).await.unwrap();
            for reading in [&store, &other] {
                let seen = reading.read(|snapshot| snapshot.clients()).await.unwrap();
                assert_eq!(seen.len(), written);
            }
        }
    });
}

pub fn a_panic_while_reading_is_an_error(open: Open<'_>) {
    let store = open();
    for _ in 0..20 {
        let result: Result<(), StoreError> = store.read_blocking(|snapshot| {
            snapshot.clients()?;
            panic!("a fault")
        });
        assert_eq!(result, Err(StoreError::JobPanicked("a fault".to_owned())));
    }
    assert_eq!(clients(&store), Vec::<String>::new(), "no connection was lost");
}

pub fn everything_is_there_after_reopening(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    treasury.fund(&store, treasury.payer, 1000, MONDAY);
    drop(store);
    let store = open();
    let account = read(&store, |snapshot| snapshot.accounts(&[treasury.payer])).remove(0);
    assert_eq!(account.ledger.balance, 1000);
    assert_eq!(read(&store, |snapshot| snapshot.last_sequence()), 2);
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

pub fn a_job_may_hold_the_last_clone(open: Open<'_>) {
    /// Dropped in this order: when the store is closed, the channel ends.
    struct Held {
        store: Store,
        _closed: mpsc::Sender<()>,
    }
    impl Held {
        fn commits(&self) -> u64 {
            self.store.counters().commits
        }
    }
    let store = open();
    let (begun, running) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    let (_closed, closed) = mpsc::channel();
    let held = Held { store: store.clone(), _closed };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let writing = store.write::<(), StoreError, _>(move |tx| {
            begun.send(()).unwrap();
            released.recv().unwrap();
            tx.insert_client(&client(&format!("{} commits before", held.commits())))?;
            Ok(())
        });
        let mut writing = Box::pin(writing);
        // Polled once, then dropped: no caller waits for the answer any more.
        let first = std::future::poll_fn(|context| std::task::Poll::Ready(writing.as_mut().poll(context))).await;
        assert!(first.is_pending());
        running.recv().unwrap();
    });
    drop(store);
    release.send(()).unwrap();
    // Ends a test that hangs; it measures nothing.
    let ended = closed.recv_timeout(std::time::Duration::from_secs(300));
    assert_eq!(ended, Err(mpsc::RecvTimeoutError::Disconnected), "the store closes on its own thread");
    assert_eq!(clients(&open()), ["0 commits before"]);
}

/// A runtime lets one poll of a task find only so many futures ready (Tokio: 128); who blocks in it waits for none of them to be.
pub fn a_task_that_reads_often_without_a_pause_ends(open: Open<'_>) {
    let store = open();
    Treasury::found(&store);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let found = runtime.block_on(async { (0..300).filter(|_| !clients(&store).is_empty()).count() });
    assert_eq!(found, 300);
}
