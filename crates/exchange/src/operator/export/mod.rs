//! Everything of one client, in open formats: what it sent and was answered, what became of it, its accounts with all
//! entries, its online users, and the audit lines that concern it.
//!
//! It is read from one snapshot and written as it is read, a page at a time, so it is one state of the exchange and
//! needs no more memory for a million payments than for ten. What belongs to others is in it only as far as a
//! statement shows it too: name and account of the other side of a payment, and whom it was paid or received for.

mod accounts;
mod audit;
mod lines;
mod messages;
mod payment;

use std::io::{self, Write};

use jiff::Timestamp;
use rulebook::catalogue::Code;
use store::{Client, ClientId, OnlineUser, Reading, StoreError};

use crate::{Failure, Operator, Settings};

/// So many rows are read at a time.
const ROWS_AT_A_TIME: u32 = 1_000;

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

/// What is being exported, and whither.
struct Export<'a> {
    store: &'a store::Store,
    settings: &'a Settings,
    client: Client,
    users: Vec<OnlineUser>,
    now: Timestamp,
    files: &'a mut dyn ExportFiles,
    summary: ExportSummary,
}

impl Operator {
    /// Writes everything of a client. Blocks. Leaves an audit line.
    ///
    /// # Errors
    /// When there is no such client, the store cannot be read, or a file cannot be written.
    pub fn export(&self, client: ClientId, files: &mut dyn ExportFiles) -> Result<ExportSummary, ExportError> {
        let exchange = self.exchange();
        let line =
            exchange.audit_line(crate::operator::acts::OPERATOR, "client.exported", format!("client {}", client.0));
        let store = &exchange.inner.store;
        store.write_blocking(move |writing| writing.append_audit(&line).map_err(Failure::from))?;
        let _bodies_stay = store.keep_bodies()?;
        store.read_blocking(|reading| {
            let not_found = || Failure::new(Code::NotFound).with_detail(client.0.to_string());
            let client = reading.clients()?.into_iter().find(|known| known.id == client).ok_or_else(not_found)?;
            let users = reading.online_users(client.id)?;
            let (settings, now) = (&exchange.inner.settings, exchange.now());
            let summary = ExportSummary { last_sequence: reading.last_sequence()?, ..ExportSummary::default() };
            let mut export = Export { store, settings, client, users, now, files, summary };
            export.all(reading)?;
            Ok(export.summary)
        })
    }
}

impl Export<'_> {
    fn all(&mut self, reading: &mut dyn Reading) -> Result<(), ExportError> {
        self.client_itself(reading)?;
        let (accounts, incoming) = self.accounts(reading)?;
        self.messages(reading)?;
        self.reports(reading, &accounts)?;
        self.audit(reading, &accounts, &incoming)
    }
}
