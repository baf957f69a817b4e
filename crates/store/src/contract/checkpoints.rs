//! Signed checkpoints of the audit chain.

use jiff::Timestamp;

use crate::{StoreError, StoredCheckpoint};

/// Reads checkpoints.
pub trait ReadCheckpoints {
    /// The newest checkpoint.
    fn last_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>, StoreError>;

    /// Checkpoints from a number on (the first is 1), at most `limit`.
    fn checkpoints(&mut self, from: i64, limit: u32) -> Result<Vec<StoredCheckpoint>, StoreError>;

    /// When the oldest line of the audit chain was written that no checkpoint covers; `None` when each is covered.
    fn unconfirmed_since(&mut self) -> Result<Option<Timestamp>, StoreError>;
}

/// Adds checkpoints; none is ever changed.
pub trait WriteCheckpoints: ReadCheckpoints {
    /// Adds a checkpoint. `false` when there is one with this number: another node has made it.
    fn insert_checkpoint(&mut self, checkpoint: &StoredCheckpoint) -> Result<bool, StoreError>;
}
