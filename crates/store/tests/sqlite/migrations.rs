//! Databases of earlier and later versions.

use rusqlite::Connection;
use store::{Access, AtRest, Bodies, SqliteOptions, Store, StoreError};

use crate::writing::*;

const DATABASE: &str = "tdam.sqlite";
const VERSION_1: &str = include_str!("../../src/sqlite/migrations/0001_initial.sql");
const VERSION_2: &str = include_str!("../../src/sqlite/migrations/0002_body_retention.sql");
const NEWEST_VERSION: i64 = 19;
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

/// A payment of 500 that was accepted under a limit of 500, which has been lowered to 100 since: version 2 forgot that.
const ACCEPTED_IN_VERSION_2: &str = "
    UPDATE state SET business_day = 20780;
    INSERT INTO client (id, name, registration_number, acceptance, flips) VALUES (1, 'Ogres novads', '90000024455', 0, 1);
    INSERT INTO online_user (id, client, name, mode, registration_valid_until, allowed_networks)
        VALUES (1, 1, 'Grāmatvedība', 1, 21000, '192.0.2.0/24');
    INSERT INTO account (id, balance, held, state, role, limit_per_payment, limit_per_day, currency, iban, client, owner_name, kind)
        VALUES (1, 0, 0, 0, 0, 100, 100, 'EUR', 'LV10TREL0000000000001', 1, 'Ogres novads', 0);
    INSERT INTO submission (id, state, user, client, certificate, request_id, received_at, sha256, size, body)
        VALUES (1, 1, 1, 1, zeroblob(32), 'request-1', 1, zeroblob(32), 1, zeroblob(1));
    INSERT INTO message (id, client, user, message_id, message_type, creation_date_time, sha256, number_of_transactions,
            payments, consumed_at, answer)
        VALUES (1, 1, 1, 'MSG-1', 'pain.001.001.09', '2026-11-23T10:00:00', zeroblob(32), 1, 1, 2, x'3c612f3e');
    INSERT INTO flip (message, client, number) VALUES (1, 1, 1);
    INSERT INTO block (message, number, client, payment_information_id, number_of_transactions, debtor_account, debtor_name,
            debtor_iban, first, count)
        VALUES (1, 0, 1, 'PMT-1', 1, 1, 'Ogres novads', 'LV10TREL0000000000001', 0, 1);
    INSERT INTO payment (id, block, lot, minor, record) VALUES (4294967296, 0, 0, 500, x'');
    INSERT INTO duplicate_key (hash, payment) VALUES (7, 4294967296);
    INSERT INTO lot (message, number, block, debtor, route, execution_date, first, last, count, total, stage, executed_below,
            booked, booked_count, refused, refused_count)
        VALUES (1, 0, 0, 1, 1, 20781, 0, 0, 1, 500, 0, 0, 0, 0, 0, 0);
    INSERT INTO event (message, lot, stage, at, business_day, actor) VALUES (1, 0, 0, 2, 20780, 'test');
    INSERT INTO daily_use (account, date, minor) VALUES (1, 20781, 500);";

#[test]
fn what_version_2_accepted_is_not_held_against_limits_that_nobody_knows_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let connection = raw(&folder);
    for migration in [VERSION_1, VERSION_2, ACCEPTED_IN_VERSION_2] {
        connection.execute_batch(migration).unwrap();
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
    connection.pragma_update(None, "user_version", 2).unwrap();
    drop(connection);
    let store = open(&folder).unwrap();
    let (lot, used) = store
        .write_blocking(|tx| {
            let lot = tx.lots_of(payments::MessageId(1))?.remove(0);
            let book = tx.book(&[lot.debtor], &[lot.execution_date])?;
            Ok::<_, StoreError>((lot, book.daily_use().next().unwrap().2))
        })
        .unwrap();
    let user = store.read_blocking(|snapshot| snapshot.online_users(store::ClientId(1))).unwrap().remove(0);
    assert_eq!(user.granted_accounts, [ledger::AccountId(1)], "who was here before goes on with all of its client's");
    assert_eq!((lot.total, lot.limit_per_payment), (500, None));
    assert_eq!((used.minor, used.growth), (500, None));
    assert_sound(&store, 0);
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
    assert!(matches!(open(&folder), Err(StoreError::WrongDatabase { .. })));
    let tables: i64 = raw(&folder).query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);

    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(DATABASE), "no database at all, but long enough to look at".repeat(100)).unwrap();
    assert!(matches!(open(&folder), Err(StoreError::WrongDatabase { .. })));
}

#[test]
fn a_changed_audit_line_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).unwrap();
    for number in 0..5 {
        append(&store, format!("{number}")).unwrap();
    }
    drop(store);
    const CHANGE: &str = "UPDATE audit SET detail = 'changed' WHERE sequence = 3";
    let connection = raw(&folder);
    let mistake = connection.execute(CHANGE, []).unwrap_err();
    assert!(mistake.to_string().contains("an audit line is not changed"), "{mistake}");
    connection.execute("DROP TRIGGER audit_is_not_changed", []).unwrap();
    connection.execute(CHANGE, []).unwrap();
    drop(connection);
    let report = open(&folder).unwrap().check().unwrap();
    assert_eq!(report.audit_lines, 2);
    let schema = "the schema is not as this program makes it: trigger audit_is_not_changed";
    assert_eq!(report.problems, ["j: the audit chain breaks at line 3", schema]);
}
