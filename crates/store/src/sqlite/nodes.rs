//! The lock of the folder lets only one node serve.

use payments::MessageId;

use super::open::known_version;
use super::query::{execute, optional};
use super::session::Session;
use crate::row_mapping::RECEIVED;
use crate::statement::statements;
use crate::{NodeGauge, ReadNodes, ReadSubmissions, StoreError, Submission, WriteNodes};

statements! {
    const STATE: Statement = ("SELECT state FROM submission WHERE id = ?1");
    const MINIMUM: Statement = ("SELECT minimum_node_version FROM state");
    const KEEP_OUT: Statement = ("UPDATE state SET minimum_node_version = max(minimum_node_version, ?1)");
}

impl ReadNodes for Session<'_> {
    fn left_over_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        self.unanswered_submissions(limit)
    }

    fn node_gauge(&mut self) -> Result<NodeGauge, StoreError> {
        Ok(NodeGauge { held: 1, expired: 0 })
    }

    fn minimum_node_version(&mut self) -> Result<i64, StoreError> {
        optional(self.connection()?, MINIMUM, [], |row| row.integer())?.ok_or(StoreError::Missing("state"))
    }
}

impl WriteNodes for Session<'_> {
    fn claim_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        Ok(optional(self.connection()?, STATE, [id.0], |row| row.integer())? == Some(RECEIVED))
    }

    fn other_nodes(&mut self) -> Result<u64, StoreError> {
        Ok(0)
    }

    /// An older program does not open the database.
    fn keep_out_older_nodes(&mut self) -> Result<bool, StoreError> {
        Ok(execute(self.connection()?, KEEP_OUT, [known_version()])? == 1)
    }
}
