//! Opening: folders, connections and their settings, and migrations (forward only).

use std::fmt::Write as _;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};

use super::SqliteOptions;
use super::at_rest::Access;
use super::codec::failed;
use crate::body::{BodyFolder, sync_folder};
use crate::room::Room;
use crate::{StoreError, bounds};

pub(super) const DATABASE_FILE: &str = "tdam.sqlite";
pub(super) const BODY_FOLDER: &str = "bodies";

/// `tdam` in ASCII: tells our databases from others'.
const APPLICATION_ID: i64 = 0x7464_616d;

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
];

/// Makes the folders.
pub(super) fn folders(folder: &Path, room: &Arc<Room>) -> Result<Arc<BodyFolder>, StoreError> {
    fs::create_dir_all(folder).map_err(|error| StoreError::file("creating", folder, &error))?;
    let bodies = BodyFolder::open(folder.join(BODY_FOLDER), Arc::clone(room))?;
    sync_folder(folder)?;
    Ok(bodies)
}

fn database(folder: &Path) -> PathBuf {
    folder.join(DATABASE_FILE)
}

/// The connection that writes; makes and migrates the database.
pub(super) fn writer(folder: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(database(folder), flags).map_err(failed)?;
    connection.busy_timeout(options.busy_timeout).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(bounds::STATEMENTS_KEPT);
    refuse_foreign(&connection)?;
    let set = |name: &str, value: i64| connection.pragma_update(None, name, value).map_err(failed);
    set("page_size", PAGE_BYTES)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    connection.pragma_update(None, "temp_store", "MEMORY").map_err(failed)?;
    set("foreign_keys", 1)?;
    set("cache_size", -bounds::WRITER_CACHE_KIB)?;
    set("journal_size_limit", bounds::WAL_BYTES_KEPT)?;
    set("wal_autocheckpoint", bounds::WAL_BYTES_MAX / PAGE_BYTES)?;
    migrate(&mut connection)?;
    Ok(connection)
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
    connection.set_prepared_statement_cache_capacity(bounds::STATEMENTS_KEPT);
    connection.pragma_update(None, "cache_size", -bounds::READER_CACHE_KIB).map_err(failed)?;
    connection.pragma_update(None, "temp_store", "MEMORY").map_err(failed)?;
    Ok(connection)
}

/// A connection for looking through everything: nothing is migrated, and what has to be sorted goes to a file, not to
/// memory.
pub(super) fn at_rest(folder: &Path, access: Access) -> Result<Connection, StoreError> {
    let path = database(folder);
    // SQLite says no more than that it cannot open the file.
    fs::metadata(&path).map_err(|error| StoreError::file("opening", &path, &error))?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = match access {
        Access::InUse => Connection::open_with_flags(&path, flags),
        // Without it a reader would write a log and an index beside the copy.
        Access::Copy => Connection::open_with_flags(immutable(&path)?, flags | OpenFlags::SQLITE_OPEN_URI),
    };
    let connection = opened.map_err(failed)?;
    connection.busy_timeout(bounds::BUSY_TIMEOUT).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(bounds::STATEMENTS_KEPT);
    connection.pragma_update(None, "cache_size", -bounds::CHECK_CACHE_KIB).map_err(failed)?;
    connection.pragma_update(None, "temp_store", "FILE").map_err(failed)?;
    refuse_foreign(&connection)?;
    Ok(connection)
}

/// A path as a URI that says that nobody changes the file.
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

fn refuse_newer(found: i64) -> Result<(), StoreError> {
    let known = known_version();
    if found > known { Err(StoreError::NewerDatabase { found, known }) } else { Ok(()) }
}

pub(super) fn user_version(connection: &Connection) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failed)
}

/// Each migration in a transaction of its own. Another process may be at it too: the version is read inside.
fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
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
        transaction.commit().map_err(failed)?;
        tracing::info!(version, "database migrated");
    }
    Ok(())
}
