//! The audit chain: what a line's hash covers, checkpoints that the audit key signs, and the verification of an export.
//!
//! Each line's hash covers the line and the hash before it, so a changed, dropped, moved or inserted line breaks the chain.
//! Somebody who can write the database can also compute a whole new chain. A [`Checkpoint`] states what the chain was at one
//! moment and carries a signature of the audit key; a copy of it outside the database convicts every chain that says
//! otherwise of the time before. Nothing convicts a chain that was rewritten behind the last checkpoint that somebody else
//! holds, nor one whose writer also has the audit key.
//!
//! Pure: the clock is an argument, the signature (Ed25519, RFC 8032) needs no random number.

mod chain;
mod checkpoint;
mod export;
mod hexadecimal;
mod key;
mod verify;

pub use chain::{AUDIT_CHAIN_START, AuditLine, ChainedAuditLine, audit_hash};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use export::{LINE_BYTES_MAX, LineError, line_from_json, line_to_json};
pub use key::{AuditKey, AuditPublicKey, KeyError};
pub use verify::{Fault, FaultKind, Findings, verify};
