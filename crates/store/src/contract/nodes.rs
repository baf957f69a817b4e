//! Nodes that serve from the same store, and which of them works on which submission. A node owns its work through a lease
//! in database time. With SQLite there is one node.

use payments::MessageId;

use crate::{NodeGauge, StoreError, Submission};

/// Reads what no living node works on, and which nodes live.
pub trait ReadNodes {
    /// Submissions that were received and not answered, and that no other living node works on, oldest first, at most `limit`.
    fn left_over_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError>;

    /// How many nodes serve from the store at this moment, and how many are gone without a goodbye.
    fn node_gauge(&mut self) -> Result<NodeGauge, StoreError>;

    /// Nodes of an older version of the database than this do not serve. 0 before the first such version.
    fn minimum_node_version(&mut self) -> Result<i64, StoreError>;
}

/// Takes work over from nodes that are gone.
pub trait WriteNodes: ReadNodes {
    /// Takes over the work on a submission that was left over. Of several nodes that try at once one gets it; the others do
    /// not wait. `false` when it is answered or gone, or another living node works on it. From then on the node that worked on
    /// it before stages and decides nothing more: it gets [`StoreError::Unavailable`].
    fn claim_submission(&mut self, id: MessageId) -> Result<bool, StoreError>;

    /// How many other nodes serve from the store at this moment.
    fn other_nodes(&mut self) -> Result<u64, StoreError>;

    /// From now on no node of an older version than this program's serves: so rights may mean what such a node does not know.
    /// `false`, and nothing happens, while one does.
    fn keep_out_older_nodes(&mut self) -> Result<bool, StoreError>;
}
