//! News within one process: sent when the job's caller gets its answer, and only of changes for which others may wait.

use std::pin::pin;
use std::task::{Context, Waker};

use store::{News, Reach, SqliteOptions, Store};

use crate::writing::append;

/// Whether there is news at this moment.
fn is_told(news: &mut News) -> bool {
    pin!(news.changed()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

#[test]
fn only_what_somebody_may_wait_for_is_told_and_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), SqliteOptions::default()).unwrap();
    let mut news = store.news();
    assert_eq!(news.reach(), Reach::Ourselves);
    let day = jiff::civil::date(2026, 11, 23);
    for _ in 0..3 {
        append(&store, "a line".to_owned()).unwrap();
        store.read_blocking(|snapshot| snapshot.audit(1, 10)).unwrap();
        assert!(!is_told(&mut news), "an audit line is no news");
        store.write_blocking(move |tx| tx.set_business_day(day)).unwrap();
        assert!(is_told(&mut news), "the business day is");
        assert!(!is_told(&mut news), "once");
        let earlier = day.yesterday().unwrap();
        store.write_blocking(move |tx| tx.set_business_day(earlier)).unwrap_err();
        assert!(!is_told(&mut news), "what did not happen is no news");
    }
}
