//! Locks between processes. One process serves from each folder: operator commands may write beside it, two servers may
//! not. (Several processes may serve from a database: each is a node, and they share the work.) Another lock keeps
//! bodies in place while a backup copies them.
//!
//! The owner gives a lock back explicitly, not by closing its last handle: a child process that starts at that moment
//! holds copies of all handles until it becomes its own program, and would hold the lock as long.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::postgres::BodyKeeper;
use crate::{PRIVATE_FILE_MODE, StoreError};

const LOCK_FILE: &str = "serving.lock";
const BODIES_LOCK_FILE: &str = "bodies.lock";

/// The right to serve from a store, held until it is dropped. The operating system frees a folder when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct ServingLock {
    _locked: Option<Locked>,
}

impl ServingLock {
    /// Beside others.
    pub(crate) fn shared() -> ServingLock {
        ServingLock { _locked: None }
    }

    pub(crate) fn acquire(folder: &Path) -> Result<ServingLock, StoreError> {
        let (file, path) = open(folder, LOCK_FILE)?;
        match file.try_lock() {
            Ok(()) => Ok(ServingLock { _locked: Some(Locked(file)) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Serving(folder.to_owned())),
            Err(TryLockError::Error(error)) => Err(StoreError::file("locking", &path, &error)),
        }
    }
}

/// The right to remove bodies of answered messages, or the assurance that no process does. Held until it is dropped.
#[derive(Debug)]
pub struct BodiesLock {
    _held: Held,
}

#[derive(Debug)]
enum Held {
    File(#[expect(dead_code, reason = "held, not used")] Locked),
    Row(#[expect(dead_code, reason = "held, not used")] BodyKeeper),
    Nothing,
}

impl BodiesLock {
    /// Assured by a row of the database.
    pub(crate) fn row(keeper: BodyKeeper) -> BodiesLock {
        BodiesLock { _held: Held::Row(keeper) }
    }

    /// The database itself sees to it, removal by removal.
    pub(crate) fn granted() -> BodiesLock {
        BodiesLock { _held: Held::Nothing }
    }

    /// While it is held, bodies of answered messages stay. Waits for the removal of a few.
    pub(crate) fn keep(folder: &Path) -> Result<BodiesLock, StoreError> {
        let (file, path) = open(folder, BODIES_LOCK_FILE)?;
        file.lock_shared().map_err(|error| StoreError::file("locking", &path, &error))?;
        Ok(BodiesLock { _held: Held::File(Locked(file)) })
    }

    /// The right to remove some; `None` while another process needs them.
    pub(crate) fn remove(folder: &Path) -> Result<Option<BodiesLock>, StoreError> {
        let (file, path) = open(folder, BODIES_LOCK_FILE)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(BodiesLock { _held: Held::File(Locked(file)) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StoreError::file("locking", &path, &error)),
        }
    }
}

/// A file whose lock is held, by one or among several.
#[derive(Debug)]
struct Locked(File);

impl Drop for Locked {
    fn drop(&mut self) {
        // Where this fails, the system gives the lock back with the last handle.
        let _ = self.0.unlock();
    }
}

fn open(folder: &Path, name: &str) -> Result<(File, PathBuf), StoreError> {
    let path = folder.join(name);
    let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(PRIVATE_FILE_MODE).open(&path);
    opened.map(|file| (file, path.clone())).map_err(|error| StoreError::file("opening", &path, &error))
}
