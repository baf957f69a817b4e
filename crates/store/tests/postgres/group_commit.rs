//! Jobs that share a transaction: each happens once or not at all, independent of its neighbours, and none waits for
//! another group while it holds locks.
//!
//! Most tests hold the tail, which every commit needs, until the jobs have been queued: so they share one.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ledger::AccountId;
use store::{PostgresOptions, Store, StoreError};

use crate::cluster::Cluster;
use crate::fresh;
use crate::proxy::{Proxy, Trouble};
use crate::roles::run;
use crate::support::account;
use crate::writing::*;

const JOBS: usize = 40;

/// One thread that writes, and groups that last as long as there is something to wait for.
fn patient(options: PostgresOptions) -> PostgresOptions {
    PostgresOptions { writers: 1, group_duration_max: Duration::from_secs(60), ..options }
}

/// Holds the tail from another opening of the store until it is dropped.
struct Holder {
    release: Option<mpsc::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Holder {
    fn of(options: &PostgresOptions) -> Holder {
        let store = Store::open_postgres(options.clone()).unwrap();
        let (release, released) = mpsc::channel::<()>();
        let (begun, running) = mpsc::channel();
        let thread = thread::spawn(move || {
            store
                .write_blocking::<(), StoreError, _>(move |tx| {
                    tx.last_sequence()?;
                    begun.send(()).unwrap();
                    // Ends when the other side is dropped.
                    let _ = released.recv();
                    Ok(())
                })
                .unwrap();
        });
        running.recv().unwrap();
        Holder { release: Some(release), thread: Some(thread) }
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.release.take());
        self.thread.take().unwrap().join().unwrap();
    }
}

/// Queues jobs while the tail is held, releases it, and returns the result of each.
///
/// The first job is under way before the others are queued, and cannot commit; they are all in the queue before the tail
/// is released, and a thread takes what is queued before it commits. So all are in two commits at most.
fn together<T, F>(store: &Store, holder: Holder, jobs: impl IntoIterator<Item = F>) -> Vec<Result<T, StoreError>>
where
    T: Send + 'static,
    F: FnMut(&mut dyn store::Writing) -> Result<T, StoreError> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut waiting: Vec<_> = jobs.into_iter().map(|job| Box::pin(store.write(job))).collect();
        for job in &mut waiting {
            let polled = std::future::poll_fn(|context| std::task::Poll::Ready(job.as_mut().poll(context))).await;
            assert!(polled.is_pending());
        }
        drop(holder);
        let mut results = Vec::new();
        for job in waiting {
            results.push(job.await);
        }
        results
    })
}

#[test]
fn jobs_that_wait_share_a_commit() {
    let Some((_, options)) = fresh() else { return };
    let store = Store::open_postgres(patient(options.clone())).unwrap();
    let jobs = (0..JOBS).map(|job| {
        let line = line(format!("{job}"));
        move |tx: &mut dyn store::Writing| tx.append_audit(&line)
    });
    let results = together(&store, Holder::of(&options), jobs);
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    let counters = store.counters();
    assert_eq!(counters.jobs, JOBS as u64);
    assert!(counters.commits <= 2, "{counters:?}");
    let in_order: Vec<String> = (0..JOBS).map(|job| job.to_string()).collect();
    assert_eq!(details(&store), in_order);
    assert_sound(&store, JOBS);
}

#[test]
fn a_single_writer_commits_each_job() {
    let Some((_, options)) = fresh() else { return };
    let store = Store::open_postgres(options).unwrap();
    for job in 0..20 {
        append(&store, format!("{job}")).unwrap();
    }
    let counters = store.counters();
    assert_eq!((counters.commits, counters.jobs, counters.group_jobs_max), (20, 20, 1));
}

/// Every third refuses after it has written, every seventh meets an error of the database, one panics.
#[test]
fn a_job_that_fails_harms_no_neighbour() {
    let Some((_, options)) = fresh() else { return };
    let store = Store::open_postgres(patient(options.clone())).unwrap();
    let jobs = (0..JOBS).map(|job| {
        let line = line(format!("{job}"));
        move |tx: &mut dyn store::Writing| {
            tx.append_audit(&line)?;
            match job {
                _ if job % 3 == 1 => Err(StoreError::Refused("every third".to_owned())),
                _ if job % 7 == 2 => tx.set_house_account(store::HousePurpose::Settlement, AccountId(4711)),
                20 => panic!("a fault"),
                _ => Ok(()),
            }
        }
    });
    let results = together(&store, Holder::of(&options), jobs);
    let mut expected = Vec::new();
    for (job, result) in results.into_iter().enumerate() {
        match job {
            _ if job % 3 == 1 => assert_eq!(result, Err(StoreError::Refused("every third".to_owned()))),
            _ if job % 7 == 2 => assert_eq!(result, Err(StoreError::Missing("row referred to"))),
            20 => assert_eq!(result, Err(StoreError::JobPanicked("a fault".to_owned()))),
            _ => {
                assert_eq!(result, Ok(()), "{job}");
                expected.push(job.to_string());
            }
        }
    }
    assert!(store.counters().group_jobs_max > 10, "{:?}", store.counters());
    assert_eq!(details(&store), expected);
    assert_sound(&store, expected.len());
}

