//! Certificates and revocation lists of authorities that are not the house's: what they must be like to count here.
//!
//! Another house decides about its own profile, so this checks what safety rests on: who signed, with what, for which use, and that a list
//! says everything about its authority's certificates. A list for a part of them, or one that changes an earlier one, is refused.

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::{CertificateRevocationList, FromDer as _};

use crate::bounds::{OUTSIDE_CERTIFICATE_BYTES_MAX, OUTSIDE_LIST_BYTES_MAX};
use crate::description::{self, CertificateInfo, hexadecimal};
use crate::request::{check_key, check_signature_algorithm};
use crate::{PkiError, Reason, Revoked};

/// The first byte of DER; none of PEM begins with it.
const DER_SEQUENCE: u8 = 0x30;

/// What a list of another house's authority says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutsideList {
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is there at the latest.
    pub next_update: Timestamp,
    /// What it names. A hold counts.
    pub revoked: Vec<Revoked>,
}

/// The certificate (DER) of a file in PEM or DER; of several in PEM the first.
///
/// # Errors
/// When there is none, or it is longer than any.
pub fn client_certificate_der(bytes: &[u8]) -> Result<Vec<u8>, PkiError> {
    if bytes.len() > OUTSIDE_CERTIFICATE_BYTES_MAX {
        return Err(PkiError::NotACertificate);
    }
    if bytes.first() == Some(&DER_SEQUENCE) {
        return Ok(bytes.to_vec());
    }
    CertificateDer::from_pem_slice(bytes).map(|der| der.to_vec()).map_err(|_| PkiError::NotPem)
}

/// Reads a certificate (DER) that the authority with this certificate (DER) issued for authentication of a client.
///
/// # Errors
/// [`PkiError::IssuedByAnother`] when the authority did not sign it; otherwise when its key, its signature or its use is not accepted.
pub fn check_client_certificate(der: &[u8], authority_der: &[u8]) -> Result<CertificateInfo, PkiError> {
    let (certificate, authority) = (description::parse(der)?, description::parse(authority_der)?);
    // The name alone says nothing: another authority may have the same.
    let is_issuer = certificate.issuer() == authority.subject();
    if !is_issuer || certificate.verify_signature(Some(authority.public_key())).is_err() {
        return Err(PkiError::IssuedByAnother);
    }
    check_signature_algorithm(&certificate.signature_algorithm)?;
    check_key(certificate.public_key())?;
    let extended = certificate.extended_key_usage().map_err(|_| PkiError::NotACertificate)?;
    if certificate.is_ca() || !extended.is_some_and(|uses| uses.value.client_auth) {
        return Err(PkiError::NotForClients);
    }
    description::describe(der)
}

/// Reads a list (DER) that the authority with this certificate (DER) signed.
///
/// # Errors
/// [`PkiError::NotARevocationList`] when it is none, longer than any, or another's; [`PkiError::ListOfAPart`] when it does not say
/// everything.
pub fn read_outside_list(der: &[u8], authority_der: &[u8]) -> Result<OutsideList, PkiError> {
    if der.len() > OUTSIDE_LIST_BYTES_MAX {
        return Err(PkiError::NotARevocationList);
    }
    let authority = description::parse(authority_der)?;
    let Ok(([], list)) = CertificateRevocationList::from_der(der) else { return Err(PkiError::NotARevocationList) };
    if list.issuer() != authority.subject() {
        return Err(PkiError::NotARevocationList);
    }
    list.verify_signature(authority.public_key()).map_err(|_| PkiError::NotARevocationList)?;
    // RFC 5280, 5.2: a list with a critical extension that is not understood says nothing about what it does not name.
    if list.extensions().iter().any(|extension| extension.critical) {
        return Err(PkiError::ListOfAPart);
    }
    let timestamp = |time: x509_parser::time::ASN1Time| {
        Timestamp::from_second(time.timestamp()).map_err(|_| PkiError::NotARevocationList)
    };
    let revoked = list.iter_revoked_certificates().map(|entry| {
        if entry.extensions().iter().any(|extension| extension.critical) {
            return Err(PkiError::ListOfAPart);
        }
        let reason = entry.reason_code().and_then(|(_, code)| Reason::of_code(code.0));
        Ok(Revoked {
            serial: hexadecimal(entry.raw_serial()),
            at: timestamp(entry.revocation_date)?,
            reason: reason.unwrap_or(Reason::Unspecified),
        })
    });
    Ok(OutsideList {
        revoked: revoked.collect::<Result<_, PkiError>>()?,
        this_update: timestamp(list.last_update())?,
        next_update: timestamp(list.next_update().ok_or(PkiError::NotARevocationList)?)?,
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use rcgen::{
        CertificateRevocationListParams, CrlDistributionPoint, CrlIssuingDistributionPoint, KeyIdMethod, SerialNumber,
    };

    use super::*;
    use crate::profile::date_time;
    use crate::{CertificateAuthority, Subject, Validity};

    #[test]
    fn a_list_for_a_part_of_the_certificates_does_not_count() {
        let now: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let validity = Validity::of_days(now, 30);
        let authority = CertificateAuthority::create(&Subject::new("Qualified authority"), validity).unwrap();
        let list = |point| {
            let list = CertificateRevocationListParams {
                this_update: date_time(now).unwrap(),
                next_update: date_time(validity.not_after).unwrap(),
                crl_number: SerialNumber::from(1),
                issuing_distribution_point: point,
                revoked_certs: Vec::new(),
                key_identifier_method: KeyIdMethod::PreSpecified(authority.key_identifier().to_vec()),
            };
            read_outside_list(list.signed_by(authority.issuer()).unwrap().der(), authority.certificate_der())
        };
        assert_eq!(list(None).unwrap().next_update, validity.not_after);
        let distribution_point = CrlDistributionPoint { uris: vec!["http://crl.example/part.crl".to_owned()] };
        let part = CrlIssuingDistributionPoint { distribution_point, scope: None };
        assert!(matches!(list(Some(part)), Err(PkiError::ListOfAPart)));
    }
}
