//! PKCS #12: a private key with its certificate and the authority's in one file, as Java, .NET and Windows want them.
//!
//! Encrypted and authenticated as OpenSSL 3 and Java 17 do it: PBES2 with AES-256 and HMAC-SHA-256 (RFC 7292, RFC 8018).

use p12_keystore::{
    Certificate, EncryptionAlgorithm, KeyStore, KeyStoreEntry, MacAlgorithm, PrivateKey, PrivateKeyChain,
};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};

use crate::{Issued, PkiError};

/// Rounds of hashing, as Java writes them. The password alone must withstand guessing.
const ITERATIONS: u32 = 10_000;
/// 26 of 32 unmistakable letters and digits have 130 bits.
const PASSWORD_CHARS: usize = 26;
const PASSWORD_ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

impl Issued {
    /// The certificate with its chain and private key as PKCS #12. `alias` names the entry, for programs that ask for one.
    ///
    /// # Errors
    /// [`PkiError::KeyUnreadable`] when the requester kept the key; [`PkiError::NotEncoded`] when the alias or the password cannot
    /// stand in such a file.
    pub fn key_store(&self, alias: &str, password: &str) -> Result<Vec<u8>, PkiError> {
        let pem = self.private_key_pem.as_deref().ok_or(PkiError::KeyUnreadable)?;
        let key = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| PkiError::KeyUnreadable)?;
        let not_encoded = |error: p12_keystore::error::Error| PkiError::NotEncoded(error.to_string());
        let key = PrivateKey::from_der(key.secret_pkcs8_der()).map_err(not_encoded)?;
        let mut chain = Vec::new();
        for certificate in CertificateDer::pem_slice_iter(self.chain_pem.as_bytes()) {
            let der = certificate.map_err(|_| PkiError::NotPem)?;
            chain.push(Certificate::from_der(&der).map_err(not_encoded)?);
        }
        let mut store = KeyStore::new();
        let chain = PrivateKeyChain::new(self.info.fingerprint.as_slice(), key, chain);
        store.add_entry(alias, KeyStoreEntry::PrivateKeyChain(chain));
        store
            .writer(password)
            .encryption_algorithm(EncryptionAlgorithm::PbeWithHmacSha256AndAes256)
            .encryption_iterations(ITERATIONS)
            .mac_algorithm(MacAlgorithm::HmacSha256)
            .mac_iterations(ITERATIONS)
            .write()
            .map_err(not_encoded)
    }
}

/// An unguessable password of letters and digits that cannot be mistaken for each other.
///
/// # Errors
/// [`PkiError::NoRandomness`] when the system gives no random numbers.
pub fn random_password() -> Result<String, PkiError> {
    let mut random = [0_u8; PASSWORD_CHARS];
    let source = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    source.fill(&mut random).map_err(|_| PkiError::NoRandomness)?;
    Ok(random.iter().map(|byte| char::from(PASSWORD_ALPHABET[usize::from(byte & 31)])).collect())
}
