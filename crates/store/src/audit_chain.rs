//! Verifies the audit chain in the store, page by page.

use crate::{AUDIT_CHAIN_START, ChainedAuditLine, StoreError, audit_hash};

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
