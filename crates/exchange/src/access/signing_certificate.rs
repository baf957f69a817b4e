//! The certificate of a connection, as far as signatures and their evidence need it.

use pki::PkiError;
use signatures::PublicKey;
use store::Fingerprint;

/// A certificate that signs: its key, and what evidence keeps of it. Read once for a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningCertificate {
    pub(super) key: PublicKey,
    pub(crate) certificate: (Fingerprint, Vec<u8>),
    /// The authorities above it, its own first.
    pub(crate) issuers: Vec<(Fingerprint, Vec<u8>)>,
    /// The identifier of the key that signed it.
    pub(crate) authority_key: Vec<u8>,
}

impl SigningCertificate {
    /// The certificate (DER), with those authorities above it that are among the candidates.
    ///
    /// # Errors
    /// When it cannot be read, or its key is of no kind that signs.
    pub fn of(der: &[u8], candidates: &[Vec<u8>]) -> Result<SigningCertificate, PkiError> {
        let named = |der: Vec<u8>| (Fingerprint(pki::fingerprint(&der)), der);
        Ok(SigningCertificate {
            key: pki::subject_key(der)?,
            certificate: named(der.to_vec()),
            issuers: pki::issuers_of(der, candidates)?.into_iter().map(named).collect(),
            authority_key: pki::describe(der)?.authority_key_identifier,
        })
    }

    /// Its key.
    #[must_use]
    pub fn key(&self) -> &PublicKey {
        &self.key
    }
}
