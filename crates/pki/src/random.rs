//! Random bytes of the cryptographic library, and texts of them for people.

use crate::PkiError;

/// 26 of 32 unmistakable letters and digits have 130 bits.
const SECRET_CHARS: usize = 26;
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], PkiError> {
    let mut bytes = [0_u8; N];
    let source = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    source.fill(&mut bytes).map_err(|_| PkiError::NoRandomness)?;
    Ok(bytes)
}

/// An unguessable password of letters and digits that cannot be mistaken for each other.
///
/// # Errors
/// [`PkiError::NoRandomness`] when the system gives no random numbers.
pub fn random_password() -> Result<String, PkiError> {
    text::<SECRET_CHARS>()
}

/// So many letters and digits, each of five bits.
pub(crate) fn text<const N: usize>() -> Result<String, PkiError> {
    Ok(bytes::<N>()?.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
}

/// Whether a text could be one of [`text`].
pub(crate) fn is_of_alphabet(text: &str) -> bool {
    text.bytes().all(|byte| ALPHABET.contains(&byte))
}
