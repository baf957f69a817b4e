//! Opening: folders, connections and their settings, and migrations (forward only).

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::codec::failed;
use super::files::{APPLICATION_ID, BODY_FOLDER, DATABASE_FILE};
use super::options::SqliteOptions;
use super::{identity, inspect};
use crate::body::sync_folder;
use crate::{StoreError, bounds, modes};

/// Whether another process may be working on the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// A service may be, or may begin to.
    InUse,
    /// It is a copy that no other process has open. Reading it leaves no trace.
    Copy,
}

/// Measured (examples/measure.rs): with 8 KiB, storing and reading large messages takes a tenth to a quarter less
/// processor time than with 4 KiB, and small commits the same.
const PAGE_BYTES: i64 = 8 * 1024;

/// The migrations, oldest first. Number `n` leads from version `n - 1` to version `n`; none is ever changed once it
/// has been released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_body_retention.sql"),
    include_str!("migrations/0003_limits_in_force.sql"),
    include_str!("migrations/0004_submission_attempts.sql"),
    include_str!("migrations/0005_identity.sql"),
    include_str!("migrations/0006_past_protected.sql"),
    include_str!("migrations/0007_storage_use.sql"),
    include_str!("migrations/0008_seal.sql"),
    include_str!("migrations/0009_client_preferences.sql"),
    include_str!("migrations/0010_waiting_returns.sql"),
    include_str!("migrations/0011_rights_version.sql"),
    include_str!("migrations/0012_grants.sql"),
    include_str!("migrations/0013_applications.sql"),
    include_str!("migrations/0014_certificates.sql"),
    include_str!("migrations/0015_evidence.sql"),
    concat!(include_str!("migrations/restore_mark.sql"), include_str!("migrations/0016_audit_checkpoints.sql")),
    include_str!("migrations/0017_notices.sql"),
    include_str!("migrations/0018_authorities.sql"),
    include_str!("migrations/0019_notices_to_persons.sql"),
];

/// Makes a database and its folders where there is none, and never was one.
pub(super) fn create(folder: &Path, options: &SqliteOptions) -> Result<(), StoreError> {
    if identity::is_claimed(folder) {
        return inspect::refuse_unless_ours(folder);
    }
    modes::create_folder(folder)?;
    modes::create_folder(&folder.join(BODY_FOLDER))?;
    modes::create_file(&database(folder))?;
    let mut connection = connect_to_write(folder, options)?;
    migrate(folder, &mut connection)?;
    sync_folder(folder)
}

fn database(folder: &Path) -> PathBuf {
    folder.join(DATABASE_FILE)
}

/// Refuses a database that is not the one of its folder before SQLite opens it, which would leave a log and an index beside it.
/// While there is a log, the database cannot be judged without it; the opening that follows refuses it.
pub(super) fn refuse_unless_ours(folder: &Path) -> Result<(), StoreError> {
    inspect::refuse_unless_ours(folder)?;
    if inspect::has_log(folder) {
        return Ok(());
    }
    match connect_immutable(&database(folder)).and_then(|connection| refuse_other_identity(folder, &connection)) {
        Err(error @ StoreError::WrongDatabase { .. }) => Err(error),
        // A service that begins to write at this very moment may make it look damaged.
        _ => Ok(()),
    }
}

fn connect_immutable(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Connection::open_with_flags(immutable(path)?, flags).map_err(failed)
}

/// Damage that is found while a database is opened: which one, and what to do. One that was cut off while it had a log looks so.
pub(super) fn named(folder: &Path, error: StoreError) -> StoreError {
    let StoreError::Corrupt(text) = error else { return error };
    let reason = format!("cannot be read ({text}). Put a whole one back (tdam restore). Nothing was changed");
    StoreError::WrongDatabase { file: database(folder), reason }
}

