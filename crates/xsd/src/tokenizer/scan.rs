//! Searches for single bytes, eight or sixteen of the window at a time.

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// High bit of each byte of `word` that is zero; exact up to the first such byte.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(LOW) & !word & HIGH
}

/// Index of the first `<`, `&` or `]` from `at`, or the length.
#[inline]
pub(crate) fn run_end(bytes: &[u8], mut at: usize) -> usize {
    const LESS: u64 = LOW * b'<' as u64;
    const AMPERSAND: u64 = LOW * b'&' as u64;
    const BRACKET: u64 = LOW * b']' as u64;
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|s| s.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let found = zero_bytes(word ^ LESS) | zero_bytes(word ^ AMPERSAND) | zero_bytes(word ^ BRACKET);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && !matches!(bytes[at], b'<' | b'&' | b']') {
        at += 1;
    }
    at
}

/// Index of the first `wanted` from `at`, or the length. Runs in documents are short: a call of a general search costs
/// more than the search.
#[inline]
pub(crate) fn find_byte(bytes: &[u8], mut at: usize, wanted: u8) -> usize {
    let pattern = LOW * u64::from(wanted);
    while let Some(chunk) = bytes.get(at..at + 8).and_then(|s| s.first_chunk::<8>()) {
        let found = zero_bytes(u64::from_le_bytes(*chunk) ^ pattern);
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while at < bytes.len() && bytes[at] != wanted {
        at += 1;
    }
    at
}

/// Index behind the white space that begins at `at`. In a window every byte up to the blank is white space.
#[inline]
pub(crate) fn space_end(bytes: &[u8], mut at: usize) -> usize {
    /// Added to the low seven bits of a byte it carries into the high bit if they are above the blank.
    const ABOVE_BLANK: u128 = u128::from_le_bytes([0x7F - b' '; 16]);
    const LOW_BITS: u128 = u128::from_le_bytes([0x7F; 16]);
    if bytes.get(at).is_none_or(|&b| b > b' ') {
        return at;
    }
    while let Some(chunk) = bytes.get(at..at + 16).and_then(|s| s.first_chunk::<16>()) {
        let word = u128::from_le_bytes(*chunk);
        let above = (((word & LOW_BITS) + ABOVE_BLANK) | word) & !LOW_BITS;
        if above != 0 {
            return at + (above.trailing_zeros() / 8) as usize;
        }
        at += 16;
    }
    while at < bytes.len() && bytes[at] <= b' ' {
        at += 1;
    }
    at
}
