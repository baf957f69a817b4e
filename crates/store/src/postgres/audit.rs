//! The audit chain as rows. How lines get in stands in `tail.rs`.

use super::connection::Connection;
use crate::reads::read_line;
use crate::{ChainedAuditLine, StoreError};

pub(super) fn audit(connection: &Connection, from: i64, limit: u32) -> Result<Vec<ChainedAuditLine>, StoreError> {
    const SQL: &str = "SELECT sequence, at, actor, action, detail, hash FROM audit
        WHERE sequence >= $1 ORDER BY sequence LIMIT $2";
    connection.list(SQL, &[&from, &i64::from(limit)], read_line)
}

pub(super) fn is_complete(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.optional("SELECT 1 FROM audit_mark", &[], |row| row.integer())?.is_some())
}

pub(super) fn mark_complete(connection: &Connection) -> Result<(), StoreError> {
    connection.execute("INSERT INTO audit_mark (id) VALUES (1) ON CONFLICT DO NOTHING", &[]).map(drop)
}
