//! What a person's key signs: label ‖ digest ‖ summary ‖ nonce.
//!
//! The summary stands inside because the person saw it, and not the payments one by one (Regulation (EU) 2018/389,
//! article 5: amount and payee, or total and payees). The nonce makes each statement count once.

use sha2::{Digest as _, Sha256};

use super::digest::Digest;

/// What a statement begins with. No other text that the key signs begins so.
const LABEL: &[u8] = b"tdam/signed-statement/1\0";
/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 32;
const STATEMENT_BYTES: usize = LABEL.len() + 32 + 32 + NONCE_BYTES;

/// A person signs a message, a block or a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Of what is signed.
    pub digest: Digest,
    /// Of what the person saw ([`super::Summary::digest`]).
    pub summary: Digest,
    /// From the exchange, for this statement alone.
    pub nonce: [u8; NONCE_BYTES],
}

impl Statement {
    /// The bytes that the key signs.
    #[must_use]
    pub fn bytes(&self) -> [u8; STATEMENT_BYTES] {
        let Statement { digest, summary, nonce } = self;
        let mut bytes = [0; STATEMENT_BYTES];
        let (label, rest) = bytes.split_at_mut(LABEL.len());
        label.copy_from_slice(LABEL);
        for (place, part) in rest.chunks_exact_mut(32).zip([&digest.0, &summary.0, nonce]) {
            place.copy_from_slice(part);
        }
        bytes
    }

    /// The challenge of a passkey: it signs no bytes of ours, but this.
    #[must_use]
    pub fn challenge(&self) -> [u8; 32] {
        Sha256::digest(self.bytes()).into()
    }
}
