//! Bodies that have been kept long enough: which they are, and their removal. What they were stays: hash and size.

use jiff::Timestamp;
use payments::MessageId;
use rusqlite::{Connection, params};

use super::query::{list, optional};
use crate::codec::micros;
use crate::{BodyHash, RemovableBody, StoreError};

pub(super) fn removable_bodies(
    connection: &Connection,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<RemovableBody>, StoreError> {
    const SQL: &str = "SELECT id, sha256, size FROM submission
        WHERE state = 1 AND body_file IS NOT NULL AND received_at < ?1 ORDER BY received_at LIMIT ?2";
    list(connection, SQL, params![micros(before), limit], |row| {
        Ok(RemovableBody { message: MessageId(row.integer()?), hash: BodyHash(row.digest()?), size: row.unsigned()? })
    })
}

pub(super) fn removable_bodies_total(connection: &Connection, before: Timestamp) -> Result<(u64, u64), StoreError> {
    const SQL: &str = "SELECT count(*), coalesce(sum(size), 0) FROM submission
        WHERE state = 1 AND body_file IS NOT NULL AND received_at < ?1";
    let total = optional(connection, SQL, [micros(before)], |row| Ok((row.unsigned()?, row.unsigned()?)))?;
    Ok(total.unwrap_or_default())
}

/// Returns the file to remove once this is committed.
pub(super) fn remove_body(connection: &Connection, id: MessageId, at: Timestamp) -> Result<String, StoreError> {
    const FILE: &str = "SELECT body_file FROM submission WHERE id = ?1 AND state = 1 AND body_file IS NOT NULL";
    const REMOVE: &str = "UPDATE submission SET body_file = NULL, body_removed_at = ?2 WHERE id = ?1";
    let file = optional(connection, FILE, [id.0], |row| row.text())?;
    let file = file.ok_or_else(|| StoreError::Refused(format!("submission {} has no body to remove", id.0)))?;
    super::query::execute(connection, REMOVE, params![id.0, micros(at)])?;
    Ok(file)
}
