//! What the operator enters, checked before it is stored: whatever gets in here stands in reports later, and no report
//! may fail because of it.

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::Limits;
use money::Currency;
use rulebook::Iban;
use rulebook::catalogue::Code;
use store::{AcceptancePolicy, AccessMode, AccountKind, ClientId, Fingerprint, OnlineUserId, Preferences};

use crate::Failure;
use crate::authorise::canonical;
use crate::bounds::{ENTERED_MINOR_MAX, IDENTIFICATION_CHARS_MAX, NAME_CHARS_MAX, REMITTANCE_CHARS_MAX};

/// A client to be added.
#[derive(Clone, Debug)]
pub struct NewClient {
    /// Its name.
    pub name: String,
    /// Registration number.
    pub registration_number: String,
    /// What happens to a message with some bad payments.
    pub acceptance: AcceptancePolicy,
    /// Its settings.
    pub preferences: Preferences,
}

/// An account to be added.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Whose it is.
    pub client: ClientId,
    /// IBAN, compact.
    pub iban: String,
    /// The owner's name as statements show it.
    pub owner_name: String,
    /// What it is for.
    pub kind: AccountKind,
    /// Its currency.
    pub currency: Currency,
    /// Opening balance in minor units, booked against the house.
    pub opening: i64,
    /// Limits.
    pub limits: Limits,
}

/// An online user to be added.
#[derive(Clone, Debug)]
pub struct NewOnlineUser {
    /// Whose it is.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// View or manage.
    pub mode: AccessMode,
    /// Last day of the registration.
    pub registration_valid_until: Date,
    /// Where requests may come from; never empty.
    pub allowed_networks: Vec<IpNet>,
}

/// A certificate to be added.
#[derive(Clone, Debug)]
pub struct NewCertificate {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Whose it is.
    pub user: OnlineUserId,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
}

/// A credit from outside the Treasury.
#[derive(Clone, Debug)]
pub struct IncomingPayment {
    /// Account credited.
    pub iban: String,
    /// Minor units, more than 0.
    pub minor: i64,
    /// Payer's name.
    pub debtor_name: String,
    /// Payer's IBAN.
    pub debtor_iban: String,
    /// `EndToEndId`.
    pub end_to_end_id: String,
    /// Remittance text.
    pub remittance: String,
}

impl NewClient {
    pub(crate) fn checked(self) -> Result<NewClient, Failure> {
        check_name("name", &self.name)?;
        check_text("registration_number", &self.registration_number, IDENTIFICATION_CHARS_MAX)?;
        Ok(self)
    }
}

impl NewAccount {
    /// With its IBAN in compact form.
    pub(crate) fn checked(self) -> Result<NewAccount, Failure> {
        let iban = checked_iban(&self.iban)?;
        check_name("owner_name", &self.owner_name)?;
        check_amount("opening", self.opening)?;
        check_limits(&self.limits)?;
        Ok(NewAccount { iban, ..self })
    }
}

impl NewOnlineUser {
    pub(crate) fn checked(self) -> Result<NewOnlineUser, Failure> {
        check_name("name", &self.name)?;
        if self.allowed_networks.is_empty() {
            return Err(invalid("allowed_networks"));
        }
        let allowed_networks = self.allowed_networks.into_iter().map(canonical).collect();
        Ok(NewOnlineUser { allowed_networks, ..self })
    }
}

impl NewCertificate {
    pub(crate) fn checked(self) -> Result<NewCertificate, Failure> {
        check_text("serial", &self.serial, NAME_CHARS_MAX)?;
        if self.not_before > self.not_after { Err(invalid("not_after")) } else { Ok(self) }
    }
}

impl IncomingPayment {
    /// With its IBANs in compact form. What is empty is not told in reports.
    pub(crate) fn checked(self) -> Result<IncomingPayment, Failure> {
        if self.minor <= 0 {
            return Err(Failure::new(Code::AmountNotPositive));
        }
        check_amount("minor", self.minor)?;
        check_text("debtor_name", &self.debtor_name, NAME_CHARS_MAX)?;
        check_text("end_to_end_id", &self.end_to_end_id, IDENTIFICATION_CHARS_MAX)?;
        check_text("remittance", &self.remittance, REMITTANCE_CHARS_MAX)?;
        let iban = checked_iban(&self.iban)?;
        let debtor_iban = if self.debtor_iban.is_empty() { String::new() } else { checked_iban(&self.debtor_iban)? };
        Ok(IncomingPayment { iban, debtor_iban, ..self })
    }
}

pub(crate) fn check_limits(limits: &Limits) -> Result<(), Failure> {
    limits.per_payment.map_or(Ok(()), |limit| check_amount("per_payment", limit))?;
    limits.per_day.map_or(Ok(()), |limit| check_amount("per_day", limit))
}

fn invalid(what: impl Into<String>) -> Failure {
    Failure::new(Code::RequestParameterInvalid).with_detail(what)
}

fn check_amount(what: &str, minor: i64) -> Result<(), Failure> {
    if (0..=ENTERED_MINOR_MAX).contains(&minor) { Ok(()) } else { Err(invalid(format!("{what} {minor}"))) }
}

fn check_name(what: &str, name: &str) -> Result<(), Failure> {
    if name.trim().is_empty() { Err(invalid(what)) } else { check_text(what, name, NAME_CHARS_MAX) }
}

/// At most so many characters, all of which XML can write.
fn check_text(what: &str, text: &str, chars_max: usize) -> Result<(), Failure> {
    let unwritable = |character: char| character.is_control() || matches!(character, '\u{FFFE}' | '\u{FFFF}');
    if text.chars().count() > chars_max {
        return Err(invalid(format!("{what} (≤ {chars_max})")).with_expected(chars_max.to_string()));
    }
    if text.contains(unwritable) { Err(invalid(what)) } else { Ok(()) }
}

fn checked_iban(text: &str) -> Result<String, Failure> {
    // The value alone: the sentence around it is in the reader's language.
    let iban = Iban::parse(&text.replace(' ', ""))
        .map_err(|_| invalid(format!("IBAN {}", rulebook::check::Excerpt::of(text))))?;
    Ok(iban.as_str().to_owned())
}
