//! Certificate requests (PKCS #10, RFC 2986): proof that the requester has the key, and that the key is good enough.
//!
//! The authority takes only the key from a request. It decides itself for whom and for what use the certificate is, so
//! it ignores names and extensions that the requester wrote.

use rcgen::SubjectPublicKeyInfo;
use rustls::pki_types::CertificateSigningRequestDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;

use crate::PkiError;
use crate::bounds::{RSA_BITS_MAX, RSA_BITS_MIN};

/// Largest request accepted, in bytes.
const REQUEST_BYTES_MAX: usize = 16 * 1024;

/// The public key of a request that is signed by it and good enough.
pub(crate) fn accepted_key(request_pem: &str) -> Result<SubjectPublicKeyInfo, PkiError> {
    if request_pem.len() > REQUEST_BYTES_MAX {
        return Err(PkiError::RequestUnreadable);
    }
    let der = CertificateSigningRequestDer::from_pem_slice(request_pem.as_bytes())
        .map_err(|_| PkiError::RequestUnreadable)?;
    let Ok(([], request)) = X509CertificationRequest::from_der(&der) else {
        return Err(PkiError::RequestUnreadable);
    };
    let key = &request.certification_request_info.subject_pki;
    check_strength(&key.parsed().map_err(|_| PkiError::RequestUnreadable)?)?;
    request.verify_signature().map_err(|_| PkiError::RequestSignatureInvalid)?;
    SubjectPublicKeyInfo::from_der(key.raw)
        .map_err(|_| PkiError::KeyNotAccepted { found: key.algorithm.algorithm.to_id_string() })
}

fn check_strength(key: &PublicKey<'_>) -> Result<(), PkiError> {
    match key {
        PublicKey::RSA(rsa) if (RSA_BITS_MIN..=RSA_BITS_MAX).contains(&rsa.key_size()) => Ok(()),
        PublicKey::RSA(rsa) => Err(PkiError::KeyNotAccepted { found: format!("RSA {}", rsa.key_size()) }),
        PublicKey::EC(point) if point.key_size() >= 256 => Ok(()),
        PublicKey::EC(point) => Err(PkiError::KeyNotAccepted { found: format!("EC {}", point.key_size()) }),
        _ => Err(PkiError::KeyNotAccepted { found: "a key of another kind".to_owned() }),
    }
}
