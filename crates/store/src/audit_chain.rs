//! The audit chain: the content of a line's hash. The same for every store, so a program can check a chain in any
//! store.

use sha2::{Digest, Sha256};

use crate::{AuditLine, ChainedAuditLine, StoreError};

/// Begins every hash, so that it cannot be mistaken for another kind.
const DOMAIN: &[u8] = b"tdam audit line 1\0";

/// The hash before the first line.
pub const AUDIT_CHAIN_START: [u8; 32] = [0; 32];

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

/// Goes through the whole chain, page by page; returns how many lines verify, and the first one that does not.
pub(crate) fn verify(
    mut page: impl FnMut(i64, u32) -> Result<Vec<ChainedAuditLine>, StoreError>,
) -> Result<(i64, Option<i64>), StoreError> {
    const LINES: u32 = 1000;
    let mut previous = AUDIT_CHAIN_START;
    let mut verified = 0;
    loop {
        let lines = page(verified + 1, LINES)?;
        if lines.is_empty() {
            return Ok((verified, None));
        }
        for line in lines {
            let sequence = verified + 1;
            if line.sequence != sequence || line.hash != audit_hash(&previous, sequence, &line.line) {
                return Ok((verified, Some(sequence)));
            }
            previous = line.hash;
            verified = sequence;
        }
    }
}
