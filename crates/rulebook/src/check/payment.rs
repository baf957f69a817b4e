//! Values that the rules derive from a valid payment.

use iso20022::common::Party;
use iso20022::pain001::RequestedAmount;
use jiff::civil::Date;
use money::{Decimal, Money, MoneyError};

use super::report::Report;
use crate::rules::element::{AMOUNT, EQUIVALENT_AMOUNT};
use crate::{Code, Guideline, Iban, Route};

/// On whose behalf a payment is made. The payment's own statement rules over the block's (guideline 2.23, 2.70).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, and it goes with its payment")]
pub enum UltimateDebtor<'a> {
    /// On the debtor's own.
    #[default]
    None,
    /// On behalf of the block's ultimate debtor.
    OfBlock,
    /// On behalf of the payment's.
    OfPayment(Party<'a>),
}

/// A payment that no rule refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckedPayment<'a> {
    /// How it travels.
    pub route: Route,
    /// The amount to pay; above 0.
    pub amount: Money,
    /// The payee's account.
    pub creditor_iban: Iban,
    /// The day on which it is to be executed, by the date requested, the cut-off and the calendar.
    pub execution_date: Date,
    /// On whose behalf.
    pub ultimate_debtor: UltimateDebtor<'a>,
}

/// The number that a payment adds to the control sums.
pub(super) fn stated_amount(amount: Option<&RequestedAmount<'_>>) -> Option<Decimal> {
    match amount? {
        RequestedAmount::Instructed(amount) | RequestedAmount::Equivalent { amount, .. } => Some(amount.value),
    }
}

/// The amount to be paid, where it is one that can be booked.
pub(super) fn check_amount(amount: Option<&RequestedAmount<'_>>, report: &mut Report<'_>) -> Option<Money> {
    let stated = match amount {
        Some(RequestedAmount::Instructed(stated)) => stated,
        Some(RequestedAmount::Equivalent { .. }) => {
            report.missing(Code::EquivalentAmountNotOffered, EQUIVALENT_AMOUNT);
            return None;
        }
        None => {
            report.missing(Code::AmountMissing, AMOUNT);
            return None;
        }
    };
    let shown = || format!("{} {}", stated.value, stated.currency);
    if stated.value.is_zero() || stated.value.is_negative() {
        report.found(Code::AmountNotPositive, AMOUNT, shown(), "");
        return None;
    }
    match Money::from_decimal(stated.value, stated.currency) {
        Ok(amount) => Some(amount),
        Err(MoneyError::TooManyFractionDigits { allowed }) => {
            report.found(Code::AmountDecimals, AMOUNT, shown(), allowed);
            None
        }
        Err(MoneyError::Overflow | MoneyError::CurrencyMismatch { .. }) => {
            report.found(Code::AmountAboveSepaMaximum, AMOUNT, shown(), "");
            None
        }
    }
}

/// SEPA has a largest amount.
pub(super) fn check_sepa_amount(amount: Money, guideline: &Guideline, report: &mut Report<'_>) {
    if amount.currency() == guideline.sepa_amount_max.currency() && amount.minor() > guideline.sepa_amount_max.minor() {
        report.found(Code::AmountAboveSepaMaximum, AMOUNT, amount, guideline.sepa_amount_max);
    }
}
