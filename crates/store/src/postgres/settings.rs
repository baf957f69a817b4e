//! The settings that all nodes have in common, and who the others are.

use super::connection::Connection;
use super::node::Own;
use crate::StoreError;

/// Payments share a lock of the row that holds the settings, one after another without a gap; so nodes that start keep each
/// other out by a lock of their own.
pub(super) fn lock_shared(connection: &Connection) -> Result<Option<String>, StoreError> {
    const LOCK: &str =
        "SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.settings'))) l";
    const SETTINGS: &str = "SELECT settings FROM state";
    connection.optional(LOCK, &[], |row| row.integer())?;
    Ok(connection.optional(SETTINGS, &[], |row| row.text_if_any())?.flatten())
}

pub(super) fn set_shared(connection: &Connection, settings: &str) -> Result<(), StoreError> {
    connection.execute("UPDATE state SET settings = $1", &[&settings]).map(drop)
}

pub(super) fn other_nodes(connection: &Connection, own: Own) -> Result<u64, StoreError> {
    const SQL: &str = "SELECT count(*) FROM node WHERE id IS DISTINCT FROM $1
        AND seen_at > now() - make_interval(secs => coalesce(lease_seconds, $2))";
    Ok(connection.optional(SQL, &[&own.node, &own.lease_seconds], |row| row.unsigned())?.unwrap_or(0))
}
