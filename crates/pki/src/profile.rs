//! Contents of a certificate: subject, period, and the extensions of each kind (RFC 5280, 4.2).

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
    SerialNumber,
};

use crate::PkiError;

/// Clocks of other systems may lag by so much; certificates begin that much earlier than they are issued.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Longest common name and organisation (RFC 5280, appendix A: ub-common-name, ub-organization-name).
const NAME_CHARS_MAX: usize = 64;

/// Whom a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    common_name: String,
    organisation: Option<String>,
}

impl Subject {
    /// A subject with a common name: an information system, an authority.
    #[must_use]
    pub fn new(common_name: impl Into<String>) -> Subject {
        Subject { common_name: common_name.into(), organisation: None }
    }

    /// The same, belonging to an organisation.
    #[must_use]
    pub fn of(self, organisation: impl Into<String>) -> Subject {
        Subject { organisation: Some(organisation.into()), ..self }
    }

    fn distinguished_name(&self) -> Result<DistinguishedName, PkiError> {
        let mut name = DistinguishedName::new();
        if let Some(organisation) = &self.organisation {
            name.push(DnType::OrganizationName, checked(organisation)?);
        }
        name.push(DnType::CommonName, checked(&self.common_name)?);
        Ok(name)
    }
}

fn checked(name: &str) -> Result<&str, PkiError> {
    let length = name.chars().count();
    if length == 0 || length > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(PkiError::NameNotAllowed(name.chars().take(NAME_CHARS_MAX).collect()));
    }
    Ok(name)
}

/// The period in which a certificate is valid. X.509 counts whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// First second.
    pub not_before: Timestamp,
    /// Last second.
    pub not_after: Timestamp,
}

impl Validity {
    /// From now (a little earlier, for clocks that lag) for this number of days of 24 hours.
    #[must_use]
    pub fn of_days(now: Timestamp, days: u32) -> Validity {
        let end = SignedDuration::from_hours(i64::from(days) * 24);
        Validity {
            not_before: now.saturating_sub(CLOCK_SKEW).unwrap_or(now),
            not_after: now.saturating_add(end).unwrap_or(now),
        }
    }

    /// The same, but not longer than the authority's own certificate: chains that end early are refused everywhere.
    pub(crate) fn within(self, authority: Validity) -> Result<Validity, PkiError> {
        let validity = Validity {
            not_before: self.not_before.max(authority.not_before),
            not_after: self.not_after.min(authority.not_after),
        };
        validity.checked()
    }

    fn checked(self) -> Result<Validity, PkiError> {
        if self.not_before >= self.not_after || self.not_before < Timestamp::UNIX_EPOCH {
            return Err(PkiError::ValidityImpossible);
        }
        Ok(self)
    }

    fn apply(self, parameters: &mut CertificateParams) -> Result<(), PkiError> {
        let validity = self.checked()?;
        let epoch = rcgen::date_time_ymd(1970, 1, 1);
        let seconds = |time: Timestamp| {
            u64::try_from(time.as_second())
                .map(std::time::Duration::from_secs)
                .map_err(|_| PkiError::ValidityImpossible)
        };
        parameters.not_before = epoch + seconds(validity.not_before)?;
        parameters.not_after = epoch + seconds(validity.not_after)?;
        Ok(())
    }
}

/// The authority's own certificate: issues end certificates and revocation lists, no further authorities.
pub(crate) fn authority(subject: &Subject, validity: Validity) -> Result<CertificateParams, PkiError> {
    let mut parameters = base(subject, validity)?;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(parameters)
}

/// A server's certificate. Clients compare the names in it with the address they connect to (RFC 9525).
pub(crate) fn server(names: &[&str], validity: Validity) -> Result<CertificateParams, PkiError> {
    let first = *names.first().ok_or(PkiError::NoServerName)?;
    let mut parameters = end_entity(&Subject::new(first), validity, ExtendedKeyUsagePurpose::ServerAuth)?;
    for name in names {
        let alternative = match name.parse() {
            Ok(address) => rcgen::SanType::IpAddress(address),
            Err(_) => {
                rcgen::SanType::DnsName((*name).try_into().map_err(|_| PkiError::NameNotAllowed((*name).to_owned()))?)
            }
        };
        parameters.subject_alt_names.push(alternative);
    }
    Ok(parameters)
}

/// An online user's authentication certificate.
pub(crate) fn client(subject: &Subject, validity: Validity) -> Result<CertificateParams, PkiError> {
    end_entity(subject, validity, ExtendedKeyUsagePurpose::ClientAuth)
}

fn end_entity(
    subject: &Subject,
    validity: Validity,
    purpose: ExtendedKeyUsagePurpose,
) -> Result<CertificateParams, PkiError> {
    let mut parameters = base(subject, validity)?;
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![purpose];
    parameters.use_authority_key_identifier_extension = true;
    Ok(parameters)
}

fn base(subject: &Subject, validity: Validity) -> Result<CertificateParams, PkiError> {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name = subject.distinguished_name()?;
    parameters.serial_number = Some(random_serial()?);
    validity.apply(&mut parameters)?;
    Ok(parameters)
}

/// 128 random bits behind a leading one, which keeps the number positive and its length constant (RFC 5280, 4.1.2.2).
fn random_serial() -> Result<SerialNumber, PkiError> {
    let mut serial = [1_u8; 17];
    let random = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    random.fill(&mut serial[1..]).map_err(|_| PkiError::NoRandomness)?;
    Ok(SerialNumber::from_slice(&serial))
}
