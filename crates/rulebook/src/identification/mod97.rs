//! The check digits of ISO 7064 MOD 97-10, which IBAN and creditor reference share.

/// The remainder modulo 97 of what digits and letters stand for (`A` is 10 … `Z` is 35), continued from `remainder`.
///
/// The bytes must be ASCII digits and capital letters.
pub(super) fn continue_remainder(remainder: u32, bytes: &[u8]) -> u32 {
    // A u64 takes many characters before the division: a letter multiplies by 100, a digit by 10.
    const ROOM: u64 = u64::MAX / 100 - 100;
    let mut sum = u64::from(remainder);
    for &byte in bytes {
        if sum > ROOM {
            sum %= 97;
        }
        sum = match byte {
            b'0'..=b'9' => sum * 10 + u64::from(byte - b'0'),
            _ => sum * 100 + u64::from(byte - b'A') + 10,
        };
    }
    (sum % 97) as u32
}
