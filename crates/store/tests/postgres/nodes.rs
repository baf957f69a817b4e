//! Several nodes: what one works on is its own while it lives, another's when it does not, and never both's.

use std::time::{Duration, Instant};

use store::bounds::BODY_INLINE_BYTES_MAX;
use store::{NodeGauge, PaymentRow, PostgresOptions, Store, StoreError};

use crate::fresh;
use crate::proxy::{Proxy, Trouble};
use crate::roles::run;
use crate::writing::submission;

/// Ends a test that hangs; it measures nothing.
const WATCHDOG: Duration = Duration::from_secs(300);

/// A node that cannot reach the database any more loses its work to another one; back again, it can do no harm.
#[test]
fn a_node_that_was_taken_for_dead_does_no_harm() {
    let Some((cluster, options)) = fresh() else { return };
    let proxy = Proxy::before(cluster.port());
    // Long enough for signs of life on a busy machine.
    let lease = Duration::from_secs(4);
    let through = format!("postgresql://owner@127.0.0.1:{}/postgres", proxy.port());
    let connect_timeout = Duration::from_secs(2);
    let cut_off = Store::open_postgres(PostgresOptions { url: through, lease, connect_timeout, ..options.clone() });
    let (cut_off, other) = (cut_off.unwrap(), Store::open_postgres(PostgresOptions { lease, ..options }).unwrap());
    let _serving = [cut_off.lock_for_serving().unwrap(), other.lock_for_serving().unwrap()];
    let sent = submission(&cut_off);
    let id = cut_off.write_blocking(move |tx| tx.insert_submission(&sent)).unwrap();

    let claim = || other.write_blocking(move |tx| tx.claim_submission(id)).unwrap();
    let left_over = |store: &Store| store.read_blocking(|snapshot| snapshot.left_over_submissions(10)).unwrap().len();
    assert!(!claim(), "its node lives");
    assert_eq!((left_over(&other), left_over(&cut_off)), (0, 1));

    let begun = Instant::now();
    proxy.make(Trouble::Down);
    while !claim() {
        assert!(begun.elapsed() < WATCHDOG, "nobody takes over");
    }
    assert!(begun.elapsed() > lease / 2, "the lease had to lapse");
    proxy.make(Trouble::None);
    let row = |ordinal| PaymentRow { ordinal, block: 0, lot: Some(0), minor: 1, creditor: None, record: b"" };
    let stage = move |store: &Store| store.write_blocking(move |tx| tx.stage_payments(id, &[row(0)]));
    let refused = [
        stage(&cut_off),
        cut_off.write_blocking(move |tx| tx.discard_stage(id)),
        cut_off.write_blocking(move |tx| tx.discard_submission(id).map(drop)),
        cut_off.write_blocking(move |tx| tx.refuse_submission(id, b"")),
    ];
    for refused in refused {
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
    stage(&other).unwrap();
    assert!(!cut_off.write_blocking(move |tx| tx.claim_submission(id)).unwrap(), "the other one lives");
    drop(other);
    assert!(cut_off.write_blocking(move |tx| tx.claim_submission(id)).unwrap(), "it said goodbye");
}

#[test]
fn of_many_that_claim_at_once_one_gets_it() {
    let Some((_, options)) = fresh() else { return };
    let gone = Store::open_postgres(options.clone()).unwrap();
    let _serving = gone.lock_for_serving().unwrap();
    let sent = submission(&gone);
    let ids: Vec<_> = (0..20)
        .map(|_| {
            let sent = sent.clone();
            gone.write_blocking(move |tx| tx.insert_submission(&sent)).unwrap()
        })
        .collect();
    drop(gone);
    let claim = |_| {
        let (options, ids) = (options.clone(), ids.clone());
        std::thread::spawn(move || {
            let store = Store::open_postgres(options).unwrap();
            let _serving = store.lock_for_serving().unwrap();
            let claimed = ids.iter().filter(|id| {
                let id = **id;
                store.write_blocking(move |tx| tx.claim_submission(id)).unwrap()
            });
            // Kept open until all have tried.
            (claimed.count(), store)
        })
    };
    let threads: Vec<_> = (0..4).map(claim).collect();
    let claimed: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    assert_eq!(claimed.iter().map(|(count, _)| count).sum::<usize>(), ids.len());
}

/// A body that is still arriving at a living node is left alone by the others.
#[test]
fn bodies_of_living_nodes_are_not_swept() {
    let Some((_, options)) = fresh() else { return };
    let [one, other] = [0, 1].map(|_| Store::open_postgres(options.clone()).unwrap());
    let mut sink = one.body_sink().unwrap();
    sink.append(&vec![1; BODY_INLINE_BYTES_MAX + 1]).unwrap();
    assert_eq!(other.sweep_orphans().unwrap(), 0);
    let body = sink.finish().unwrap();
    assert_eq!(other.sweep_orphans().unwrap(), 0);
    drop(one);
    assert_eq!(other.sweep_orphans().unwrap(), 1);
    assert!(other.open_body(&body).is_err());
}

/// A lot, a chore: nodes that start together all find it, and one begins. The others are no ends of a process.
#[test]
fn other_work_is_begun_by_one_node_at_a_time_and_counted_once() {
    let Some((_, options)) = fresh() else { return };
    let [first, second] = [(); 2].map(|()| Store::open_postgres(options.clone()).unwrap());
    let serving = [first.lock_for_serving().unwrap(), second.lock_for_serving().unwrap()];
    let count = |store: &Store| {
        let counted = store.write_blocking(|tx| tx.count_work_attempt("lot 1")).unwrap();
        counted.map(|known| known.attempts)
    };
    let clear = |store: &Store| store.write_blocking(|tx| tx.clear_work_attempts("lot 1")).unwrap();
    assert_eq!((count(&first), count(&second)), (Some(1), None));
    assert!(!clear(&second), "it is not the other's");
    assert!(clear(&first));
    assert_eq!(count(&second), Some(1));
    drop((second, serving));
    assert_eq!(count(&first), Some(2), "its node is gone");
}

/// Monitoring shows a killed node for a while; an alert must not stand for a day after another has taken its place.
#[test]
fn a_node_that_lapsed_long_ago_is_not_shown_as_expired() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    let _serving = store.lock_for_serving().unwrap();
    let nodes = format!(
        "INSERT INTO {}.node (name, lease_seconds, seen_at) VALUES ('killed', 4, now() - interval '1 minute'),
            ('killed before', 4, now() - interval '1 hour')",
        options.schema
    );
    run(&cluster.url(), &nodes).unwrap();
    let gauge = store.read_blocking(|snapshot| snapshot.gauges()).unwrap().nodes;
    assert_eq!(gauge, NodeGauge { held: 1, expired: 1 });
}
