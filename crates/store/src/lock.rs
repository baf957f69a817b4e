//! One serving process for each folder or database. Operator commands may write beside it; two servers may not.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::StoreError;
use crate::postgres::DatabaseLock;

const LOCK_FILE: &str = "serving.lock";

/// The right to serve from a store, held until it is dropped. The operating system or the database frees it when the
/// process ends, however it ends.
#[derive(Debug)]
pub struct ServingLock {
    _held: Held,
}

#[derive(Debug)]
#[expect(dead_code, reason = "held, and never looked at")]
enum Held {
    File(File),
    Database(DatabaseLock),
}

impl From<DatabaseLock> for ServingLock {
    fn from(lock: DatabaseLock) -> ServingLock {
        ServingLock { _held: Held::Database(lock) }
    }
}

impl ServingLock {
    pub(crate) fn acquire(folder: &Path) -> Result<ServingLock, StoreError> {
        let path = folder.join(LOCK_FILE);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::file("opening", &path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(ServingLock { _held: Held::File(file) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Serving(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(StoreError::file("locking", &path, &error)),
        }
    }
}
