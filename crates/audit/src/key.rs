//! The audit key. It signs checkpoints and nothing else; no certificate is issued for it.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use thiserror::Error;

use crate::hexadecimal;

/// The key that signs. Cloning it does not copy the secret.
#[derive(Clone)]
pub struct AuditKey {
    pair: Arc<Ed25519KeyPair>,
    public: AuditPublicKey,
}

/// The key that verifies: 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuditPublicKey([u8; 32]);

/// A key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeyError {
    /// The bytes are no private key of Ed25519 in PKCS #8.
    #[error("this is no Ed25519 private key (PKCS #8)")]
    NotAKey,
    /// The text has not 64 lower-case hexadecimal digits.
    #[error("a public audit key has 64 lower-case hexadecimal digits")]
    NotPublic,
}

impl AuditKey {
    /// The key with this secret of 32 random bytes.
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] when the library refuses it.
    pub fn from_seed(seed: &[u8; 32]) -> Result<AuditKey, KeyError> {
        AuditKey::new(Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::NotAKey)?)
    }

    /// The key in a PKCS #8 document (RFC 8410).
    ///
    /// # Errors
    /// [`KeyError::NotAKey`] when it holds none.
    pub fn from_pkcs8(der: &[u8]) -> Result<AuditKey, KeyError> {
        AuditKey::new(Ed25519KeyPair::from_pkcs8_maybe_unchecked(der).map_err(|_| KeyError::NotAKey)?)
    }

    fn new(pair: Ed25519KeyPair) -> Result<AuditKey, KeyError> {
        let public = pair.public_key().as_ref().try_into().map_err(|_| KeyError::NotAKey)?;
        Ok(AuditKey { pair: Arc::new(pair), public: AuditPublicKey(public) })
    }

    /// The key that verifies its signatures.
    #[must_use]
    pub fn public(&self) -> AuditPublicKey {
        self.public
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(bytes).as_ref());
        signature
    }
}

impl AuditPublicKey {
    /// The key of these 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> AuditPublicKey {
        AuditPublicKey(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads the digits that [`AuditPublicKey`] is written with.
    ///
    /// # Errors
    /// [`KeyError::NotPublic`] when there are not 64 of them.
    pub fn read(digits: &str) -> Result<AuditPublicKey, KeyError> {
        hexadecimal::read(digits).map(AuditPublicKey).ok_or(KeyError::NotPublic)
    }

    pub(crate) fn verifies(&self, bytes: &[u8], signature: &[u8; 64]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.0).verify(bytes, signature).is_ok()
    }
}

/// 64 hexadecimal digits.
impl fmt::Display for AuditPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hexadecimal::written(&self.0))
    }
}

impl fmt::Debug for AuditPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditPublicKey({self})")
    }
}

// Keys must not get into logs by way of `{:?}`.
impl fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuditKey").field("public", &self.public).finish_non_exhaustive()
    }
}
