//! Answers of the database for which a thread waits: they bound how many jobs a connection does in a second, so they are
//! counted.

use std::ops::Range;

use store::{PostgresOptions, Store};

use crate::fresh;
use crate::support::{MONDAY, Treasury, write};
use crate::writing::line;

/// The answers for which a job waits that reads so often, and adds these lines.
fn of_a_job(store: &Store, readings: u32, lines: Range<u32>) -> u64 {
    let before = store.counters().answers;
    write(store, move |tx| {
        for _ in 0..readings {
            tx.clients()?;
        }
        lines.clone().try_for_each(|number| tx.append_audit(&line(number.to_string())))
    });
    store.counters().answers - before
}

#[test]
fn a_job_waits_once_for_each_reading_and_for_no_line_of_its_own() {
    let Some((_, options)) = fresh() else { return };
    let store = Store::open_postgres(PostgresOptions { writers: 1, ..options }).unwrap();
    // Its connection and its statements are prepared then.
    of_a_job(&store, 1, 0..1);
    let few = of_a_job(&store, 1, 1..2);
    assert_eq!(of_a_job(&store, 8, 2..3), few + 7);
    assert_eq!(of_a_job(&store, 1, 3..40), few);
    let scraped = format!("tdam_store_answers_total{{of=\"write\"}} {}", store.counters().answers);
    let page = store.telemetry().scrape();
    assert!(page.lines().any(|line| line == scraped), "{scraped} is missing:\n{page}");
}

/// The limits of a day come with the account and the use of its own: a decision waits once for all of them.
#[test]
fn a_decision_waits_once_for_accounts_with_their_use_and_limits_of_days() {
    let Some((_, options)) = fresh() else { return };
    let store = Store::open_postgres(PostgresOptions { writers: 1, ..options }).unwrap();
    let treasury = Treasury::found(&store);
    let tuesday = MONDAY.tomorrow().unwrap();
    let loaded = |times: u32| {
        let before = store.counters().answers;
        write(&store, move |tx| (0..times).try_for_each(|_| tx.book(&[treasury.payer], &[MONDAY, tuesday]).map(drop)));
        store.counters().answers - before
    };
    loaded(1);
    let once = loaded(1);
    assert_eq!(loaded(5), once + 4);
}
