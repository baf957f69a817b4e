//! One serving process for each folder. Operator commands may write beside it; two servers may not. Of a database there
//! may be several: each is a node, and they share the work.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::StoreError;

const LOCK_FILE: &str = "serving.lock";

/// The right to serve from a store, held until it is dropped. The operating system frees a folder when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct ServingLock {
    _file: Option<File>,
}

impl ServingLock {
    /// Beside others.
    pub(crate) fn shared() -> ServingLock {
        ServingLock { _file: None }
    }

    pub(crate) fn acquire(folder: &Path) -> Result<ServingLock, StoreError> {
        let path = folder.join(LOCK_FILE);
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| StoreError::file("opening", &path, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(ServingLock { _file: Some(file) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Serving(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(StoreError::file("locking", &path, &error)),
        }
    }
}
