//! Keys for one purpose each (signing the audit's checkpoints, for instance), never an authority's: no certificate is issued for them,
//! and what they sign counts for nothing else. Ed25519 (RFC 8032, RFC 8410).

use std::fmt;

use rcgen::{KeyPair, PKCS_ED25519, SigningKey as _};

use crate::{PkiError, key_encryption};

/// A private key of Ed25519 that lies in memory.
pub struct SeparateKey {
    pair: KeyPair,
}

impl SeparateKey {
    /// A new key.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<SeparateKey, PkiError> {
        Ok(SeparateKey { pair: KeyPair::generate_for(&PKCS_ED25519).map_err(PkiError::NotIssued)? })
    }

    /// The key of a PEM text (PKCS #8) that is not encrypted.
    ///
    /// # Errors
    /// [`PkiError::KeyEncrypted`] when it is, [`PkiError::KeyUnreadable`] when it holds no such key.
    pub fn from_pem(pem: &str) -> Result<SeparateKey, PkiError> {
        if key_encryption::is_encrypted(pem) {
            return Err(PkiError::KeyEncrypted);
        }
        let pair = KeyPair::from_pem(pem).map_err(|_| PkiError::KeyUnreadable)?;
        if pair.algorithm() == &PKCS_ED25519 { Ok(SeparateKey { pair }) } else { Err(PkiError::KeyUnreadable) }
    }

    /// The key of an encrypted PEM text.
    ///
    /// # Errors
    /// [`PkiError::PassphraseWrong`] when the passphrase does not open it; otherwise as [`SeparateKey::from_pem`].
    pub fn from_encrypted_pem(pem: &str, passphrase: &str) -> Result<SeparateKey, PkiError> {
        SeparateKey::from_pem(&key_encryption::decrypt(pem, passphrase)?)
    }

    /// The private key (PKCS #8, DER).
    #[must_use]
    pub fn pkcs8(&self) -> &[u8] {
        self.pair.serialized_der()
    }

    /// The key that verifies (SubjectPublicKeyInfo, PEM).
    #[must_use]
    pub fn public_pem(&self) -> String {
        self.pair.public_key_pem()
    }

    /// A signature over bytes: 64 bytes.
    ///
    /// # Errors
    /// When the library refuses the key.
    pub fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, PkiError> {
        self.pair.sign(bytes).map_err(PkiError::NotIssued)
    }

    /// The private key (PKCS #8, PEM), not encrypted.
    #[must_use]
    pub fn to_pem(&self) -> String {
        self.pair.serialize_pem()
    }

    /// The private key encrypted with a passphrase (PKCS #8, PBES2: scrypt and AES-256).
    ///
    /// # Errors
    /// [`PkiError::PassphraseTooShort`], or when the system gives no random numbers.
    pub fn to_encrypted_pem(&self, passphrase: &str) -> Result<String, PkiError> {
        key_encryption::encrypt(&self.to_pem(), passphrase)
    }
}

// Keys must not get into logs by way of `{:?}`.
impl fmt::Debug for SeparateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeparateKey").finish_non_exhaustive()
    }
}
