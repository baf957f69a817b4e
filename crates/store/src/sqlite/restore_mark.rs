//! Marks a copy that was restored, whatever version it is of: it is migrated only when a service opens it.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, params};

use super::codec::failed;
use super::files::DATABASE_FILE;
use super::query::execute;
use crate::StoreError;
use crate::codec::micros;
use crate::statement::statements;

statements! {
    const MARK: Statement = ("INSERT INTO restore_mark (id, at, as_of)
        SELECT coalesce(max(id), 0) + 1, ?1, ?2 FROM restore_mark");
}

/// As its migration makes it, where that has not been yet.
const TABLE: &str = include_str!("migrations/restore_mark.sql");

/// Marks the SQLite store in a folder as restored from a copy of this moment: no service serves from it before an operator has brought in
/// later revocations. Nothing else may have it open.
///
/// # Errors
/// When the database cannot be opened or written.
pub fn mark_restored(folder: &Path, at: Timestamp, as_of: Timestamp) -> Result<(), StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(folder.join(DATABASE_FILE), flags).map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    transaction.execute_batch(TABLE).map_err(failed)?;
    execute(&transaction, MARK, params![micros(at), micros(as_of)])?;
    transaction.commit().map_err(failed)?;
    connection.close().map_err(|(_, error)| failed(error))
}
