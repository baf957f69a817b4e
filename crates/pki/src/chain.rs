//! The chain above a certificate, and whether it led to a trusted authority at a moment: now, or years ago.
//!
//! The path, its periods and the revocation list are verified by the library that verifies the certificates of connections, at the moment
//! that the caller names.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::{CertificateError, Error, RootCertStore};
use x509_parser::prelude::{CertificateRevocationList, FromDer as _};

use crate::{PkiError, description};

/// Authorities above a certificate, at most.
const DEPTH_MAX: usize = 4;
/// A list may be signed so long after the moment that it is the list of: clocks of nodes differ.
const LIST_LATER_MAX: SignedDuration = SignedDuration::from_secs(60);

/// Why a certificate was not to be trusted at a moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// One of the authorities to trust cannot be one.
    #[error("an authority to trust cannot be read: {0}")]
    Authority(String),
    /// No path leads to an authority that is trusted.
    #[error("no authority that is trusted has issued it")]
    Untrusted,
    /// It, or one above it, had ended.
    #[error("it, or an authority above it, had expired")]
    Expired,
    /// It, or one above it, had not begun.
    #[error("it, or an authority above it, was not valid yet")]
    NotYetValid,
    /// The list names it.
    #[error("it was revoked")]
    Revoked,
    /// There is no list of the authority that issued it.
    #[error("there is no revocation list of the authority that issued it")]
    NoList,
    /// The list had ended before that moment.
    #[error("the revocation list had ended before")]
    ListEnded,
    /// The list was made after that moment.
    #[error("the revocation list was made after")]
    ListLater,
    /// The list is none, or is not signed by the authority.
    #[error("the revocation list is not signed by the authority: {0}")]
    List(String),
    /// It is not a certificate that authenticates a client, or something else is wrong with the path.
    #[error("{0}")]
    Other(String),
}

/// The authorities above a certificate (DER), its own first, as far as they are among the candidates.
///
/// # Errors
/// [`PkiError::NotACertificate`] when the certificate cannot be read. Candidates that cannot be read are passed over.
pub fn issuers_of(certificate: &[u8], candidates: &[Vec<u8>]) -> Result<Vec<Vec<u8>>, PkiError> {
    let known: Vec<_> = candidates.iter().filter_map(|der| Some((der, description::parse(der).ok()?))).collect();
    let mut lower = description::parse(certificate)?;
    let mut issuers: Vec<Vec<u8>> = Vec::new();
    while issuers.len() < DEPTH_MAX && lower.issuer() != lower.subject() {
        let signed = |(_, above): &&(&Vec<u8>, _)| {
            let above: &x509_parser::certificate::X509Certificate<'_> = above;
            above.subject() == lower.issuer() && lower.verify_signature(Some(above.public_key())).is_ok()
        };
        let Some((der, above)) = known.iter().find(signed) else { break };
        issuers.push((*der).clone());
        lower = above.clone();
    }
    Ok(issuers)
}

/// Whether a client's certificate (DER) was to be trusted at a moment: a path led to one of the authorities, everything on it was
/// valid, and the revocation list of that moment did not name it.
///
/// # Errors
/// When it was not, with the reason.
pub fn trusted_at(
    certificate: &[u8],
    issuers: &[Vec<u8>],
    authorities: &[Vec<u8>],
    revocation_list: Option<&[u8]>,
    moment: Timestamp,
) -> Result<(), ChainFault> {
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        let added = roots.add(CertificateDer::from(authority.clone()));
        added.map_err(|error| ChainFault::Authority(error.to_string()))?;
    }
    let list = revocation_list.ok_or(ChainFault::NoList);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .with_crls(list.iter().map(|der| CertificateRevocationListDer::from(der.to_vec())))
        .only_check_end_entity_revocation()
        .enforce_revocation_expiration()
        .build()
        .map_err(|error| ChainFault::Authority(error.to_string()))?;
    let leaf = CertificateDer::from(certificate.to_vec());
    let path: Vec<CertificateDer<'_>> = issuers.iter().map(|der| CertificateDer::from(der.clone())).collect();
    let since = Duration::from_secs(u64::try_from(moment.as_second()).unwrap_or_default());
    verifier.verify_client_cert(&leaf, &path, UnixTime::since_unix_epoch(since)).map_err(|error| fault(&error))?;
    not_later(list?, moment)
}

fn fault(error: &Error) -> ChainFault {
    let Error::InvalidCertificate(error) = error else {
        return match error {
            Error::InvalidCertRevocationList(error) => ChainFault::List(format!("{error:?}")),
            error => ChainFault::Other(error.to_string()),
        };
    };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => ChainFault::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => ChainFault::NotYetValid,
        CertificateError::Revoked => ChainFault::Revoked,
        CertificateError::UnknownIssuer | CertificateError::BadSignature => ChainFault::Untrusted,
        CertificateError::UnknownRevocationStatus => ChainFault::NoList,
        CertificateError::ExpiredRevocationList | CertificateError::ExpiredRevocationListContext { .. } => {
            ChainFault::ListEnded
        }
        error => ChainFault::Other(error.to_string()),
    }
}

fn not_later(list: &[u8], moment: Timestamp) -> Result<(), ChainFault> {
    let Ok(([], list)) = CertificateRevocationList::from_der(list) else {
        return Err(ChainFault::List("it cannot be read".to_owned()));
    };
    let made = Timestamp::from_second(list.last_update().timestamp());
    let made = made.map_err(|error| ChainFault::List(error.to_string()))?;
    if made.duration_since(moment) > LIST_LATER_MAX { Err(ChainFault::ListLater) } else { Ok(()) }
}
