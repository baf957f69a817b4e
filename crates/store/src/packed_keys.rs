//! The duplicate keys of a stage as one list of bytes, so that the store can discard a stage without searching them.

use crate::{DuplicateKey, StoreError};

/// A key in `staged_keys`: hash and ordinal, big endian.
const PACKED_KEY_BYTES: usize = 12;

pub(crate) fn packed_keys(keys: &[DuplicateKey]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(keys.len() * PACKED_KEY_BYTES);
    for key in keys {
        packed.extend_from_slice(&key.hash.to_be_bytes());
        packed.extend_from_slice(&key.ordinal.to_be_bytes());
    }
    packed
}

pub(crate) fn unpacked_keys(packed: &[u8]) -> Result<Vec<DuplicateKey>, StoreError> {
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
