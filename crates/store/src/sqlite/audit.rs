//! The audit chain as rows.

use rusqlite::{Connection, params};

use super::query::{execute, list, optional};
use crate::codec::micros;
use crate::reads::read_line;
use crate::{AUDIT_CHAIN_START, AuditLine, ChainedAuditLine, StoreError, audit_hash};

pub(super) fn audit(connection: &Connection, from: i64, limit: u32) -> Result<Vec<ChainedAuditLine>, StoreError> {
    const SQL: &str = "SELECT sequence, at, actor, action, detail, hash FROM audit
        WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2";
    list(connection, SQL, params![from, limit], read_line)
}

pub(super) fn append_audit(connection: &Connection, line: &AuditLine) -> Result<(), StoreError> {
    const LAST: &str = "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1";
    const APPEND: &str = "INSERT INTO audit (sequence, at, actor, action, detail, hash)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let last = optional(connection, LAST, [], |row| Ok((row.integer()?, row.digest()?)))?;
    let (last, previous) = last.unwrap_or((0, AUDIT_CHAIN_START));
    let sequence = last + 1;
    let hash = audit_hash(&previous, sequence, line);
    let values = params![sequence, micros(line.at), line.actor, line.action, line.detail, &hash[..]];
    execute(connection, APPEND, values).map(drop)
}

pub(super) fn is_complete(connection: &Connection) -> Result<bool, StoreError> {
    Ok(optional(connection, "SELECT 1 FROM audit_mark", [], |row| row.integer())?.is_some())
}

pub(super) fn mark_complete(connection: &Connection) -> Result<(), StoreError> {
    execute(connection, "INSERT INTO audit_mark (id) VALUES (1) ON CONFLICT DO NOTHING", []).map(drop)
}
