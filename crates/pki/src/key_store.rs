//! PKCS #12: a private key with its certificate and the authority's in one file, as Java, .NET and Windows want them.
//!
//! Encrypted and authenticated as OpenSSL 3 and Java 17 do it: PBES2 with AES-256 and HMAC-SHA-256 (RFC 7292, RFC 8018). Triple DES must be
//! asked for by name. RC2 is never written.

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::{Issued, PkiError};

/// Rounds of hashing, as Java writes them. The password alone must withstand guessing.
const ITERATIONS: u32 = 10_000;
/// How a key store is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KeyStoreEncryption {
    /// AES-256 and HMAC-SHA-256: what every program of the last years reads.
    #[default]
    Aes256,
    /// Triple DES and HMAC-SHA-1, for programs that read nothing newer (Mono, Windows before 2019). The password is all that protects
    /// such a file.
    TripleDes,
}

impl Issued {
    /// The certificate with its chain and private key as PKCS #12. `alias` names the entry, for programs that ask for one.
    ///
    /// # Errors
    /// [`PkiError::KeyUnreadable`] when the requester kept the key; [`PkiError::NotEncoded`] when the alias or the password cannot
    /// stand in such a file.
    pub fn key_store(&self, alias: &str, password: &str) -> Result<Vec<u8>, PkiError> {
        self.key_store_encrypted(alias, password, KeyStoreEncryption::Aes256)
    }

    /// The same with a choice of the encryption.
    ///
    /// # Errors
    /// As [`Issued::key_store`].
    pub fn key_store_encrypted(
        &self,
        alias: &str,
        password: &str,
        encryption: KeyStoreEncryption,
    ) -> Result<Vec<u8>, PkiError> {
        let pem = self.private_key_pem.as_deref().ok_or(PkiError::KeyUnreadable)?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| PkiError::KeyUnreadable)?;
        let not_encoded = |error: p12_keystore::error::Error| PkiError::NotEncoded(error.to_string());
        let key = PrivateKey::from_der(key.secret_pkcs8_der()).map_err(not_encoded)?;
        let mut chain = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(self.chain_pem.as_bytes()) {
            let der = certificate.map_err(|_| PkiError::NotPem)?;
            chain.push(Certificate::from_der(&der).map_err(not_encoded)?);
        }
        let (encryption, mac) = match encryption {
            KeyStoreEncryption::Aes256 => (EncryptionAlgorithm::PbeWithHmacSha256AndAes256, MacAlgorithm::HmacSha256),
            KeyStoreEncryption::TripleDes => {
                (EncryptionAlgorithm::PbeWithShaAnd3KeyTripleDesCbc, MacAlgorithm::HmacSha1)
            }
        };
        let mut store = KeyStore::new();
        let chain = PrivateKeyChain::new(self.info.fingerprint.as_slice(), key, chain);
        store.add_entry(alias, KeyStoreEntry::PrivateKeyChain(chain));
        store
            .writer(password)
            .encryption_algorithm(encryption)
            .encryption_iterations(ITERATIONS)
            .mac_algorithm(mac)
            .mac_iterations(ITERATIONS)
            .write()
            .map_err(not_encoded)
    }
}
