//! Which node works on which submission, by leases in database time.

use payments::MessageId;

use super::migrate::known_version;
use super::session::Session;
use crate::bounds::{LAPSED_SHOWN_FOR, RIGHTS_LEASE};
use crate::codec::Columns;
use crate::plain::executor::Executor as _;
use crate::row_mapping::{read_submission, submission_columns};
use crate::statement::statements;
use crate::{NodeGauge, ReadNodes, StoreError, Submission, WriteNodes};

/// A submission `s` that no other living node works on; `$1` is this one, `$2` the lease in seconds of nodes that state none.
macro_rules! left_over {
    () => {
        "s.state = 0 AND (s.node IS NULL OR s.node = $1 OR NOT EXISTS (SELECT 1 FROM node n
            WHERE n.id = s.node AND n.seen_at > now() - make_interval(secs => coalesce(n.lease_seconds, $2))))"
    };
}

statements! {
    const LEFT_OVER: Statement = ("SELECT ", submission_columns!(), " FROM submission s
        WHERE ", left_over!(), " ORDER BY id LIMIT $3");
    /// Of several nodes that try at once, one gets it; the others do not wait.
    const CLAIM: Statement = ("UPDATE submission SET node = $1
        WHERE id = (SELECT s.id FROM submission s WHERE s.id = $3 AND ", left_over!(), " FOR NO KEY UPDATE SKIP LOCKED)");
    /// A node that lapsed longer ago is missed among those that hold theirs: its row stays for a day, for its work.
    const NODES: Statement = ("SELECT count(*) FILTER (WHERE lapsed_for < interval '0'),
            count(*) FILTER (WHERE lapsed_for BETWEEN interval '0' AND make_interval(secs => $2))
        FROM (SELECT now() - seen_at - make_interval(secs => coalesce(lease_seconds, $1)) AS lapsed_for FROM node) AS n");
    const OTHERS: Statement = ("SELECT count(*) FROM node WHERE id IS DISTINCT FROM $1
        AND seen_at > now() - make_interval(secs => coalesce(lease_seconds, $2))");
    const MINIMUM: Statement = ("SELECT minimum_node_version FROM state");
    /// A node that has missed its lease may have relied on rights until `$3` seconds after.
    const KEEP_OUT: Statement = ("UPDATE state SET minimum_node_version = greatest(minimum_node_version, $1)
        WHERE NOT EXISTS (SELECT 1 FROM node WHERE coalesce(version, 0) < $1
            AND seen_at > now() - make_interval(secs => coalesce(lease_seconds, $2) + $3))");
}

impl ReadNodes for Session<'_> {
    fn left_over_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        let own = self.own;
        self.connection.list(LEFT_OVER, &[&own.node, &own.lease_seconds, &i64::from(limit)], read_submission)
    }

    fn node_gauge(&mut self) -> Result<NodeGauge, StoreError> {
        let read = |row: &mut Columns<'_>| Ok(NodeGauge { held: row.unsigned()?, expired: row.unsigned()? });
        let newly = LAPSED_SHOWN_FOR.as_secs_f64();
        self.connection.one(NODES, &[&self.own.lease_seconds, &newly], read)
    }

    fn minimum_node_version(&mut self) -> Result<i64, StoreError> {
        self.connection.one(MINIMUM, &[], |row| row.integer())
    }
}

impl WriteNodes for Session<'_> {
    fn claim_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        let own = self.own;
        Ok(self.changing().execute(CLAIM, &[&own.node, &own.lease_seconds, &id.0])? == 1)
    }

    fn other_nodes(&mut self) -> Result<u64, StoreError> {
        let own = self.own;
        self.connection.one(OTHERS, &[&own.node, &own.lease_seconds], |row| row.unsigned())
    }

    fn keep_out_older_nodes(&mut self) -> Result<bool, StoreError> {
        self.change_rights();
        let (own, used) = (self.own, RIGHTS_LEASE.as_secs_f64());
        Ok(self.changing().execute(KEEP_OUT, &[&known_version(), &own.lease_seconds, &used])? == 1)
    }
}
