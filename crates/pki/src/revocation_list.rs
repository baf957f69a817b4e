//! Certificate revocation lists (RFC 5280, 5): numbered, signed by the authority, with the reason of each revocation.

use jiff::Timestamp;
use rcgen::{CertificateRevocationListParams, KeyIdMethod, RevocationReason, RevokedCertParams, SerialNumber};
use rustls::pki_types::CertificateRevocationListDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::{CertificateRevocationList, FromDer as _};

use crate::description::{self, hexadecimal};
use crate::profile::date_time;
use crate::{CertificateAuthority, PkiError};

/// Why a certificate is revoked (RFC 5280, 5.3.1), as far as the reasons have a meaning here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody said why.
    Unspecified,
    /// Somebody else may have the private key.
    KeyCompromise,
    /// The names in the certificate are no longer right.
    AffiliationChanged,
    /// Another certificate has replaced it.
    Superseded,
    /// The information system is no longer in use.
    CessationOfOperation,
    /// The registration has ended, or the house took the right away.
    PrivilegeWithdrawn,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 6] = [
        Reason::Unspecified,
        Reason::KeyCompromise,
        Reason::AffiliationChanged,
        Reason::Superseded,
        Reason::CessationOfOperation,
        Reason::PrivilegeWithdrawn,
    ];

    /// The number that revocation lists have for it.
    #[must_use]
    pub fn code(self) -> u8 {
        self.of_rcgen() as u8
    }

    /// The reason of a number; `None` for one that has no meaning here.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// Its name, as operators write it and OpenSSL reads it, with hyphens.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Reason::Unspecified => "unspecified",
            Reason::KeyCompromise => "key-compromise",
            Reason::AffiliationChanged => "affiliation-changed",
            Reason::Superseded => "superseded",
            Reason::CessationOfOperation => "cessation-of-operation",
            Reason::PrivilegeWithdrawn => "privilege-withdrawn",
        }
    }

    fn of_rcgen(self) -> RevocationReason {
        match self {
            Reason::Unspecified => RevocationReason::Unspecified,
            Reason::KeyCompromise => RevocationReason::KeyCompromise,
            Reason::AffiliationChanged => RevocationReason::AffiliationChanged,
            Reason::Superseded => RevocationReason::Superseded,
            Reason::CessationOfOperation => RevocationReason::CessationOfOperation,
            Reason::PrivilegeWithdrawn => RevocationReason::PrivilegeWithdrawn,
        }
    }
}

/// A revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// When it was revoked.
    pub at: Timestamp,
    /// Why.
    pub reason: Reason,
}

/// What a revocation list says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationListInfo {
    /// Its number; lists of an authority count upwards.
    pub number: u64,
    /// When it was made.
    pub this_update: Timestamp,
    /// When the next one is there at the latest.
    pub next_update: Timestamp,
    /// The serial numbers of revoked certificates, hexadecimal, in its order.
    pub serials: Vec<String>,
    /// The same with time and reason.
    pub revoked: Vec<Revoked>,
}

impl CertificateAuthority {
    /// A signed revocation list (DER).
    ///
    /// # Errors
    /// When a serial number is none, the times are in the wrong order, or the key does not sign.
    pub fn revocation_list(
        &self,
        number: u64,
        this_update: Timestamp,
        next_update: Timestamp,
        revoked: &[Revoked],
    ) -> Result<Vec<u8>, PkiError> {
        let entry = |revoked: &Revoked| {
            Ok(RevokedCertParams {
                serial_number: SerialNumber::from(bytes_of(&revoked.serial)?),
                revocation_time: date_time(revoked.at)?,
                // RFC 5280, 5.3.1: "unspecified" is said by saying nothing.
                reason_code: Some(revoked.reason.of_rcgen()).filter(|_| revoked.reason != Reason::Unspecified),
                invalidity_date: None,
            })
        };
        let list = CertificateRevocationListParams {
            this_update: date_time(this_update)?,
            next_update: date_time(next_update)?,
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: revoked.iter().map(entry).collect::<Result<_, PkiError>>()?,
            key_identifier_method: KeyIdMethod::PreSpecified(self.key_identifier().to_vec()),
        };
        list.signed_by(self.issuer()).map(|list| list.der().to_vec()).map_err(PkiError::NotIssued)
    }

    /// Reads a revocation list (DER) that this authority signed.
    ///
    /// # Errors
    /// [`PkiError::NotARevocationList`] when it is none, or another's.
    pub fn read_revocation_list(&self, der: &[u8]) -> Result<RevocationListInfo, PkiError> {
        describe_revocation_list(der, self.certificate_der())
    }
}

/// The revocation list of a PEM text (DER).
///
/// # Errors
/// [`PkiError::NotARevocationList`] when there is none.
pub fn revocation_list_der(pem: &str) -> Result<Vec<u8>, PkiError> {
    let list = CertificateRevocationListDer::from_pem_slice(pem.as_bytes());
    list.map(|der| der.to_vec()).map_err(|_| PkiError::NotARevocationList)
}

/// Reads a revocation list (DER) that the authority with this certificate (DER) signed.
///
/// # Errors
/// [`PkiError::NotARevocationList`] when it is none, or another's.
pub fn describe_revocation_list(der: &[u8], authority_der: &[u8]) -> Result<RevocationListInfo, PkiError> {
    let authority = description::parse(authority_der)?;
    let Ok(([], list)) = CertificateRevocationList::from_der(der) else { return Err(PkiError::NotARevocationList) };
    list.verify_signature(authority.public_key()).map_err(|_| PkiError::NotARevocationList)?;
    let timestamp = |time: x509_parser::time::ASN1Time| {
        Timestamp::from_second(time.timestamp()).map_err(|_| PkiError::NotARevocationList)
    };
    let number = list.crl_number().and_then(|number| u64::try_from(number).ok());
    let next_update = list.next_update().ok_or(PkiError::NotARevocationList)?;
    let revoked = list.iter_revoked_certificates().map(|entry| {
        let reason = entry.reason_code().and_then(|(_, code)| Reason::of_code(code.0));
        Ok(Revoked {
            serial: hexadecimal(entry.raw_serial()),
            at: timestamp(entry.revocation_date)?,
            reason: reason.unwrap_or(Reason::Unspecified),
        })
    });
    Ok(RevocationListInfo {
        revoked: revoked.collect::<Result<_, PkiError>>()?,
        number: number.ok_or(PkiError::NotARevocationList)?,
        this_update: timestamp(list.last_update())?,
        next_update: timestamp(next_update)?,
        serials: list.iter_revoked_certificates().map(|entry| hexadecimal(entry.raw_serial())).collect(),
    })
}

/// Whether a list can name a certificate with this serial number.
///
/// # Errors
/// [`PkiError::SerialWrong`] when it is no number in hexadecimal.
pub fn check_serial(serial: &str) -> Result<(), PkiError> {
    bytes_of(serial).map(drop)
}

/// The bytes of a number written in hexadecimal.
fn bytes_of(serial: &str) -> Result<Vec<u8>, PkiError> {
    let wrong = || PkiError::SerialWrong(serial.chars().take(64).collect());
    let digits: Option<Vec<u8>> =
        serial.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok())).collect();
    let digits = digits.filter(|digits| !digits.is_empty()).ok_or_else(wrong)?;
    // An odd number of digits begins with half a byte.
    let (first, rest) = digits.split_at(digits.len() % 2);
    let pairs = rest.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]);
    Ok(first.iter().copied().chain(pairs).collect())
}
