//! Removes bodies after their retention; their hash and size stay.
//!
//! A reader of many bodies announces itself by a row ([`BodyKeeper`]). It writes the row while no removal runs, and
//! each removal checks for such a row: the business day's row is the lock between them.

use std::sync::Arc;

use jiff::Timestamp;
use payments::MessageId;

use super::connection::Connection;
use super::pool::Pool;
use super::session::Session;
use crate::codec::micros;
use crate::statement::statements;
use crate::{StoreError, WriteRetention, bounds};

statements! {
    const LOCK: Statement = ("SELECT 1 FROM state WHERE id = 1 FOR SHARE");
    const BODY: Statement = ("SELECT body_file FROM submission WHERE id = $1 AND state = 1 AND body_file IS NOT NULL
        FOR NO KEY UPDATE");
    const REMOVE: Statement = ("UPDATE submission SET body_file = NULL, body_removed_at = $2 WHERE id = $1");
    const DELETE: Statement = ("DELETE FROM body WHERE id = $1");
    const KEEPERS: Statement = ("SELECT 1 FROM body_keeper WHERE until > now() LIMIT 1");
    /// Removals under way hold the row of `state`, shared; those that come later find this keeper.
    const KEEP: Statement = ("INSERT INTO body_keeper (until)
        SELECT now() + make_interval(secs => $1) FROM (SELECT id FROM state WHERE id = 1 FOR UPDATE) AS alone
        RETURNING id");
    const SWEEP_KEEPERS: Statement = ("DELETE FROM body_keeper WHERE until < now()");
    const LEAVE: Statement = ("DELETE FROM body_keeper WHERE id = $1");
}

impl WriteRetention for Session<'_> {
    fn remove_body(&mut self, id: MessageId, at: Timestamp) -> Result<(), StoreError> {
        let connection = self.changing();
        connection.optional(LOCK, &[], |row| row.integer())?;
        if is_kept(connection)? {
            return Err(StoreError::Unavailable("bodies are being read".to_owned()));
        }
        let body = connection.optional(BODY, &[&id.0], |row| row.text())?;
        let body = body.ok_or_else(|| StoreError::Refused(format!("submission {} has no body to remove", id.0)))?;
        connection.execute(REMOVE, &[&id.0, &micros(at)])?;
        connection.execute(DELETE, &[&body]).map(drop)
    }
}

/// Whether a reader holds the bodies.
pub(super) fn is_kept(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.optional(KEEPERS, &[], |row| row.integer())?.is_some())
}

/// While it lives, bodies of answered messages stay; for [`bounds::BODIES_KEPT_MAX`] should its process die.
#[derive(Debug)]
pub(crate) struct BodyKeeper {
    pool: Arc<Pool>,
    id: i64,
}

impl BodyKeeper {
    pub(super) fn begin(pool: &Arc<Pool>) -> Result<BodyKeeper, StoreError> {
        let connection = pool.connection()?;
        connection.execute(SWEEP_KEEPERS, &[])?;
        let id = connection.insert(KEEP, &[&bounds::BODIES_KEPT_MAX.as_secs_f64()])?;
        Ok(BodyKeeper { pool: Arc::clone(pool), id })
    }
}

impl Drop for BodyKeeper {
    fn drop(&mut self) {
        let ended = self.pool.connection().and_then(|connection| connection.execute(LEAVE, &[&self.id]));
        if let Err(error) = ended {
            tracing::warn!(%error, "bodies stay until their keeper's time is over");
        }
    }
}
