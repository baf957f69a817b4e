//! The authority's key, as the authority uses it: a public key, and signatures.
//!
//! This trait is the place of a hardware security module: one reached by PKCS #11 implements [`AuthorityKey`] and keeps its private
//! key. [`KeyInFile`] holds the key in memory, read from a file.

use std::fmt;

use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData, SignatureAlgorithm, SigningKey};

use crate::{PkiError, key_encryption};

/// How an authority's key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyAlgorithm {
    /// ECDSA on P-256 with SHA-256.
    EcdsaP256,
    /// ECDSA on P-384 with SHA-384.
    EcdsaP384,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
}

/// The private key could not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SigningFailed;

/// A private key that signs certificates and revocation lists.
pub trait AuthorityKey: Send + Sync {
    /// How it signs.
    fn algorithm(&self) -> KeyAlgorithm;

    /// The public key as it stands in the bit string of a `SubjectPublicKeyInfo` (RFC 5280, 4.1.2.7).
    fn public_key(&self) -> &[u8];

    /// A signature over a message; of ECDSA as DER (RFC 3279, 2.2.3).
    ///
    /// # Errors
    /// When the holder of the key does not sign, or is not reached.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed>;
}

/// A key that lies in memory.
pub struct KeyInFile {
    pair: KeyPair,
    algorithm: KeyAlgorithm,
}

impl KeyInFile {
    /// A new P-256 key.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn generate() -> Result<KeyInFile, PkiError> {
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(PkiError::NotIssued)?;
        Ok(KeyInFile { pair, algorithm: KeyAlgorithm::EcdsaP256 })
    }

    /// The key of a PEM text that is not encrypted (PKCS #8, SEC 1 or PKCS #1).
    ///
    /// # Errors
    /// [`PkiError::KeyEncrypted`] when it is, [`PkiError::KeyUnreadable`] when it cannot be read or is of another kind than
    /// [`KeyAlgorithm`] has.
    pub fn from_pem(pem: &str) -> Result<KeyInFile, PkiError> {
        if key_encryption::is_encrypted(pem) {
            return Err(PkiError::KeyEncrypted);
        }
        let pair = KeyPair::from_pem(pem).map_err(|_| PkiError::KeyUnreadable)?;
        let known = [KeyAlgorithm::EcdsaP256, KeyAlgorithm::EcdsaP384, KeyAlgorithm::RsaSha256];
        let algorithm = known.into_iter().find(|known| known.of_rcgen() == pair.algorithm());
        Ok(KeyInFile { algorithm: algorithm.ok_or(PkiError::KeyUnreadable)?, pair })
    }

    /// The key of an encrypted PEM text.
    ///
    /// # Errors
    /// [`PkiError::PassphraseWrong`] when the passphrase does not open it; otherwise as [`KeyInFile::from_pem`].
    pub fn from_encrypted_pem(pem: &str, passphrase: &str) -> Result<KeyInFile, PkiError> {
        KeyInFile::from_pem(&key_encryption::decrypt(pem, passphrase)?)
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

impl AuthorityKey for KeyInFile {
    fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    fn public_key(&self) -> &[u8] {
        self.pair.der_bytes()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SigningFailed> {
        SigningKey::sign(&self.pair, message).map_err(|_| SigningFailed)
    }
}

impl KeyAlgorithm {
    fn of_rcgen(self) -> &'static SignatureAlgorithm {
        match self {
            KeyAlgorithm::EcdsaP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            KeyAlgorithm::EcdsaP384 => &rcgen::PKCS_ECDSA_P384_SHA384,
            KeyAlgorithm::RsaSha256 => &rcgen::PKCS_RSA_SHA256,
        }
    }
}

/// An authority's key as the writer of certificates wants it.
pub(crate) struct Signer(pub(crate) Box<dyn AuthorityKey>);

impl PublicKeyData for Signer {
    fn der_bytes(&self) -> &[u8] {
        self.0.public_key()
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        self.0.algorithm().of_rcgen()
    }
}

impl SigningKey for Signer {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.0.sign(message).map_err(|SigningFailed| rcgen::Error::RemoteKeyError)
    }
}

// Keys must not get into logs by way of `{:?}`.
impl fmt::Debug for KeyInFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyInFile").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}
