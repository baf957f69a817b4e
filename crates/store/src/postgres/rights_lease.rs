//! Confirms the version of rights, says in the node's row which one the node relies on, and waits until all others do so.
//!
//! A node relies on rights only while its row is there and its lease holds, since who changes rights waits for those nodes
//! alone. It forgets what it has read under the old version before it acknowledges the new one. A row without an
//! acknowledgement is that of a node that relies on nothing, and nobody waits for it: an older version's, which asks for each
//! request, or one that has not confirmed yet. A change that commits between that node's look and its first
//! acknowledgement does not wait for it either, so after the first one the node looks again.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Postgres;
use super::connection::Connection;
use super::migrate::known_version;
use crate::rights::{Confirmation, RightsLease, elapsed};
use crate::statement::statements;
use crate::{Rights, RightsVersion, StoreError, bounds};

statements! {
    const CONFIRM: Statement = ("SELECT r.version, s.business_day, n.rights_version,
            CAST(coalesce(n.seen_at > now() - make_interval(secs => n.lease_seconds), false) AS INTEGER),
            s.minimum_node_version
        FROM rights_count r CROSS JOIN state s LEFT JOIN node n ON n.id = $1");
    const ACKNOWLEDGE: Statement = ("UPDATE node SET rights_version = $2
        WHERE id = $1 AND seen_at > now() - make_interval(secs => lease_seconds)");
    /// Nodes that may rely on older rights: their lease holds, or ended so lately that they may have confirmed before. `$1` is
    /// the longest that they rely on rights, in seconds.
    const BEHIND: Statement = ("SELECT count(*) FROM node n CROSS JOIN rights_count r
        WHERE n.rights_version < r.version AND n.seen_at > now() - make_interval(secs => n.lease_seconds + $1)");
}

impl Postgres {
    /// Asks for the version, and acknowledges it when it is another one than before.
    pub(crate) async fn confirm_rights(&self, lease: &Arc<RightsLease>) -> Result<Confirmation, StoreError> {
        let (pool, lease) = (Arc::clone(&self.pool), Arc::clone(lease));
        let (node, connector) = (Arc::clone(&self.node), self.connector.clone());
        let ask = move || confirm(&*pool.connection()?, node.id(&connector)?, &lease);
        let asked = self.connector.access.runtime().spawn_blocking(ask).await;
        asked.unwrap_or_else(|error| Err(StoreError::Unavailable(format!("the runtime ends: {error}"))))
    }

    /// Returns when every other node has acknowledged the rights as they are now, or its lease of them has lapsed.
    pub(crate) async fn rights_are_acknowledged(&self) {
        let runtime = self.connector.access.runtime();
        // The caller's runtime need not have a clock.
        let lapsed = {
            let _context = runtime.enter();
            tokio::time::sleep(bounds::RIGHTS_LEASE)
        };
        let asking = async {
            let mut pause = bounds::ACKNOWLEDGED_PAUSE;
            loop {
                let pool = Arc::clone(&self.pool);
                let asked = runtime.spawn_blocking(move || behind(&*pool.connection()?)).await;
                if matches!(asked, Ok(Ok(0))) {
                    return;
                }
                let waited = {
                    let _context = runtime.enter();
                    tokio::time::sleep_until(Instant::now() + pause)
                };
                waited.await;
                pause = bounds::ACKNOWLEDGED_PAUSE_MAX.min(pause * 2);
            }
        };
        tokio::select! {
            () = asking => {}
            () = lapsed => {}
        }
    }
}

/// What one look finds.
struct Look {
    rights: Rights,
    /// The version that the node's row says the node has acknowledged last.
    acknowledged: Option<i64>,
    /// Whether the node's row is there and its lease holds.
    is_live: bool,
    minimum_node_version: i64,
}

fn look(connection: &Connection, node: i64) -> Result<Look, StoreError> {
    connection.one(CONFIRM, &[&node], |row| {
        let rights = Rights { version: RightsVersion(row.integer()?), business_day: row.date_if_any()? };
        let (acknowledged, is_live) = (row.integer_if_any()?, row.integer()? != 0);
        Ok(Look { rights, acknowledged, is_live, minimum_node_version: row.integer()? })
    })
}

/// Looks once, or twice when the row had no acknowledgement.
fn confirm(connection: &Connection, node: i64, lease: &RightsLease) -> Result<Confirmation, StoreError> {
    loop {
        let sent = elapsed();
        let Look { rights, acknowledged, is_live, minimum_node_version: minimum } = look(connection, node)?;
        // Rights mean something by now that this program does not know.
        if minimum > known_version() {
            lease.forget();
            return Err(StoreError::NewerDatabase { found: minimum, known: known_version() });
        }
        if !is_live || acknowledged == Some(rights.version.0) {
            return Ok(Confirmation { rights, is_leased: is_live });
        }
        lease.supersede(rights.version, sent);
        let is_leased = connection.execute(ACKNOWLEDGE, &[&node, &rights.version.0])? == 1;
        // Who changes rights after this look has waited for this node, since its row had an acknowledgement.
        if !is_leased || acknowledged.is_some() {
            return Ok(Confirmation { rights, is_leased });
        }
    }
}

fn behind(connection: &Connection) -> Result<u64, StoreError> {
    let longest = Duration::as_secs_f64(&bounds::RIGHTS_LEASE);
    connection.one(BEHIND, &[&longest], |row| row.unsigned())
}
