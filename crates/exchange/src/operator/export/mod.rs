//! All data of one client in open formats: its messages, answers and statuses, its accounts with all entries, its
//! online users, and the audit lines that concern it.
//!
//! The export reads one snapshot and writes while it reads, a page at a time. So it is one state of the exchange, and
//! needs no more memory for a million payments than for ten. Of other clients it holds only what a statement also
//! shows: name and account of the other side of a payment, and the ultimate parties.

mod accounts;
mod audit;
mod job;
mod lines;
mod messages;
mod payment;

use rulebook::catalogue::Code;
use store::{ClientId, Reading};

use job::Export;
pub use job::{ExportError, ExportFiles, ExportSummary};

use crate::{Failure, Operator};

impl Operator {
    /// Writes everything of a client. Blocks. Leaves an audit line.
    ///
    /// # Errors
    /// When there is no such client, the store cannot be read, or a file cannot be written.
    pub fn export(&self, client: ClientId, files: &mut dyn ExportFiles) -> Result<ExportSummary, ExportError> {
        let exchange = self.exchange();
        let line = self.line("client.exported", format!("client {}", client.0));
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
