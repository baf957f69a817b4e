//! What backup, restore and check say of a backup: which state it is, and what is wrong with it.

use crate::backup::{BackupError, Manifest};
use crate::terminal::{Exit, Failure, Terminal, printable};

/// Which state of the exchange it is.
pub(super) fn describe(manifest: &Manifest, terminal: &Terminal) {
    let day = manifest.business_day.as_deref().unwrap_or("not set");
    terminal.line(format_args!("Business day:  {day}"));
    terminal.line(format_args!("Last entry:    {}", manifest.last_sequence));
    if let Some(message) = &manifest.last_message {
        let (id, client) = (printable::value(&message.message_id), printable::value(&message.client));
        let at = &message.consumed_at;
        terminal.line(format_args!("Last message:  {id} of {client}, answered {at}"));
    }
    terminal.line(format_args!("Audit chain:   {} lines, {}", manifest.audit_lines, manifest.audit_head));
}

/// A note on the checks that an older database does not allow.
pub(super) fn older(version: i64) -> String {
    format!(
        "the database has the older version {version}: its structure, audit chain and bodies were checked; the other \
         invariants are once a service of this program has opened it"
    )
}

/// Prints the damage.
pub(super) fn findings(error: BackupError, verdict: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    match error {
        BackupError::Failed(failure) => Err(failure),
        BackupError::Damaged(problems) => {
            problems.iter().for_each(|problem| terminal.line(problem));
            terminal.note(verdict);
            Ok(Exit::Refused)
        }
    }
}
