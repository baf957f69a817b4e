//! Looking for payments that have been sent before.

use payments::{MessageId, Stage};
use rusqlite::Connection;

use super::codec::{Coded, Columns, failed, packed, unpacked_payment};
use super::query::prepare;
use crate::{DuplicateHit, DuplicateKey, StoreError};

/// A key in `staged_keys`: hash and ordinal, big endian.
const PACKED_KEY_BYTES: usize = 12;

pub(super) fn packed_keys(keys: &[DuplicateKey]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(keys.len() * PACKED_KEY_BYTES);
    for key in keys {
        packed.extend_from_slice(&key.hash.to_be_bytes());
        packed.extend_from_slice(&key.ordinal.to_be_bytes());
    }
    packed
}

pub(super) fn unpacked_keys(packed: &[u8]) -> Result<Vec<DuplicateKey>, StoreError> {
    let (keys, rest) = packed.as_chunks::<PACKED_KEY_BYTES>();
    if !rest.is_empty() {
        return Err(StoreError::Corrupt("a list of staged keys is cut".to_owned()));
    }
    let key = |&[a, b, c, d, e, f, g, h, i, j, k, l]: &[u8; PACKED_KEY_BYTES]| DuplicateKey {
        hash: i64::from_be_bytes([a, b, c, d, e, f, g, h]),
        ordinal: u32::from_be_bytes([i, j, k, l]),
    };
    Ok(keys.iter().map(key).collect())
}

pub(super) fn duplicates(
    connection: &Connection,
    except: MessageId,
    keys: &[DuplicateKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    const CANDIDATES: &str = "SELECT payment FROM duplicate_key WHERE hash = ?1 ORDER BY payment";
    // A payment counts when its message is flipped and it was not refused: not alone, not in a range, not with its lot.
    const COUNTS: &str = "SELECT 1 FROM payment p JOIN flip f ON f.message = ?2
        WHERE p.id = ?1 AND p.lot IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM refusal INDEXED BY refusal_of
              WHERE message = ?2 AND first = ?3 AND (lot IS NULL OR lot = p.lot))
          AND NOT EXISTS (SELECT 1 FROM refusal INDEXED BY refusal_range_of
              WHERE message = ?2 AND first < last AND first <= ?3 AND last >= ?3 AND (lot IS NULL OR lot = p.lot))
          AND NOT EXISTS (SELECT 1 FROM lot WHERE message = ?2 AND number = p.lot AND stage = ?4)";
    // In the order of the index, so that neighbours share its pages.
    let mut wanted = keys.to_vec();
    wanted.sort_unstable();
    let (own_first, own_last) = (packed(except.0, 0)?, packed(except.0, u32::MAX)?);
    let mut candidates = prepare(connection, CANDIDATES)?;
    let mut counts = prepare(connection, COUNTS)?;
    let mut hits = Vec::new();
    for key in wanted {
        let mut rows = candidates.query([key.hash]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let payment = Columns::of(row).integer()?;
            if (own_first..=own_last).contains(&payment) {
                continue;
            }
            let earlier = unpacked_payment(payment);
            let values = [payment, earlier.message.0, i64::from(earlier.ordinal), Stage::Refused.code()];
            if counts.exists(values).map_err(failed)? {
                hits.push(DuplicateHit { hash: key.hash, ordinal: key.ordinal, earlier });
                break;
            }
        }
    }
    Ok(hits)
}
