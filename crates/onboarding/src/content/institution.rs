//! Clients, their accounts, and the limits of an account for one day.

use jiff::Span;
use jiff::civil::Date;
use ledger::{AccountId, Limits};
use money::Currency;
use rulebook::Iban;

use super::rules::{ContentError, name, text};
use crate::bounds::{ONE_DAY_LIMITS_DAYS_AHEAD_MAX, REGISTRATION_NUMBER_CHARACTERS_MAX};
use crate::canonical::canonical_fields;
use crate::field::Field;
use crate::{AcceptancePolicy, AccountKind, ClientId};

/// A client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Institution {
    /// Its name.
    pub name: String,
    /// Its registration number.
    pub registration_number: String,
    /// What happens to a message with some bad payments.
    pub acceptance: AcceptancePolicy,
}

/// An account of a client. It begins empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreasuryAccountPlan {
    /// The owner.
    pub client: ClientId,
    /// Its IBAN.
    pub iban: String,
    /// The owner's name as statements show it.
    pub owner_name: String,
    /// What it is for.
    pub kind: AccountKind,
    /// Its one currency.
    pub currency: Currency,
    /// What one payment and one day may take.
    pub limits: Limits,
}

/// Limits of an account for the payments that are executed on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OneDayLimits {
    /// Which account.
    pub account: AccountId,
    /// The day.
    pub day: Date,
    /// What holds on it in place of the account's own.
    pub limits: Limits,
}

canonical_fields!(Institution { name, registration_number, acceptance });
canonical_fields!(TreasuryAccountPlan { client, iban, owner_name, kind, currency, limits });
canonical_fields!(OneDayLimits { account, day, limits });

impl Institution {
    pub(super) fn check(&self) -> Result<(), ContentError> {
        name(Field::Name, &self.name)?;
        text(Field::RegistrationNumber, &self.registration_number, REGISTRATION_NUMBER_CHARACTERS_MAX)
    }
}

impl TreasuryAccountPlan {
    pub(super) fn check(&self) -> Result<(), ContentError> {
        name(Field::OwnerName, &self.owner_name)?;
        if Iban::parse(&self.iban).is_ok_and(|iban| iban.as_str() == self.iban) {
            check_limits(&self.limits)
        } else {
            Err(ContentError::Malformed(Field::Iban))
        }
    }
}

impl OneDayLimits {
    pub(super) fn check(&self, today: Date) -> Result<(), ContentError> {
        if self.day < today {
            return Err(ContentError::Over(Field::Day));
        }
        let last = today.saturating_add(Span::new().days(ONE_DAY_LIMITS_DAYS_AHEAD_MAX));
        if self.day > last {
            return Err(ContentError::TooFarAhead(Field::Day, last));
        }
        check_limits(&self.limits)
    }
}

fn check_limits(limits: &Limits) -> Result<(), ContentError> {
    let wrong = |limit: Option<i64>| limit.is_some_and(|minor| minor < 0);
    if wrong(limits.per_payment) {
        return Err(ContentError::Amount(Field::LimitPerPayment));
    }
    if wrong(limits.per_day) { Err(ContentError::Amount(Field::LimitPerDay)) } else { Ok(()) }
}
