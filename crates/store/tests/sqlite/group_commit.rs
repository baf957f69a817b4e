//! Many small writers share commits; a single one never waits for company.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use store::{ClientId, SqliteOptions, Store, StoreError};

use crate::writing::*;

const WRITERS: u64 = 64;

fn slow_disk() -> SqliteOptions {
    SqliteOptions { commit_delay: Duration::from_millis(5), ..SqliteOptions::default() }
}

#[test]
fn many_small_writers_share_commits() {
    const ROUNDS: u64 = 50;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), slow_disk()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let write = |writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for round in 0..ROUNDS {
                    let line = line(format!("{writer}/{round}"));
                    store.write::<_, StoreError, _>(move |tx| tx.append_audit(&line)).await.unwrap();
                }
            })
        };
        for task in (0..WRITERS).map(write).collect::<Vec<_>>() {
            task.await.unwrap();
        }
    });
    let counters = store.counters();
    println!("{counters:?}: {} jobs a commit", counters.jobs / counters.commits);
    assert_eq!(counters.jobs, WRITERS * ROUNDS);
    assert!(counters.commits * 32 <= counters.jobs, "at most one commit for 32 jobs: {counters:?}");
    assert_sound(&store, (WRITERS * ROUNDS) as usize);
}

#[test]
fn a_single_writer_commits_each_job() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), slow_disk()).unwrap();
    for job in 0..20 {
        append(&store, format!("{job}")).unwrap();
    }
    let counters = store.counters();
    assert_eq!((counters.commits, counters.jobs, counters.group_jobs_max), (20, 20, 1));
}

#[test]
fn the_queue_holds_callers_back() {
    let folder = tempfile::tempdir().unwrap();
    let options = SqliteOptions { queue_jobs_max: 2, group_jobs_max: 3, ..slow_disk() };
    let store = Store::open(folder.path(), options).unwrap();
    let store = Arc::new(store);
    let write = |writer| {
        let store = Arc::clone(&store);
        std::thread::spawn(move || append(&store, format!("{writer}")))
    };
    for thread in (0..30).map(write).collect::<Vec<_>>() {
        thread.join().unwrap().unwrap();
    }
    let counters = store.counters();
    assert_eq!(counters.jobs, 30);
    assert!(counters.group_jobs_max <= 3, "{counters:?}");
    assert_sound(&store, 30);
}

/// The jobs of a group that fail are rolled back alone, and audit lines stay without gaps.
#[test]
fn jobs_that_fail_leave_no_gap() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), slow_disk()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let write = |writer: u64| {
            let store = store.clone();
            tokio::spawn(async move {
                let line = line(format!("{writer}"));
                let result = store
                    .write(move |tx| {
                        tx.append_audit(&line)?;
                        if writer.is_multiple_of(3) {
                            Err(StoreError::Refused("every third".to_owned()))
                        } else {
                            Ok(())
                        }
                    })
                    .await;
                assert_eq!(result.is_err(), writer.is_multiple_of(3));
            })
        };
        for task in (0..WRITERS).map(write).collect::<Vec<_>>() {
            task.await.unwrap();
        }
    });
    let mut written: Vec<u64> = details(&store).iter().map(|detail| detail.parse().unwrap()).collect();
    written.sort_unstable();
    assert_eq!(written, (0..WRITERS).filter(|writer| writer % 3 != 0).collect::<Vec<_>>());
    assert_sound(&store, written.len());
}

/// Serves jobs that all wait when the writer becomes free, each taking its client so long; returns whose they were, in order.
fn served(waiting: impl IntoIterator<Item = (ClientId, Duration)>) -> Vec<ClientId> {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(folder.path(), SqliteOptions::default()).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let served = Arc::new(Mutex::new(Vec::new()));
    runtime.block_on(async {
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let (let_go, held) = std::sync::mpsc::channel();
        let mut begun = Some(begun);
        let mut jobs = tokio::task::JoinSet::new();
        let holding = Arc::clone(&store);
        jobs.spawn(async move {
            let hold = holding.write(move |_| {
                begun.take().unwrap().send(()).unwrap();
                held.recv().unwrap();
                Ok::<_, StoreError>(())
            });
            hold.await
        });
        has_begun.await.unwrap();
        for (client, takes) in waiting {
            let (store, served) = (Arc::clone(&store), Arc::clone(&served));
            jobs.spawn(async move {
                let note = store.write_for(client, move |_| {
                    let begun = Instant::now();
                    while begun.elapsed() < takes {
                        std::hint::spin_loop();
                    }
                    served.lock().unwrap().push(client);
                    Ok::<_, StoreError>(())
                });
                note.await
            });
        }
        // Each task runs until it waits for its answer, so all are queued.
        tokio::task::yield_now().await;
        let_go.send(()).unwrap();
        while let Some(done) = jobs.join_next().await {
            done.unwrap().unwrap();
        }
    });
    served.lock().unwrap().clone()
}

/// Twenty jobs of one client wait; the first one of another client is the next or the one after.
#[test]
fn clients_are_served_in_turn() {
    let served = served([1; 20].into_iter().chain([2]).map(|client| (ClientId(client), Duration::ZERO)));
    assert_eq!(served.len(), 21);
    assert!(served.iter().position(|client| *client == ClientId(2)).unwrap() <= 1, "{served:?}");
}

/// By their number, the long jobs of one client and the short ones of another would alternate.
#[test]
fn a_client_whose_jobs_take_long_leaves_others_their_time() {
    let long = [(ClientId(1), Duration::from_millis(150)); 4];
    let short = [(ClientId(2), Duration::ZERO); 8];
    let served = served(long.into_iter().chain(short));
    assert_eq!(served.len(), 12);
    let last = served.iter().rposition(|client| *client == ClientId(2)).unwrap();
    assert!(served[..last].iter().filter(|client| **client == ClientId(1)).count() <= 1, "{served:?}");
}
