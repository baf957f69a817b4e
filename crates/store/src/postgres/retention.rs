//! Bodies that have been kept long enough: which they are, and their removal. What they were stays: hash and size.
//!
//! Whoever reads many bodies leaves a row that says so ([`BodyKeeper`]). It is written while no removal is under way, and
//! each removal looks for one: the business day's row is the lock between them.

use std::sync::Arc;

use jiff::Timestamp;
use payments::MessageId;

use super::connection::Connection;
use super::pool::Pool;
use crate::codec::micros;
use crate::{BodyHash, RemovableBody, StoreError, bounds};

pub(super) fn removable_bodies(
    connection: &Connection,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<RemovableBody>, StoreError> {
    const SQL: &str = "SELECT id, sha256, size FROM submission
        WHERE state = 1 AND body_file IS NOT NULL AND received_at < $1 ORDER BY received_at LIMIT $2";
    connection.list(SQL, &[&micros(before), &i64::from(limit)], |row| {
        Ok(RemovableBody { message: MessageId(row.integer()?), hash: BodyHash(row.digest()?), size: row.unsigned()? })
    })
}

pub(super) fn removable_bodies_total(connection: &Connection, before: Timestamp) -> Result<(u64, u64), StoreError> {
    const SQL: &str = "SELECT count(*), coalesce(sum(size), 0)::bigint FROM submission
        WHERE state = 1 AND body_file IS NOT NULL AND received_at < $1";
    let total = connection.optional(SQL, &[&micros(before)], |row| Ok((row.unsigned()?, row.unsigned()?)))?;
    Ok(total.unwrap_or_default())
}

pub(super) fn remove_body(connection: &Connection, id: MessageId, at: Timestamp) -> Result<(), StoreError> {
    const LOCK: &str = "SELECT 1 FROM state WHERE id = 1 FOR SHARE";
    const BODY: &str = "SELECT body_file FROM submission WHERE id = $1 AND state = 1 AND body_file IS NOT NULL
        FOR NO KEY UPDATE";
    const REMOVE: &str = "UPDATE submission SET body_file = NULL, body_removed_at = $2 WHERE id = $1";
    connection.optional(LOCK, &[], |row| row.integer())?;
    if is_kept(connection)? {
        return Err(StoreError::Unavailable("bodies are being read".to_owned()));
    }
    let body = connection.optional(BODY, &[&id.0], |row| row.text())?;
    let body = body.ok_or_else(|| StoreError::Refused(format!("submission {} has no body to remove", id.0)))?;
    connection.execute(REMOVE, &[&id.0, &micros(at)])?;
    connection.execute("DELETE FROM body WHERE id = $1", &[&body]).map(drop)
}

/// Whether somebody reads bodies.
pub(super) fn is_kept(connection: &Connection) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT 1 FROM body_keeper WHERE until > now() LIMIT 1";
    Ok(connection.optional(SQL, &[], |row| row.integer())?.is_some())
}

/// While it lives, bodies of answered messages stay; for [`bounds::BODIES_KEPT_MAX`] should its process die.
#[derive(Debug)]
pub(crate) struct BodyKeeper {
    pool: Arc<Pool>,
    id: i64,
}

impl BodyKeeper {
    pub(super) fn begin(pool: &Arc<Pool>) -> Result<BodyKeeper, StoreError> {
        // Removals under way hold the row, shared; those that come later find this keeper.
        const SQL: &str = "INSERT INTO body_keeper (until)
            SELECT now() + make_interval(secs => $1) FROM (SELECT id FROM state WHERE id = 1 FOR UPDATE) AS alone
            RETURNING id";
        const ENDED: &str = "DELETE FROM body_keeper WHERE until < now()";
        let connection = pool.connection()?;
        connection.execute(ENDED, &[])?;
        let id = connection.insert(SQL, &[&bounds::BODIES_KEPT_MAX.as_secs_f64()])?;
        Ok(BodyKeeper { pool: Arc::clone(pool), id })
    }
}

impl Drop for BodyKeeper {
    fn drop(&mut self) {
        let ended = self
            .pool
            .connection()
            .and_then(|connection| connection.execute("DELETE FROM body_keeper WHERE id = $1", &[&self.id]));
        if let Err(error) = ended {
            tracing::warn!(%error, "bodies stay until their keeper's time is over");
        }
    }
}
