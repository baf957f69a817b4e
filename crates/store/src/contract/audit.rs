//! The audit chain.

use crate::{AuditLine, ChainedAuditLine, StoreError};

/// Reads the audit chain.
pub trait ReadAudit {
    /// Audit lines from a position on (the first line is 1), at most `limit`. In a transaction the sequencer is locked from
    /// here on, and the lines that the transaction has added are among these.
    fn audit(&mut self, from: i64, limit: u32) -> Result<Vec<ChainedAuditLine>, StoreError>;

    /// Whether the audit has a line for everything that is in the directory: not before a program of this version has said
    /// so.
    fn audit_is_complete(&mut self) -> Result<bool, StoreError>;
}

/// Adds lines to the audit chain; nothing of it is ever changed.
pub trait AddAudit {
    /// Adds a line. It gets its position and its hash when the transaction locks the sequencer, which is last.
    fn append_audit(&mut self, line: &AuditLine) -> Result<(), StoreError>;
}

/// Writes the audit chain.
pub trait WriteAudit: AddAudit + ReadAudit {
    /// From here on the audit has a line for everything that is in the directory. Doing so twice is fine.
    fn mark_audit_complete(&mut self) -> Result<(), StoreError>;
}
