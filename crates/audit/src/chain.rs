//! A line of the chain, and the bytes that its hash covers: the same for every store and for an export.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// Begins every hash, so that it cannot be mistaken for another kind.
const DOMAIN: &[u8] = b"tdam audit line 1\0";

/// The hash before the first line.
pub const AUDIT_CHAIN_START: [u8; 32] = [0; 32];

/// A line of the audit chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who: online user, operator or part of the system.
    pub actor: String,
    /// What: `payments.accepted`, `certificate.revoked` …
    pub action: String,
    /// On what, and anything worth knowing. No names of persons, no content of payments.
    pub detail: String,
}

/// An audit line as chained: each hash covers the line and the hash before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainedAuditLine {
    /// Position, from 1, without gaps.
    pub sequence: i64,
    /// The line.
    pub line: AuditLine,
    /// SHA-256 over the previous hash and this line.
    pub hash: [u8; 32],
}

/// SHA-256 over the previous hash, the position and the line. Every text is preceded by its length, so no two lines
/// have the same bytes; times count in microseconds.
#[must_use]
pub fn audit_hash(previous: &[u8; 32], sequence: i64, line: &AuditLine) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(DOMAIN);
    hash.update(previous);
    hash.update(sequence.to_be_bytes());
    hash.update(line.at.as_microsecond().to_be_bytes());
    for text in [&line.actor, &line.action, &line.detail] {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().into()
}