/// The connection that writes; migrates the database.
pub(super) fn writer(folder: &Path, options: &SqliteOptions) -> Result<(Connection, String), StoreError> {
    let mut connection = connect_to_write(folder, options)?;
    if user_version(&connection)? == 0 {
        let reason =
            "holds nothing: it was not made to its end. Remove it and its folder, and make it again".to_owned();
        return Err(StoreError::WrongDatabase { file: database(folder), reason });
    }
    migrate(folder, &mut connection)?;
    begin_log_anew(&connection)?;
    let identity = identity::of_database(&connection)?.ok_or(StoreError::Missing("the database's identity"))?;
    identity::verify(folder, &identity)?;
    Ok((connection, identity))
}

fn connect_to_write(folder: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database(folder), flags).map_err(failed)?;
    connection.busy_timeout(options.busy_timeout).map_err(failed)?;
    keep_statements(&connection)?;
    refuse_foreign(&connection)?;
    refuse_other_identity(folder, &connection)?;
    let set = |name: &str, value: i64| connection.pragma_update(None, name, value).map_err(failed);
    set("page_size", PAGE_BYTES)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    keep_large_temporary_data_in_files(&connection)?;
    set("foreign_keys", 1)?;
    set("cache_size", -bounds::WRITER_CACHE_KIB)?;
    set("journal_size_limit", bounds::WAL_BYTES_KEPT)?;
    set("wal_autocheckpoint", bounds::WAL_BYTES_MAX / PAGE_BYTES)?;
    Ok(connection)
}

/// Closes the folders of a database to other users of the machine, who could read payments, and stop all of them by a lock.
pub(super) fn close_to_others(folder: &Path) -> Result<(), StoreError> {
    let mut closed = modes::close_to_others(folder)?;
    closed.extend(modes::close_to_others(&folder.join(BODY_FOLDER))?);
    if let Some(first) = closed.first() {
        let (first, files) = (first.display(), closed.len());
        tracing::warn!(%first, files, "others could read what is the service's alone: closed to them now");
    }
    Ok(())
}

/// Copies the whole log into the database and begins it anew.
pub(super) fn empty_log(folder: &Path) -> Result<(), StoreError> {
    let connection = checkpointer(folder, &SqliteOptions::default())?;
    begin_log_anew(&connection)
}

/// Remains of a power cut behind the end of the log must be gone before the next one: `wal` could not distinguish them
/// from answered transactions. A reader beside us may prevent the store from cutting back the log; the store still
/// copies and syncs it, and the next start cuts it.
fn begin_log_anew(connection: &Connection) -> Result<(), StoreError> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failed)
}

/// A connection that copies the write-ahead log.
pub(super) fn checkpointer(folder: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database(folder), flags).map_err(failed)?;
    connection.busy_timeout(options.busy_timeout).map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(folder: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database(folder), flags).map_err(failed)?;
    connection.busy_timeout(options.busy_timeout).map_err(failed)?;
    keep_statements(&connection)?;
    connection.pragma_update(None, "cache_size", -bounds::READER_CACHE_KIB).map_err(failed)?;
    keep_large_temporary_data_in_files(&connection)?;
    Ok(connection)
}

/// A connection for reading everything: it does not migrate, and sorts in a file, not in memory.
pub(super) fn at_rest(folder: &Path, access: Access) -> Result<Connection, StoreError> {
    let path = database(folder);
    let connection = match access {
        Access::InUse => {
            refuse_unless_ours(folder)?;
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            Connection::open_with_flags(&path, flags).map_err(failed)?
        }
        // Otherwise a reader would write a log and an index beside the copy.
        Access::Copy => {
            inspect::refuse_unless_ours(folder)?;
            connect_immutable(&path)?
        }
    };
    prepare_at_rest(&connection)?;
    // A copy made by an older program has no identity beside it.
    if access == Access::InUse || identity::is_claimed(folder) {
        refuse_other_identity(folder, &connection)?;
    }
    Ok(connection)
}

