//! Which keys, requests and passphrases the authority accepts.

/// Shortest RSA key accepted, in bits.
pub(crate) const RSA_BITS_MIN: usize = 2048;
/// Longest RSA key accepted: longer ones only cost the server time in every handshake.
pub(crate) const RSA_BITS_MAX: usize = 4096;
/// Smallest public exponent of RSA accepted (FIPS 186-5, A.1.1): small ones turn mistakes of padding into forgeries.
pub(crate) const RSA_EXPONENT_MIN: u64 = 65_537;
/// Largest request accepted, in bytes of PEM.
pub const REQUEST_BYTES_MAX: usize = 16 * 1024;
/// Largest certificate of another house's authority that is read, in bytes.
pub(crate) const OUTSIDE_CERTIFICATE_BYTES_MAX: usize = 16 * 1024;
/// Largest revocation list of another house's authority that is read, in bytes: about half a million certificates.
pub const OUTSIDE_LIST_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Shortest passphrase for a new encryption, in characters.
pub const PASSPHRASE_CHARS_MIN: usize = 12;
