//! The write-ahead log stays short while commits follow each other without a pause.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use store::bounds::WAL_BYTES_BEGUN_ANEW;
use store::{SqliteOptions, Store};

use crate::writing::append;

const WRITERS: usize = 4;
/// Small jobs, of which many go through the log; together four times as many bytes as the log may have.
const JOB_BYTES: usize = 32 * 1024;
const WRITTEN: u64 = 4 * LOG_MAX;
const LOG_MAX: u64 = WAL_BYTES_BEGUN_ANEW + WAL_BYTES_BEGUN_ANEW / 2;

#[test]
fn constant_load_by_small_jobs_does_not_let_the_log_grow() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), SqliteOptions::default()).unwrap();
    let log = folder.path().join("tdam.sqlite-wal");
    let (written, longest) = (AtomicU64::new(0), AtomicU64::new(0));
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                while written.fetch_add(JOB_BYTES as u64, Ordering::Relaxed) < WRITTEN {
                    append(&store, "x".repeat(JOB_BYTES)).unwrap();
                    longest.fetch_max(fs::metadata(&log).unwrap().len(), Ordering::Relaxed);
                }
            });
        }
    });
    let longest = longest.into_inner();
    assert!(longest <= LOG_MAX, "{} MiB of at most {}", longest >> 20, LOG_MAX >> 20);
    assert!(longest > WAL_BYTES_BEGUN_ANEW / 2, "the log was hardly used: {} MiB", longest >> 20);
}
