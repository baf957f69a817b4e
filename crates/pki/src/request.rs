//! Certificate requests (PKCS #10, RFC 2986): proof that the requester has the key, and that the key is good enough.
//!
//! The authority takes only the key from a request. It decides itself for whom and for what use the certificate is, so
//! it ignores names and extensions that the requester wrote.
//!
//! P-521 is refused although TLS could take it: HTTP message signatures have no algorithm for it (RFC 9421, 3.3), so a client with such
//! a certificate could connect and not sign.

use rcgen::SubjectPublicKeyInfo;
use rustls::pki_types::CertificateSigningRequestDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use x509_parser::asn1_rs::Tag;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::{PublicKey, RSAPublicKey};
use x509_parser::x509::{AlgorithmIdentifier, SubjectPublicKeyInfo as Key};

use crate::PkiError;
use crate::bounds::{REQUEST_BYTES_MAX, RSA_BITS_MAX, RSA_BITS_MIN, RSA_EXPONENT_MIN};

/// The first byte of a request in DER; none of PEM begins with it.
const DER_SEQUENCE: u8 = 0x30;

/// Curves by their object identifiers: those that are accepted, and some that are refused by name.
const CURVES: [(&str, &str, bool); 9] = [
    ("1.2.840.10045.3.1.7", "P-256", true),
    ("1.3.132.0.34", "P-384", true),
    ("1.3.132.0.35", "P-521", false),
    ("1.2.840.10045.3.1.1", "P-192", false),
    ("1.3.132.0.33", "P-224", false),
    ("1.3.132.0.10", "secp256k1", false),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", false),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", false),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", false),
];
/// Kinds of keys that are refused by name.
const OTHER_KEYS: [(&str, &str); 4] = [
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.2.840.113549.1.1.10", "RSA-PSS"),
];
/// Signatures of requests: those that are accepted, and some that are refused by name.
const SIGNATURES: [(&str, &str, bool); 10] = [
    ("1.2.840.113549.1.1.11", "RSA with SHA-256", true),
    ("1.2.840.113549.1.1.12", "RSA with SHA-384", true),
    ("1.2.840.113549.1.1.13", "RSA with SHA-512", true),
    ("1.2.840.113549.1.1.10", "RSA-PSS", true),
    ("1.2.840.10045.4.3.2", "ECDSA with SHA-256", true),
    ("1.2.840.10045.4.3.3", "ECDSA with SHA-384", true),
    ("1.2.840.10045.4.3.4", "ECDSA with SHA-512", false),
    ("1.2.840.113549.1.1.5", "RSA with SHA-1", false),
    ("1.2.840.113549.1.1.4", "RSA with MD5", false),
    ("1.2.840.10045.4.1", "ECDSA with SHA-1", false),
];

/// A request whose key proved itself and may be certified.
#[derive(Clone, Debug)]
pub struct CertificateRequest {
    pub(crate) key: SubjectPublicKeyInfo,
    digest: [u8; 32],
}

impl CertificateRequest {
    /// Reads a request (PEM or DER) and checks it.
    ///
    /// # Errors
    /// When it cannot be read, is not signed by its own key, or the key or the signature is not accepted.
    pub fn read(bytes: &[u8]) -> Result<CertificateRequest, PkiError> {
        if bytes.len() > REQUEST_BYTES_MAX {
            return Err(PkiError::RequestUnreadable);
        }
        let der = if bytes.first() == Some(&DER_SEQUENCE) {
            CertificateSigningRequestDer::from(bytes)
        } else {
            CertificateSigningRequestDer::from_pem_slice(bytes).map_err(|_| PkiError::RequestUnreadable)?
        };
        let Ok(([], request)) = X509CertificationRequest::from_der(&der) else {
            return Err(PkiError::RequestUnreadable);
        };
        let key = &request.certification_request_info.subject_pki;
        check_key(key)?;
        check_signature_algorithm(&request.signature_algorithm)?;
        request.verify_signature().map_err(|_| PkiError::RequestSignatureInvalid)?;
        let accepted =
            SubjectPublicKeyInfo::from_der(key.raw).map_err(|_| refused(&key.algorithm.algorithm.to_id_string()))?;
        Ok(CertificateRequest { key: accepted, digest: Sha256::digest(&der).into() })
    }

    /// SHA-256 of the request's DER: the same bytes are the same request.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

fn refused(found: &str) -> PkiError {
    PkiError::KeyNotAccepted { found: found.to_owned() }
}

pub(crate) fn check_key(key: &Key<'_>) -> Result<(), PkiError> {
    let kind = key.algorithm.algorithm.to_id_string();
    if let Some((_, name)) = OTHER_KEYS.iter().find(|(oid, _)| *oid == kind) {
        return Err(refused(name));
    }
    match key.parsed().map_err(|_| PkiError::RequestUnreadable)? {
        PublicKey::RSA(rsa) => check_rsa(&rsa),
        PublicKey::EC(point) => check_curve(&key.algorithm).and_then(|()| check_point(point.data())),
        _ => Err(refused(&kind)),
    }
}

fn check_rsa(key: &RSAPublicKey<'_>) -> Result<(), PkiError> {
    let bits = key.key_size();
    if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
        return Err(refused(&format!("RSA {bits}")));
    }
    match key.try_exponent() {
        Ok(exponent) if exponent >= RSA_EXPONENT_MIN && exponent % 2 == 1 => Ok(()),
        Ok(exponent) => Err(refused(&format!("RSA {bits} with the exponent {exponent}"))),
        // One that long only costs time.
        Err(_) => Err(refused(&format!("RSA {bits} with a long exponent"))),
    }
}

fn check_curve(algorithm: &AlgorithmIdentifier<'_>) -> Result<(), PkiError> {
    let curve = algorithm.parameters.as_ref().filter(|parameters| parameters.tag() == Tag::Oid);
    let curve = curve.and_then(|parameters| parameters.as_oid().ok());
    let Some(curve) = curve.map(|curve| curve.to_id_string()) else {
        return Err(refused("EC with parameters of its own"));
    };
    match CURVES.iter().find(|(oid, ..)| *oid == curve) {
        Some((.., true)) => Ok(()),
        Some((_, name, false)) => Err(refused(&format!("EC {name}"))),
        None => Err(refused(&format!("EC {curve}"))),
    }
}

/// A point has one form, with both coordinates: many libraries take no other, and a key is known by its bytes.
fn check_point(point: &[u8]) -> Result<(), PkiError> {
    const UNCOMPRESSED: u8 = 4;
    if point.first() == Some(&UNCOMPRESSED) { Ok(()) } else { Err(refused("EC with a compressed point")) }
}

pub(crate) fn check_signature_algorithm(algorithm: &AlgorithmIdentifier<'_>) -> Result<(), PkiError> {
    let oid = algorithm.algorithm.to_id_string();
    let known = SIGNATURES.iter().find(|(known, ..)| *known == oid);
    match known {
        Some((.., true)) => Ok(()),
        Some((_, name, false)) => Err(PkiError::RequestAlgorithmNotAccepted { found: (*name).to_owned() }),
        None => Err(PkiError::RequestAlgorithmNotAccepted { found: oid }),
    }
}
