//! Errors of stored data, sorted by the caller's options.

use std::io;
use std::path::{Path, PathBuf};

/// Why the store could not do what it was asked to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot be reached or written to just now (busy for too long, shutting down). Nothing of
    /// the job happened; it may be tried again later.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// There is no room for it: the disk is full, or as good as. Nothing of the job happened; it may be tried again when
    /// there is.
    #[error("there is no room: {0}")]
    NoRoom(String),
    /// Another transaction is in the way of this one. Nothing of the job happened, and the store runs it again: only
    /// the job sees this.
    #[error("another transaction is in the way: {0}")]
    InTheWay(String),
    /// The result of the commit is unknown. The store refuses writes until it is opened again; then reading shows
    /// whether the job happened.
    #[error("the store does not know whether the commit happened: {0}")]
    OutcomeUnknown(String),
    /// Something with this key exists already. Trying again gives the same; the other one can be read.
    #[error("the key is taken: {0}")]
    Conflict(String),
    /// Something that must be there before is not: the business day, a house account, a row to be changed.
    #[error("not there: {0}")]
    Missing(&'static str),
    /// The contract forbids it: a business day that goes back, a stage after its activation, a book that was not loaded in
    /// this transaction, an account below zero. A fault of the caller; trying again gives the same.
    #[error("the store refuses: {0}")]
    Refused(String),
    /// Stored data are not readable as the expected value.
    #[error("stored data is damaged: {0}")]
    Corrupt(String),
    /// The database is missing, empty, cut off, of another program, or not the one that its folder or the node belongs to.
    /// Nothing was changed.
    #[error("{} {reason}", .file.display())]
    WrongDatabase {
        /// The file that shows it; for a database server, the schema.
        file: PathBuf,
        /// The fault, and what to do.
        reason: String,
    },
    /// The database was written by a newer version of the program.
    #[error("the database has version {found}, this program knows versions up to {known}")]
    NewerDatabase {
        /// Version found.
        found: i64,
        /// Newest version known here.
        known: i64,
    },
    /// Another process serves from this folder.
    #[error("another process serves from {}", .0.display())]
    Serving(PathBuf),
    /// A value is over its bound.
    #[error("too big: {0}")]
    TooBig(&'static str),
    /// The job panicked; nothing of it happened, other jobs of the same commit were not touched.
    #[error("the job panicked: {0}")]
    JobPanicked(String),
    /// A file or folder of the store could not be read or written.
    #[error("{what}: {reason}")]
    File {
        /// The operation, and its file.
        what: String,
        /// The operating system's error.
        reason: String,
    },
}

impl StoreError {
    /// Whether the same call can succeed later without anything else being changed.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        matches!(self, StoreError::Unavailable(_) | StoreError::NoRoom(_) | StoreError::InTheWay(_))
    }

    /// The caller's error when the store does not run the job again.
    pub(crate) fn final_one(self) -> StoreError {
        match self {
            StoreError::InTheWay(text) => StoreError::Unavailable(text),
            other => other,
        }
    }

    pub(crate) fn file(what: &str, path: &Path, error: &io::Error) -> StoreError {
        let what = format!("{what} {}", path.display());
        if says_no_room(error) {
            return StoreError::NoRoom(format!("{what}: {error}"));
        }
        StoreError::File { what, reason: error.to_string() }
    }
}

/// Whether this is one of the operating system's errors for a full disk.
fn says_no_room(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge)
}
