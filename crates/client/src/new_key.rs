//! A new private key and the request for its certificate (PKCS #10).

use rcgen::{CertificateParams, DnType, KeyPair, RsaKeySize, SignatureAlgorithm};

use crate::Error;

/// The subject of requests. The exchange takes only the key from a request and decides itself for whom the certificate is.
const SUBJECT: &str = "tdam client";

/// What kind of private key to make. Each of them the exchange certifies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// ECDSA on P-256.
    #[default]
    P256,
    /// ECDSA on P-384.
    P384,
    /// RSA of 2048 bits.
    Rsa2048,
    /// RSA of 3072 bits.
    Rsa3072,
}

/// A key and a request that it signed.
pub(crate) struct NewKey {
    pair: KeyPair,
    pub(crate) request_pem: String,
}

impl NewKey {
    pub(crate) fn generate(kind: KeyKind) -> Result<NewKey, Error> {
        let ecdsa = |algorithm: &'static SignatureAlgorithm| KeyPair::generate_for(algorithm);
        let rsa = |size| KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size);
        let made = match kind {
            KeyKind::P256 => ecdsa(&rcgen::PKCS_ECDSA_P256_SHA256),
            KeyKind::P384 => ecdsa(&rcgen::PKCS_ECDSA_P384_SHA384),
            KeyKind::Rsa2048 => rsa(RsaKeySize::_2048),
            KeyKind::Rsa3072 => rsa(RsaKeySize::_3072),
        };
        let unmade = |error: rcgen::Error| Error::unexpected(format!("a new key cannot be made: {error}"));
        let pair = made.map_err(unmade)?;
        let mut parameters = CertificateParams::default();
        parameters.distinguished_name.push(DnType::CommonName, SUBJECT);
        let request_pem = parameters.serialize_request(&pair).and_then(|request| request.pem()).map_err(unmade)?;
        Ok(NewKey { pair, request_pem })
    }

    /// PKCS #8, PEM.
    pub(crate) fn pem(&self) -> String {
        self.pair.serialize_pem()
    }
}
