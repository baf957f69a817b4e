//! One serving process for each database, until several can share the work: a lock of the database that ends with its
//! connection, so also when the process ends, however it ends.

use std::fmt;
use std::path::PathBuf;

use super::connection::{Connection, Connector};
use crate::StoreError;

/// `serv` in ASCII.
const LOCK: i32 = 0x7365_7276;

/// The right to serve from a database.
pub(crate) struct DatabaseLock {
    connection: std::sync::Mutex<Connection>,
}

impl fmt::Debug for DatabaseLock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DatabaseLock").finish_non_exhaustive()
    }
}

impl DatabaseLock {
    pub(super) fn acquire(connector: &Connector, schema: &str) -> Result<DatabaseLock, StoreError> {
        const SQL: &str = "SELECT pg_try_advisory_lock($1, hashtext($2))";
        let connection = connector.connect()?;
        match connection.optional(SQL, &[&LOCK, &schema], |row| row.flag())? {
            Some(true) => Ok(DatabaseLock { connection: std::sync::Mutex::new(connection) }),
            _ => Err(StoreError::Serving(PathBuf::from(schema))),
        }
    }
}

/// At once, not when the server notices that the connection is gone.
impl Drop for DatabaseLock {
    fn drop(&mut self) {
        let connection = self.connection.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Err(error) = connection.batch("SELECT pg_advisory_unlock_all()") {
            tracing::warn!(%error, "the database will notice that nobody serves any more");
        }
    }
}
