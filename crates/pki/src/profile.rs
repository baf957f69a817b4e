//! Contents of a certificate: subject, period, and the extensions of each kind (RFC 5280, 4.2).

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
    SerialNumber,
};

use time::OffsetDateTime;

use crate::{PkiError, random};

/// Clocks of other systems may lag by so much; certificates begin that much earlier than they are issued.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);
/// Longest common name and organisation (RFC 5280, appendix A: ub-common-name, ub-organization-name).
pub const NAME_CHARS_MAX: usize = 64;

/// Who holds an authentication certificate. The certificate says it in a name that no other kind of certificate has, so that nobody
/// is both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holder {
    /// A client's information system.
    OnlineUser(i64),
    /// A person.
    Person(i64),
}

const ONLINE_USER_URN: &str = "urn:tdam:online-user:";
const PERSON_URN: &str = "urn:tdam:person:";

impl Holder {
    /// As the certificate names the holder (subject alternative name, URI).
    #[must_use]
    pub fn urn(self) -> String {
        match self {
            Holder::OnlineUser(id) => format!("{ONLINE_USER_URN}{id}"),
            Holder::Person(id) => format!("{PERSON_URN}{id}"),
        }
    }

    /// The holder that a certificate names so.
    #[must_use]
    pub fn of_urn(urn: &str) -> Option<Holder> {
        let id = |digits: &str| digits.parse().ok().filter(|id| *id > 0);
        let online_user = urn.strip_prefix(ONLINE_USER_URN).map(|digits| id(digits).map(Holder::OnlineUser));
        online_user.or_else(|| urn.strip_prefix(PERSON_URN).map(|digits| id(digits).map(Holder::Person))).flatten()
    }
}

/// Whom a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    common_name: String,
    organisation: Option<String>,
    holder: Option<Holder>,
}

impl Subject {
    /// A subject with a common name: an information system, an authority.
    #[must_use]
    pub fn new(common_name: impl Into<String>) -> Subject {
        Subject { common_name: common_name.into(), organisation: None, holder: None }
    }

    /// The same, belonging to an organisation.
    #[must_use]
    pub fn of(self, organisation: impl Into<String>) -> Subject {
        Subject { organisation: Some(organisation.into()), ..self }
    }

    /// The same, with the holder as the house numbers it.
    #[must_use]
    pub fn held_by(self, holder: Holder) -> Subject {
        Subject { holder: Some(holder), ..self }
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
        parameters.not_before = date_time(validity.not_before)?;
        parameters.not_after = date_time(validity.not_after)?;
        Ok(())
    }
}

/// A moment, in whole seconds, as the writer of certificates wants it.
pub(crate) fn date_time(time: Timestamp) -> Result<OffsetDateTime, PkiError> {
    let seconds = u64::try_from(time.as_second()).map_err(|_| PkiError::ValidityImpossible)?;
    Ok(rcgen::date_time_ymd(1970, 1, 1) + std::time::Duration::from_secs(seconds))
}

/// The certificate of an authority that is root and issues: end certificates and revocation lists, no further authorities.
pub(crate) fn authority(subject: &Subject, validity: Validity) -> Result<CertificateParams, PkiError> {
    with_authorities_below(0, subject, validity)
}

/// A root's certificate: issues authorities that issue no further authorities.
pub(crate) fn root(subject: &Subject, validity: Validity) -> Result<CertificateParams, PkiError> {
    with_authorities_below(1, subject, validity)
}

/// The certificate of an authority below a root.
pub(crate) fn issuing(subject: &Subject, validity: Validity) -> Result<CertificateParams, PkiError> {
    let mut parameters = authority(subject, validity)?;
    parameters.use_authority_key_identifier_extension = true;
    Ok(parameters)
}

fn with_authorities_below(levels: u8, subject: &Subject, validity: Validity) -> Result<CertificateParams, PkiError> {
    let mut parameters = base(subject, validity)?;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Constrained(levels));
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

/// An authentication certificate of an online user or a person.
pub(crate) fn client(subject: &Subject, validity: Validity) -> Result<CertificateParams, PkiError> {
    let mut parameters = end_entity(subject, validity, ExtendedKeyUsagePurpose::ClientAuth)?;
    if let Some(holder) = subject.holder {
        let urn = holder.urn();
        let name = urn.as_str().try_into().map_err(|_| PkiError::NameNotAllowed(urn.clone()))?;
        parameters.subject_alt_names.push(rcgen::SanType::URI(name));
    }
    Ok(parameters)
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
    serial[1..].copy_from_slice(&random::bytes::<16>()?);
    Ok(SerialNumber::from_slice(&serial))
}