/// The commit of a group is lost on its way there, or its answer on the way back: each job happens once.
#[test]
fn a_lost_commit_loses_no_job_of_the_group() {
    for trouble in [Trouble::CutBeforeCommit, Trouble::CutAfterCommit] {
        let Some((cluster, options)) = fresh() else { return };
        let proxy = Proxy::before(cluster.port());
        let url = format!("postgresql://owner@127.0.0.1:{}/postgres", proxy.port());
        let store = Store::open_postgres(PostgresOptions { url, ..patient(options.clone()) }).unwrap();
        append(&store, "before".to_owned()).unwrap();
        let holder = Holder::of(&options);
        proxy.make(trouble);
        let jobs = (0..JOBS).map(|job| {
            let line = line(format!("{job}"));
            move |tx: &mut dyn store::Writing| tx.append_audit(&line)
        });
        let results = together(&store, holder, jobs);
        assert!(results.iter().all(Result::is_ok), "{trouble:?}: {results:?}");
        assert_eq!(proxy.cuts(), 1, "{trouble:?}");
        let mut written = details(&store);
        written.sort();
        let mut expected: Vec<String> = (0..JOBS).map(|job| job.to_string()).collect();
        expected.push("before".to_owned());
        expected.sort();
        assert_eq!(written, expected, "{trouble:?}");
        assert_sound(&store, JOBS + 1);
    }
}

/// Groups lock the same accounts in every order. A job that finds one locked gives way, so no circle of waiters forms:
/// the server has no deadlock to resolve.
#[test]
fn groups_do_not_wait_for_each_other() {
    const WRITERS: usize = 48;
    const ROUNDS: usize = 20;
    const ACCOUNTS: usize = 3;
    // A cluster of its own, whose deadlocks are ours.
    let Some(cluster) = Cluster::start(false) else { return };
    let store = Store::open_postgres(PostgresOptions::new(cluster.url())).unwrap();
    let accounts = store
        .write_blocking::<_, StoreError, _>(|tx| {
            tx.set_business_day(jiff::civil::date(2026, 11, 23))?;
            (0..ACCOUNTS)
                .map(|number| tx.insert_account(&account(&format!("LV10TREL{number:013}"), None)))
                .collect::<Result<Vec<_>, _>>()
        })
        .unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let write = |writer: usize| {
            let (store, accounts) = (store.clone(), accounts.clone());
            tokio::spawn(async move {
                for round in 0..ROUNDS {
                    let account = accounts[(writer + round) % ACCOUNTS];
                    let line = line(format!("{writer}/{round}"));
                    let counted = store.write::<_, StoreError, _>(move |tx| {
                        // Limits represent a decision's changes: each job adds one to the previous job's value.
                        tx.book(&[account], &[])?;
                        let mut found = tx.accounts(&[account])?.remove(0).ledger;
                        found.limits.per_day = Some(found.limits.per_day.unwrap_or(0) + 1);
                        tx.update_account(&found)?;
                        tx.append_audit(&line)
                    });
                    counted.await.unwrap();
                }
            })
        };
        for task in (0..WRITERS).map(write).collect::<Vec<_>>() {
            task.await.unwrap();
        }
    });
    let counted = store.read_blocking(|snapshot| snapshot.accounts(&accounts)).unwrap();
    let counted: Vec<_> = counted.iter().map(|account| account.ledger.limits.per_day).collect();
    assert_eq!(counted, [Some((WRITERS * ROUNDS / ACCOUNTS) as i64); ACCOUNTS]);
    assert!(store.counters().group_jobs_max > 1, "{:?}", store.counters());
    assert_sound(&store, WRITERS * ROUNDS);
    // The server reports a session's statistics when it ends.
    drop(store);
    let deadlocks = "DO $$ BEGIN
        PERFORM pg_stat_force_next_flush();
        IF (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) > 0 THEN
            RAISE EXCEPTION 'deadlocks'; END IF; END $$";
    assert_eq!(run(&cluster.url(), deadlocks), Ok(()));
}

/// The thread that has waited least is called first, so that threads which the load does not need keep no connection busy and no memory
/// of large messages.
#[test]
fn writes_one_after_another_do_not_go_round_all_threads() {
    const WRITES: usize = 64;
    let Some(cluster) = Cluster::start(false) else { return };
    let options = PostgresOptions { schema: cluster.new_name(), ..PostgresOptions::new(cluster.url()) };
    let threads = options.writers;
    let store = Store::open_postgres(options).unwrap();
    let opened = cluster.run("SELECT clock_timestamp()");
    for number in 0..WRITES {
        append(&store, number.to_string()).unwrap();
    }
    let used = format!(
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tdam' AND query_start > '{}'",
        opened.trim()
    );
    let used: usize = cluster.run(&used).trim().parse().unwrap();
    // A thread that has answered may be called too late for the next job, so it is not always one.
    assert!((1..threads).contains(&used), "{used} of {threads} connections were used for {WRITES} writes");
    assert_sound(&store, WRITES);
}
