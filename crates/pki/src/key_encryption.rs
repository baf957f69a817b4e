//! Private keys encrypted with a passphrase: PKCS #8 with PBES2 (RFC 5208, RFC 8018), by scrypt (RFC 7914) and AES-256.

use pkcs8::der::Decode as _;
use pkcs8::der::pem::PemLabel as _;
use pkcs8::pkcs5::{pbes2::Parameters, scrypt};
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef, SecretDocument};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;

use crate::bounds::PASSPHRASE_CHARS_MIN;
use crate::{PkiError, random};

/// Work of scrypt: 2^14 blocks of 8 × 128 bytes, five times over. It takes 16 MiB, the most that OpenSSL allows without being asked.
const SCRYPT_LOG_N: u8 = 14;
const SCRYPT_R: u32 = 8;
const SCRYPT_P: u32 = 5;
const SALT_BYTES: usize = 16;
const IV_BYTES: usize = 16;
/// Largest private key that is read, in bytes.
const KEY_BYTES_MAX: usize = 64 * 1024;

/// Whether a PEM text holds an encrypted private key.
#[must_use]
pub fn is_encrypted(pem: &str) -> bool {
    pem.contains(&format!("-----BEGIN {}-----", EncryptedPrivateKeyInfoRef::PEM_LABEL))
}

/// The same private key (PKCS #8, PEM), encrypted.
pub(crate) fn encrypt(pem: &str, passphrase: &str) -> Result<String, PkiError> {
    if passphrase.chars().count() < PASSPHRASE_CHARS_MIN {
        return Err(PkiError::PassphraseTooShort);
    }
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| PkiError::KeyUnreadable)?;
    let key = PrivateKeyInfoRef::from_der(der.secret_pkcs8_der()).map_err(|_| PkiError::KeyUnreadable)?;
    let (salt, iv) = (random::bytes::<SALT_BYTES>()?, random::bytes::<IV_BYTES>()?);
    let not_encoded = |error: &dyn std::fmt::Display| PkiError::NotEncoded(error.to_string());
    let work = scrypt::Params::new(SCRYPT_LOG_N, SCRYPT_R, SCRYPT_P).map_err(|error| not_encoded(&error))?;
    let parameters = Parameters::generate_scrypt_aes256cbc(work, &salt, iv).map_err(|error| not_encoded(&error))?;
    let encrypted = key.encrypt_with_params(parameters, passphrase).map_err(|error| not_encoded(&error))?;
    let pem = encrypted.to_pem(EncryptedPrivateKeyInfoRef::PEM_LABEL, LineEnding::LF);
    pem.map(|pem| pem.to_string()).map_err(|error| not_encoded(&error))
}

/// The private key (PKCS #8, PEM) of an encrypted one.
pub(crate) fn decrypt(pem: &str, passphrase: &str) -> Result<String, PkiError> {
    if pem.len() > KEY_BYTES_MAX {
        return Err(PkiError::KeyUnreadable);
    }
    let (_, document) = SecretDocument::from_pem(pem).map_err(|_| PkiError::KeyUnreadable)?;
    let encrypted = EncryptedPrivateKeyInfoRef::from_der(document.as_bytes()).map_err(|_| PkiError::KeyUnreadable)?;
    let key = encrypted.decrypt(passphrase).map_err(|_| PkiError::PassphraseWrong)?;
    let pem = key.to_pem(PrivateKeyInfoRef::PEM_LABEL, LineEnding::LF);
    pem.map(|pem| pem.to_string()).map_err(|_| PkiError::PassphraseWrong)
}
