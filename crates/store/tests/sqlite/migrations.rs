//! Databases of earlier and later versions.

use rusqlite::Connection;
use store::{Access, AtRest, Bodies, SqliteOptions, Store, StoreError};

use crate::writing::*;

const DATABASE: &str = "tdam.sqlite";
const VERSION_1: &str = include_str!("../../src/sqlite/migrations/0001_initial.sql");
const NEWEST_VERSION: i64 = 2;
const APPLICATION_ID: i64 = 0x7464_616d;

fn open(folder: &tempfile::TempDir) -> Result<Store, StoreError> {
    Store::open(folder.path(), SqliteOptions::default())
}

fn raw(folder: &tempfile::TempDir) -> Connection {
    Connection::open(folder.path().join(DATABASE)).unwrap()
}

#[test]
fn a_database_of_version_1_opens() {
    let folder = tempfile::tempdir().unwrap();
    let connection = raw(&folder);
    connection.execute_batch(VERSION_1).unwrap();
    connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection
        .execute_batch(
            "INSERT INTO client (name, registration_number, acceptance) VALUES ('Ogres novads', '90000024455', 0);
             UPDATE state SET business_day = 20780;",
        )
        .unwrap();
    drop(connection);
    let store = open(&folder).unwrap();
    let (clients, day) =
        store.read_blocking(|snapshot| Ok::<_, StoreError>((snapshot.clients()?, snapshot.business_day()?))).unwrap();
    assert_eq!(clients[0].name, "Ogres novads");
    assert_eq!(day, jiff::civil::date(2026, 11, 23));
    append(&store, "still writable".to_owned()).unwrap();
    let version: i64 = raw(&folder).pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, NEWEST_VERSION);
    assert_sound(&store, 1);
}

#[test]
fn a_database_of_version_1_is_looked_at_without_being_migrated() {
    let (folder, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let connection = raw(&folder);
    connection.execute_batch(VERSION_1).unwrap();
    connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    let source = AtRest::open(folder.path(), Access::InUse).unwrap();
    source.copy_to(target.path(), &mut |_, _| ()).unwrap();
    for (place, access) in [(folder.path(), Access::InUse), (target.path(), Access::Copy)] {
        let looked_at = AtRest::open(place, access).unwrap();
        let report = looked_at.check(Bodies::Read, &mut |_, _| ()).unwrap();
        assert_eq!((report.problems, report.only_structure_of_version), (Vec::new(), Some(1)));
        assert_eq!(looked_at.summary().unwrap().schema, 1);
    }
    assert_sound(&Store::open(target.path(), SqliteOptions::default()).unwrap(), 0);
}

#[test]
fn a_newer_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(&folder).unwrap());
    raw(&folder).pragma_update(None, "user_version", 4711).unwrap();
    let error = open(&folder).unwrap_err();
    assert!(matches!(error, StoreError::NewerDatabase { found: 4711, .. }), "{error}");
    raw(&folder).pragma_update(None, "user_version", NEWEST_VERSION).unwrap();
    assert_sound(&open(&folder).unwrap(), 0);
}

#[test]
fn a_database_of_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    raw(&folder).execute_batch("CREATE TABLE song (title TEXT)").unwrap();
    assert!(matches!(open(&folder), Err(StoreError::Corrupt(_))));
    let tables: i64 = raw(&folder).query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(DATABASE), "no database at all, but long enough to look at".repeat(100)).unwrap();
    assert!(matches!(open(&folder), Err(StoreError::Corrupt(_))));
}

#[test]
fn a_changed_audit_line_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).unwrap();
    for number in 0..5 {
        append(&store, format!("{number}")).unwrap();
    }
    drop(store);
    raw(&folder).execute("UPDATE audit SET detail = 'changed' WHERE sequence = 3", []).unwrap();
    let report = open(&folder).unwrap().check().unwrap();
    assert_eq!(report.audit_lines, 2);
    assert_eq!(report.problems, ["j: the audit chain breaks at line 3"]);
}
