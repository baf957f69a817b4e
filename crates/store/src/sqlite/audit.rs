//! Adding to the audit chain.

use rusqlite::{Connection, params};

use super::codec::failed;
use super::query::{execute, optional, prepare};
use super::session::Session;
use crate::codec::micros;
use crate::statement::statements;
use crate::{AUDIT_CHAIN_START, AddAudit, AuditLine, StoreError, WriteAudit, audit_hash};

statements! {
    const LAST: Statement = ("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
    const APPEND: Statement = ("INSERT INTO audit (sequence, at, actor, action, detail, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    const MARK_COMPLETE: Statement = ("INSERT INTO audit_mark (id) VALUES (1) ON CONFLICT DO NOTHING");
}

impl AddAudit for Session<'_> {
    fn append_audit(&mut self, line: &AuditLine) -> Result<(), StoreError> {
        append(self.connection()?, std::iter::once(line))
    }
}

impl WriteAudit for Session<'_> {
    fn mark_audit_complete(&mut self) -> Result<(), StoreError> {
        execute(self.connection()?, MARK_COMPLETE, []).map(drop)
    }
}

/// Adds lines to the chain.
pub(super) fn append<'l>(
    connection: &Connection,
    lines: impl Iterator<Item = &'l AuditLine>,
) -> Result<(), StoreError> {
    let last = optional(connection, LAST, [], |row| Ok((row.integer()?, row.digest()?)))?;
    // Before the first line.
    let (mut sequence, mut hash) = last.unwrap_or((0, AUDIT_CHAIN_START));
    let mut statement = prepare(connection, APPEND)?;
    for line in lines {
        sequence += 1;
        hash = audit_hash(&hash, sequence, line);
        let values = params![sequence, micros(line.at), line.actor, line.action, line.detail, &hash[..]];
        statement.execute(values).map_err(failed)?;
    }
    Ok(())
}
