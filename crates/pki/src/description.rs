//! A description of a certificate, for records and for people.

use std::net::IpAddr;

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use signatures::PublicKey;
use x509_parser::prelude::{FromDer as _, GeneralName, ParsedExtension, X509Certificate};
use x509_parser::public_key::PublicKey as Key;

use crate::{Holder, PkiError};

/// A certificate as records keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateInfo {
    /// The subject's distinguished name, most general part first as it stands in the certificate.
    pub subject: String,
    /// Serial number, lower-case hexadecimal without separators.
    pub serial: String,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until, inclusive.
    pub not_after: Timestamp,
    /// SHA-256 of the DER.
    pub fingerprint: [u8; 32],
    /// Host names and IP addresses that a server with this certificate may be reached by, in its order (subject alternative names).
    pub server_names: Vec<String>,
    /// The online user or person that the certificate authenticates.
    pub holder: Option<Holder>,
    /// The identifier of the key that signed it; empty when it names none.
    pub authority_key_identifier: Vec<u8>,
}

/// SHA-256 of a certificate's DER: what the exchange knows an online user's certificate by.
#[must_use]
pub fn fingerprint(der: &[u8]) -> [u8; 32] {
    Sha256::digest(der).into()
}

/// Reads a certificate's DER.
///
/// # Errors
/// [`PkiError::NotACertificate`] when it is none, or bytes follow it.
pub fn describe(der: &[u8]) -> Result<CertificateInfo, PkiError> {
    let certificate = parse(der)?;
    let validity = certificate.validity();
    let timestamp = |time: x509_parser::time::ASN1Time| {
        Timestamp::from_second(time.timestamp()).map_err(|_| PkiError::NotACertificate)
    };
    Ok(CertificateInfo {
        subject: certificate.subject().to_string(),
        serial: hexadecimal(certificate.raw_serial()),
        not_before: timestamp(validity.not_before)?,
        not_after: timestamp(validity.not_after)?,
        fingerprint: fingerprint(der),
        server_names: server_names(&certificate),
        holder: holder(&certificate),
        authority_key_identifier: authority_key_identifier(&certificate),
    })
}

/// The holder, if the certificate names exactly one.
fn holder(certificate: &X509Certificate<'_>) -> Option<Holder> {
    let names = certificate.subject_alternative_name().ok()??;
    let holder = |name: &GeneralName<'_>| match name {
        GeneralName::URI(urn) => Holder::of_urn(urn),
        _ => None,
    };
    let mut holders = names.value.general_names.iter().filter_map(holder);
    holders.next().filter(|_| holders.next().is_none())
}

/// The identifier of the certificate's own key.
pub(crate) fn key_identifier(certificate: &X509Certificate<'_>) -> Option<Vec<u8>> {
    certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier.0.to_vec()),
        _ => None,
    })
}

fn authority_key_identifier(certificate: &X509Certificate<'_>) -> Vec<u8> {
    let found = certificate.iter_extensions().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(identifier) => identifier.key_identifier.as_ref(),
        _ => None,
    });
    found.map(|identifier| identifier.0.to_vec()).unwrap_or_default()
}

fn server_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return Vec::new() };
    let name = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    };
    names.value.general_names.iter().filter_map(name).collect()
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    v4.or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
}

/// The DER of the first certificate in a PEM text.
///
/// # Errors
/// [`PkiError::NotPem`] when there is none.
pub fn certificate_der(pem: &str) -> Result<Vec<u8>, PkiError> {
    CertificateDer::from_pem_slice(pem.as_bytes()).map(|der| der.to_vec()).map_err(|_| PkiError::NotPem)
}

/// The DER of each certificate in a PEM text; what else stands in it is passed over.
///
/// # Errors
/// [`PkiError::NotPem`] when there is none, or one is broken.
pub fn certificates_der(pem: &str) -> Result<Vec<Vec<u8>>, PkiError> {
    let all: Result<Vec<Vec<u8>>, _> =
        CertificateDer::pem_slice_iter(pem.as_bytes()).map(|der| der.map(|der| der.to_vec())).collect();
    all.ok().filter(|all| !all.is_empty()).ok_or(PkiError::NotPem)
}

/// The subject's key of a certificate, by which its holder signs.
///
/// # Errors
/// [`PkiError::NotACertificate`] when it is none, [`PkiError::KeyNotAccepted`] when its key is of no kind that online users have.
pub fn subject_key(der: &[u8]) -> Result<PublicKey, PkiError> {
    const P256_BITS: usize = 256;
    const P384_BITS: usize = 384;
    let certificate = parse(der)?;
    let key = certificate.public_key();
    let bytes = key.subject_public_key.data.to_vec();
    let refused = |found: String| PkiError::KeyNotAccepted { found };
    match key.parsed().map_err(|_| refused("a key that cannot be read".to_owned()))? {
        Key::RSA(_) => Ok(PublicKey::Rsa(bytes)),
        Key::EC(point) if point.key_size() == P256_BITS => Ok(PublicKey::P256(bytes)),
        Key::EC(point) if point.key_size() == P384_BITS => Ok(PublicKey::P384(bytes)),
        Key::EC(point) => Err(refused(format!("EC {}", point.key_size()))),
        _ => Err(refused("a key of another kind".to_owned())),
    }
}

/// Whether two certificates (DER) are for the same key.
///
/// # Errors
/// [`PkiError::NotACertificate`] when one of them is none.
pub fn have_same_key(one: &[u8], other: &[u8]) -> Result<bool, PkiError> {
    let (one, other) = (parse(one)?, parse(other)?);
    // Requests have points in one form, and RSA keys in DER: the same key has the same bytes.
    let (one, other) = (one.public_key(), other.public_key());
    let is_same_kind = one.algorithm.algorithm == other.algorithm.algorithm;
    Ok(is_same_kind && one.subject_public_key.data == other.subject_public_key.data)
}

/// The identifier of the key of an authority (DER), by which its certificates and lists name it.
///
/// # Errors
/// [`PkiError::NotAnAuthority`] when the certificate is not an authority's, or names no key.
pub fn authority_key_identifier_of(der: &[u8]) -> Result<Vec<u8>, PkiError> {
    let certificate = parse(der)?;
    key_identifier(&certificate).filter(|_| certificate.is_ca()).ok_or(PkiError::NotAnAuthority)
}

/// A certificate's DER as PEM.
#[must_use]
pub fn certificate_pem(der: &[u8]) -> String {
    as_pem("CERTIFICATE", der)
}

/// A revocation list's DER as PEM.
#[must_use]
pub fn revocation_list_pem(der: &[u8]) -> String {
    as_pem("X509 CRL", der)
}

fn as_pem(tag: &str, der: &[u8]) -> String {
    pem::encode_config(&pem::Pem::new(tag, der), pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF))
}

pub(crate) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, PkiError> {
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        _ => Err(PkiError::NotACertificate),
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    // The zero byte that keeps a DER integer positive is not part of the number.
    let bytes = bytes.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(bytes);
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
