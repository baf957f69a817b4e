//! The store notices a disk's change before the exchange answers from it.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use store::{SqliteOptions, Store, StoreError};

use crate::crash::Child;
use crate::writing::*;

const LOG_HEADER_BYTES: usize = 32;
const FRAME_BYTES: usize = 24 + 8 * 1024;

fn open(folder: &Path) -> Result<Store, StoreError> {
    Store::open(folder, SqliteOptions::default())
}

/// A folder that a killed process left, with a log of several transactions: the log, and where its last transaction begins.
fn with_log(folder: &Path) -> (std::path::PathBuf, Vec<u8>, usize) {
    open(folder).unwrap();
    Child::start(folder).kill_after(60);
    let log = folder.join("tdam.sqlite-wal");
    let bytes = fs::read(&log).unwrap();
    let frames = bytes[LOG_HEADER_BYTES..].chunks_exact(FRAME_BYTES).take_while(|frame| frame[8..16] == bytes[16..24]);
    let ends: Vec<usize> = (1..).zip(frames).filter(|(_, frame)| frame[4..8] != [0; 4]).map(|(end, _)| end).collect();
    assert!(ends.len() > 2, "several transactions: {ends:?}");
    (log, bytes, LOG_HEADER_BYTES + ends[ends.len() - 2] * FRAME_BYTES)
}

#[test]
fn a_damaged_log_is_refused_before_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let (log, sound, last_begins) = with_log(folder.path());
    // The header; the head, the checksum and the page of the first frame; and somewhere before the last transaction.
    let places = [3, 20, 30, 32, 36, 50, 4_000, LOG_HEADER_BYTES + FRAME_BYTES + 9, last_begins - 1];
    for place in places {
        let mut bytes = sound.clone();
        bytes[place] ^= 0x10;
        fs::write(&log, &bytes).unwrap();
        let refused = open(folder.path()).err();
        assert!(matches!(&refused, Some(StoreError::Corrupt(text)) if text.contains("-wal")), "{place}: {refused:?}");
        assert_eq!(fs::read(&log).unwrap(), bytes, "{place}: it stays for who wants to look at it");
    }
    fs::write(&log, &sound).unwrap();
    open(folder.path()).unwrap();
}

/// As a power cut leaves it: no caller has an answer of this transaction.
#[test]
fn a_log_whose_last_transaction_never_ended_is_no_damage() {
    let folder = tempfile::tempdir().unwrap();
    let (log, sound, last_begins) = with_log(folder.path());
    for cut in [last_begins, last_begins + 1, last_begins + FRAME_BYTES - 1] {
        fs::write(&log, &sound[..cut]).unwrap();
        let store = open(folder.path()).unwrap();
        assert!(store.check().unwrap().problems.is_empty());
        drop(store);
        fs::write(&log, &sound).unwrap();
    }
}

#[test]
fn a_message_that_was_changed_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let message = message(&store);
    drop(store);
    for change in CHANGES {
        let raw = Connection::open(folder.path().join("tdam.sqlite")).unwrap();
        raw.execute_batch(
            "DROP TRIGGER IF EXISTS message_is_not_changed; DROP TRIGGER IF EXISTS message_is_not_removed",
        )
        .unwrap();
        raw.execute_batch(&format!("CREATE TABLE kept AS SELECT * FROM message; UPDATE message SET {change}")).unwrap();
        let store = open(folder.path()).unwrap();
        assert_not_read(&store, message.id, change);
        drop(store);
        let back = "DELETE FROM message; INSERT INTO message SELECT * FROM kept; DROP TABLE kept";
        raw.execute_batch(&format!("PRAGMA foreign_keys = off; {back}")).unwrap();
    }
    assert_eq!(
        open(folder.path()).unwrap().read_blocking(|snapshot| snapshot.message(message.id)).unwrap(),
        Some(message)
    );
}

#[test]
fn a_refusal_that_was_changed_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    let id = refused(&store);
    drop(store);
    let raw = Connection::open(folder.path().join("tdam.sqlite")).unwrap();
    let triggers =
        "SELECT 'DROP TRIGGER ' || name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'submission'";
    let mut drops = raw.prepare(triggers).unwrap();
    let drops: Vec<String> = drops.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drops.iter().for_each(|drop| raw.execute_batch(drop).unwrap());
    raw.execute_batch("CREATE TABLE kept AS SELECT * FROM submission").unwrap();
    for change in CHANGES_OF_REFUSED {
        raw.execute_batch(&format!("UPDATE submission SET {change}")).unwrap();
        let store = open(folder.path()).unwrap();
        assert_submission_is_not_read(&store, id, change);
        drop(store);
        raw.execute_batch("DELETE FROM submission; INSERT INTO submission SELECT * FROM kept").unwrap();
    }
    assert!(open(folder.path()).unwrap().read_blocking(|snapshot| snapshot.submission(id)).unwrap().is_some());
}

#[test]
fn a_row_that_cannot_be_is_an_error_and_no_guess() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path()).unwrap();
    submission(&store);
    let raw = Connection::open(folder.path().join("tdam.sqlite")).unwrap();
    raw.execute_batch("DROP TRIGGER entry_is_not_removed").unwrap();
    for (change, mend) in IMPOSSIBLE {
        raw.execute_batch(change).unwrap();
        let read = read_what_may_be_impossible(&store);
        assert!(matches!(read, Err(StoreError::Corrupt(_))), "{change}: {read:?}");
        raw.execute_batch(mend).unwrap();
        read_what_may_be_impossible(&store).unwrap();
    }
}
