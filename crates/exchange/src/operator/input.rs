//! Checks the operator's input before the exchange stores it: reports show it later, and no report may fail because of
//! it.

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::Limits;
use money::Currency;
use onboarding::{canonical_network, too_wide};
use payments::{PartyRecord, PaymentRecord};
use rulebook::catalogue::Code;
use rulebook::characters::is_invisible;
use rulebook::{CodeSet, Iban};
use store::{AcceptancePolicy, AccessMode, AccountKind, ClientId, Fingerprint, OnlineUserId, Preferences};

use crate::Failure;
use crate::bounds::{ENTERED_MINOR_MAX, IDENTIFICATION_CHARS_MAX, NAME_CHARS_MAX, REMITTANCE_CHARS_MAX};
use crate::operator::user_change::Grants;

/// Types of references that ISO 20022 lists (`DocumentType3Code`).
const REFERENCE_TYPES: [&str; 6] = ["RADM", "RPIN", "FXDR", "DISP", "PUOR", "SCOR"];

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
    /// The accounts that it may see and, with mode Manage, debit.
    pub accounts: Grants,
    /// Whether what it submits has to be signed.
    pub signature_required: bool,
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

/// A credit from outside the Treasury. Empty texts mean unknown values.
#[derive(Clone, Debug, Default)]
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
    /// The payee's reference.
    pub creditor_reference: String,
    /// The type of the reference: `SCOR`, `PUOR` and the other codes of ISO 20022, or a proprietary type.
    pub reference_type: String,
    /// Whose kind it is.
    pub reference_issuer: String,
    /// Name of whom the payer pays for.
    pub ultimate_debtor_name: String,
    /// Registration number or personal code of whom the payer pays for.
    pub ultimate_debtor_id: String,
    /// Name of whom the money is for in the end.
    pub ultimate_creditor_name: String,
    /// Registration number or personal code of whom the money is for in the end.
    pub ultimate_creditor_id: String,
    /// ISO code of the reason why a payment came back; only a return has it.
    pub return_reason: String,
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
        if self.allowed_networks.is_empty() || self.allowed_networks.iter().any(|one| too_wide(*one).is_some()) {
            return Err(invalid("allowed_networks"));
        }
        let allowed_networks = self.allowed_networks.into_iter().map(canonical_network).collect();
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
    /// With its IBANs in compact form. Reports leave out empty values.
    pub(crate) fn checked(self) -> Result<IncomingPayment, Failure> {
        if self.minor <= 0 {
            return Err(Failure::new(Code::AmountNotPositive));
        }
        check_amount("minor", self.minor)?;
        for (what, text) in self.texts() {
            check_shown(what, text)?;
        }
        check_text("debtor_name", &self.debtor_name, NAME_CHARS_MAX)?;
        check_text("end_to_end_id", &self.end_to_end_id, IDENTIFICATION_CHARS_MAX)?;
        check_text("remittance", &self.remittance, REMITTANCE_CHARS_MAX)?;
        check_text("creditor_reference", &self.creditor_reference, IDENTIFICATION_CHARS_MAX)?;
        for (what, name) in [
            ("ultimate_debtor_name", &self.ultimate_debtor_name),
            ("ultimate_creditor_name", &self.ultimate_creditor_name),
        ] {
            check_text(what, name, NAME_CHARS_MAX)?;
        }
        for (what, id) in
            [("ultimate_debtor_id", &self.ultimate_debtor_id), ("ultimate_creditor_id", &self.ultimate_creditor_id)]
        {
            check_text(what, id, IDENTIFICATION_CHARS_MAX)?;
        }
        check_text("reference_type", &self.reference_type, IDENTIFICATION_CHARS_MAX)?;
        check_text("reference_issuer", &self.reference_issuer, IDENTIFICATION_CHARS_MAX)?;
        // A type says what kind the reference is, an issuer whose type it is.
        if self.creditor_reference.is_empty() && !self.reference_type.is_empty() {
            return Err(invalid("reference_type without creditor_reference"));
        }
        if self.reference_type.is_empty() && !self.reference_issuer.is_empty() {
            return Err(invalid("reference_issuer without reference_type"));
        }
        if !self.return_reason.is_empty() && !CodeSet::ReturnReason.contains(&self.return_reason) {
            return Err(invalid("return_reason"));
        }
        let iban = checked_iban(&self.iban)?;
        let debtor_iban = if self.debtor_iban.is_empty() { String::new() } else { checked_iban(&self.debtor_iban)? };
        Ok(IncomingPayment { iban, debtor_iban, ..self })
    }

    /// Everything that reports show as it was entered.
    fn texts(&self) -> [(&'static str, &str); 10] {
        [
            ("debtor_name", &self.debtor_name),
            ("end_to_end_id", &self.end_to_end_id),
            ("remittance", &self.remittance),
            ("creditor_reference", &self.creditor_reference),
            ("reference_type", &self.reference_type),
            ("reference_issuer", &self.reference_issuer),
            ("ultimate_debtor_name", &self.ultimate_debtor_name),
            ("ultimate_debtor_id", &self.ultimate_debtor_id),
            ("ultimate_creditor_name", &self.ultimate_creditor_name),
            ("ultimate_creditor_id", &self.ultimate_creditor_id),
        ]
    }

    /// The stored record of values without a column; empty when there are none.
    pub(crate) fn record(&self) -> Option<Vec<u8>> {
        let is_code = REFERENCE_TYPES.contains(&self.reference_type.as_str());
        let record = PaymentRecord {
            creditor_reference: &self.creditor_reference,
            reference_code: if is_code { &self.reference_type } else { "" },
            reference_proprietary: if is_code { "" } else { &self.reference_type },
            reference_issuer: &self.reference_issuer,
            ultimate_debtor: party(&self.ultimate_debtor_name, &self.ultimate_debtor_id),
            ultimate_creditor: party(&self.ultimate_creditor_name, &self.ultimate_creditor_id),
            return_reason: &self.return_reason,
            ..PaymentRecord::default()
        };
        (record != PaymentRecord::default()).then(|| {
            let mut bytes = Vec::new();
            record.encode_into(&mut bytes);
            bytes
        })
    }
}

/// An organisation, or a person where the identification is a personal code.
fn party<'a>(name: &'a str, id: &'a str) -> PartyRecord<'a> {
    let (organisation_id, private_id) = if is_personal_code(id) { ("", id) } else { (id, "") };
    PartyRecord { name, organisation_id, private_id, ..PartyRecord::default() }
}

/// A Latvian personal code: six digits, a hyphen, five digits. Registration numbers have no hyphen.
fn is_personal_code(id: &str) -> bool {
    const HYPHEN: usize = 6;
    const LENGTH: usize = 12;
    let is_right = |(place, byte): (usize, u8)| if place == HYPHEN { byte == b'-' } else { byte.is_ascii_digit() };
    id.len() == LENGTH && id.bytes().enumerate().all(is_right)
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

/// A text is empty or has content, and every character of it is visible. A foreign payer's text is not limited to the
/// letters of clients' payments.
fn check_shown(what: &str, text: &str) -> Result<(), Failure> {
    let is_blank = !text.is_empty() && text.trim().is_empty();
    if is_blank || text.contains(is_invisible) { Err(invalid(what)) } else { Ok(()) }
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
