//! Which keys the authority certifies.

/// Shortest RSA key accepted, in bits.
pub(crate) const RSA_BITS_MIN: usize = 2048;
/// Longest RSA key accepted: longer ones only cost the server time in every handshake.
pub(crate) const RSA_BITS_MAX: usize = 4096;
