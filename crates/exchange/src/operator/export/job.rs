//! One export while it is written: where it goes, and what it holds so far.

use std::io::{self, Write};

use jiff::Timestamp;
use store::{Client, OnlineUser, StoreError};

use crate::{Failure, Settings};

/// So many rows are read at a time.
pub(super) const ROWS_AT_A_TIME: u32 = 1_000;

/// Where an export goes. Files are written one after another.
pub trait ExportFiles {
    /// Begins a file; its path is relative, with `/`.
    ///
    /// # Errors
    /// When it cannot be made.
    fn begin(&mut self, path: &str) -> io::Result<Box<dyn Write + '_>>;
}

/// What an export holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "numbers of what the names say")]
pub struct ExportSummary {
    pub online_users: u64,
    pub accounts: u64,
    pub submissions: u64,
    pub messages: u64,
    pub payments: u64,
    pub entries: u64,
    pub reports: u64,
    pub audit_lines: u64,
    /// Entry after which nothing is in it.
    pub last_sequence: i64,
}

/// Why there is no export.
#[derive(Debug)]
pub enum ExportError {
    /// The store cannot be read, or there is no such client.
    Failure(Failure),
    /// A file cannot be written.
    Write(io::Error),
}

impl From<Failure> for ExportError {
    fn from(failure: Failure) -> ExportError {
        ExportError::Failure(failure)
    }
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> ExportError {
        ExportError::Failure(error.into())
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> ExportError {
        ExportError::Write(error)
    }
}

/// The exported client, and the target folder.
pub(super) struct Export<'a> {
    pub(super) store: &'a store::Store,
    pub(super) settings: &'a Settings,
    pub(super) client: Client,
    pub(super) users: Vec<OnlineUser>,
    pub(super) now: Timestamp,
    pub(super) files: &'a mut dyn ExportFiles,
    pub(super) summary: ExportSummary,
}