/// The same for a store that this process has open. Only SQLite may open the file then: when a process closes a file, the
/// system drops all locks that it has on it, whichever handle took them (fcntl), and another process that closes the
/// database takes itself for the last one and removes the log under the service.
pub(super) fn beside_ourselves(folder: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database(folder), flags).map_err(failed)?;
    prepare_at_rest(&connection)?;
    refuse_other_identity(folder, &connection)?;
    Ok(connection)
}

fn prepare_at_rest(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(bounds::BUSY_TIMEOUT).map_err(failed)?;
    keep_statements(connection)?;
    connection.pragma_update(None, "cache_size", -bounds::CHECK_CACHE_KIB).map_err(failed)?;
    keep_large_temporary_data_in_files(connection)?;
    refuse_foreign(connection)
}

/// What SQLite sorts, and the pages that it copies for a savepoint, go to a file without a name once they outgrow their
/// bounds (the page cache; `SQLITE_STMTJRNL_SPILL` in `.cargo/config.toml`). In memory they would grow with the database.
fn keep_large_temporary_data_in_files(connection: &Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "temp_store", "FILE").map_err(failed)
}

/// Statements are compiled once. Without this, SQLite compiles them anew whenever a bound value could call for another plan (a
/// `LIMIT`, say), which took a fifth of the time of a small message. Our plans depend on no value: a statement that a partial
/// index serves names the index's condition in its text.
fn keep_statements(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(bounds::STATEMENTS_KEPT);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop).map_err(failed)
}

/// An empty database of the version that this program writes.
pub(super) fn in_memory() -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory().map_err(failed)?;
    MIGRATIONS.iter().try_for_each(|migration| connection.execute_batch(migration)).map_err(failed)?;
    Ok(connection)
}

/// A path as a URI that declares the file immutable.
fn immutable(path: &Path) -> Result<String, StoreError> {
    let path = std::path::absolute(path).map_err(|error| StoreError::file("finding", path, &error))?;
    let mut uri = "file:".to_owned();
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    Ok(uri + "?immutable=1")
}

/// The version that this program writes.
pub(super) fn known_version() -> i64 {
    MIGRATIONS.len() as i64
}

/// Before anything is set, since setting changes the file.
fn refuse_foreign(connection: &Connection) -> Result<(), StoreError> {
    let version = user_version(connection)?;
    let application: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(failed)?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(failed)?;
    if application != APPLICATION_ID && (tables != 0 || version != 0) {
        return Err(StoreError::Corrupt(format!("{DATABASE_FILE} is no database of this program")));
    }
    refuse_newer(version)
}

/// Before anything is set or migrated. A database that is being made has neither version nor identity.
fn refuse_other_identity(folder: &Path, connection: &Connection) -> Result<(), StoreError> {
    if user_version(connection)? >= identity::IDENTITY_VERSION {
        let identity = identity::of_database(connection)?.ok_or(StoreError::Missing("the database's identity"))?;
        return identity::verify(folder, &identity);
    }
    if identity::is_claimed(folder) {
        let reason = "is older than its folder, which belongs to another one. Put that one back, or restore this one into a \
                      new folder. Nothing was changed";
        return Err(StoreError::WrongDatabase { file: database(folder), reason: reason.to_owned() });
    }
    Ok(())
}

fn refuse_newer(found: i64) -> Result<(), StoreError> {
    let known = known_version();
    if found > known { Err(StoreError::NewerDatabase { found, known }) } else { Ok(()) }
}

pub(super) fn user_version(connection: &Connection) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)
}

