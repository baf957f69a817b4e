//! Checkpoints of the audit chain, and marks of restores.

use audit::Checkpoint;
use jiff::Timestamp;
use jiff::civil::Date;

/// A checkpoint as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// From 1, without gaps.
    pub number: i64,
    /// The business day that was open.
    pub business_day: Date,
    /// The checkpoint.
    pub checkpoint: Checkpoint,
}

/// The store is a copy that was put in place of a lost one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RestoreMark {
    /// When it was marked.
    pub at: Timestamp,
    /// The moment of the copy: what was revoked later is unknown here.
    pub as_of: Timestamp,
}
