//! A statement that a database does not take is named.

use rusqlite::Connection;
use store::{SqliteOptions, Store, StoreError, bounds};

/// A connection that keeps fewer compiles the least used ones anew.
#[test]
fn each_connection_keeps_every_statement() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), SqliteOptions::default()).unwrap();
    let statements = store.prepare_statements().unwrap();
    assert!(statements <= bounds::STATEMENTS_KEPT, "{statements} of at most {}", bounds::STATEMENTS_KEPT);
}

#[test]
fn a_statement_that_does_not_fit_the_schema_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), SqliteOptions::default()).unwrap();
    assert!(store.prepare_statements().unwrap() > 0);
    let database = Connection::open(folder.path().join("tdam.sqlite")).unwrap();
    database.execute_batch("ALTER TABLE work_attempt RENAME COLUMN attempts TO tries").unwrap();
    let StoreError::Corrupt(text) = store.prepare_statements().unwrap_err() else { panic!("another error") };
    assert!(text.contains("attempts") && text.contains("work_attempt"), "{text}");
}