/// Each migration in a transaction of its own. Another process may be at it too: the version is read inside.
fn migrate(folder: &Path, connection: &mut Connection) -> Result<(), StoreError> {
    for (version, migration) in (1_i64..).zip(MIGRATIONS) {
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(failed)?;
        let found = user_version(&transaction)?;
        refuse_newer(found)?;
        if found >= version {
            continue;
        }
        transaction.execute_batch(migration).map_err(failed)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
        transaction.pragma_update(None, "user_version", version).map_err(failed)?;
        if version == identity::IDENTITY_VERSION {
            let identity =
                identity::of_database(&transaction)?.ok_or(StoreError::Missing("the database's identity"))?;
            modes::create_folder(&folder.join(BODY_FOLDER))?;
            identity::claim(folder, &identity)?;
        }
        transaction.commit().map_err(failed)?;
        if version == identity::IDENTITY_VERSION {
            identity::confirm(folder)?;
        }
        tracing::info!(version, "database migrated");
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn other_values_compile_no_statement_anew_and_partial_indexes_serve() {
        const UNANSWERED: &str = "SELECT id FROM submission WHERE state = 0 AND id > ?1 ORDER BY id LIMIT ?2";
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::default();
        create(folder.path(), &options).unwrap();
        let (writer, _) = writer(folder.path(), &options).unwrap();
        for connection in [writer, reader(folder.path(), &options).unwrap()] {
            let mut statement = connection.prepare_cached(UNANSWERED).unwrap();
            for number in 0..3 {
                assert_eq!(statement.query_map([number, number], |row| row.get::<_, i64>(0)).unwrap().count(), 0);
            }
            assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
            let plan = format!("EXPLAIN QUERY PLAN {UNANSWERED}");
            let step: String = connection.query_row(&plan, [0, 0], |row| row.get(3)).unwrap();
            assert!(step.contains("submission_unanswered"), "{step}");
        }
    }

    /// With a larger `SQLITE_STMTJRNL_SPILL` SQLite takes the disk for full here.
    #[test]
    fn a_savepoint_may_change_more_pages_than_memory_keeps() {
        const ROWS: i64 = 600;
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::default();
        create(folder.path(), &options).unwrap();
        let (writer, _) = writer(folder.path(), &options).unwrap();
        let untouched = |connection: &Connection| -> i64 {
            let sql = "SELECT count(*) FROM scratch WHERE content = zeroblob(8000)";
            connection.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        writer
            .execute_batch(
                "CREATE TABLE scratch (content BLOB NOT NULL) STRICT;
                INSERT INTO scratch WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
                    SELECT zeroblob(8000) FROM n;
                BEGIN IMMEDIATE;
                SAVEPOINT job; UPDATE scratch SET content = randomblob(8000); ROLLBACK TO job; RELEASE job;",
            )
            .unwrap();
        assert_eq!(untouched(&writer), ROWS);
        writer
            .execute_batch("SAVEPOINT job; UPDATE scratch SET content = randomblob(8000); RELEASE job; COMMIT;")
            .unwrap();
        assert_eq!(untouched(&writer), 0);
    }

    /// Cargo builds SQLite anew when its flags in `.cargo/config.toml` change only after `cargo clean -p libsqlite3-sys`.
    #[test]
    fn sqlite_is_built_with_the_flags_of_cargos_configuration() {
        let connection = Connection::open_in_memory().unwrap();
        let mut statement = connection.prepare("PRAGMA compile_options").unwrap();
        let options = statement.query_map([], |row| row.get(0)).unwrap();
        let options: Vec<String> = options.collect::<Result<_, _>>().unwrap();
        let has = |option: &str| options.iter().any(|has| has == option);
        for flag in include_str!("../../../../.cargo/config.toml").split_whitespace() {
            if let Some(wanted) = flag.strip_prefix("-DSQLITE_") {
                let wanted = wanted.trim_end_matches('"');
                assert!(has(wanted), "cargo clean -p libsqlite3-sys: {wanted} is not among {options:?}");
            }
            if let Some(absent) = flag.trim_start_matches('"').strip_prefix("-USQLITE_") {
                let absent = absent.trim_end_matches('"');
                assert!(!has(absent), "cargo clean -p libsqlite3-sys: {absent} is among {options:?}");
            }
        }
        assert!(has("DEFAULT_MEMSTATUS=0"), "{options:?}");
    }
}
