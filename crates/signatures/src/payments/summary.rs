//! What a person sees before signing: how many payments, sums by currency, payees.
//!
//! The digest covers each payment; the summary is what a page can show of 100 000 of them. So it is bounded: it lists the
//! payees that come first in the file, and counts the payments to all others.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use iso20022::common::Amount;
use iso20022::pain001::{CreditTransfer, RequestedAmount};
use money::{Currency, Decimal};
use sha2::{Digest as _, Sha256};

use super::canonical::Canonical;
use super::digest::Digest;

/// Payees that a summary lists.
pub const PAYEES_SHOWN_MAX: usize = 100;
/// Currencies that the payments of one summary may have.
pub const CURRENCIES_MAX: usize = 40;

const LABEL: &[u8] = b"tdam/signed-summary/1\0";

/// Payments to one payee's account, under one name, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payee {
    /// The account as written: its IBAN, else its other identification; empty without any.
    pub account: String,
    /// The name; empty without any.
    pub name: String,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub sum: Amount,
}

/// What a person saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// How many payments.
    pub payments: u64,
    /// Their sums, in the order of the currencies' codes.
    pub sums: Vec<Amount>,
    /// The payees, in the order in which they come first.
    pub payees: Vec<Payee>,
    /// Payments to payees that are not listed.
    pub payments_to_others: u64,
}

/// Why there is no summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SummaryError {
    /// A payment has no amount: its message departs from its schema.
    #[error("a payment without an amount")]
    NoAmount,
    /// A sum is too large.
    #[error("a sum is too large")]
    Overflow,
    /// More currencies than [`CURRENCIES_MAX`].
    #[error("more currencies than a summary lists")]
    TooManyCurrencies,
}

impl Summary {
    /// Its digest, which stands in what the person signs.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let Summary { payments, sums, payees, payments_to_others } = self;
        let mut bytes = Canonical::default();
        bytes.raw(LABEL);
        bytes.number(*payments);
        bytes.length(sums.len());
        sums.iter().for_each(|sum| put_amount(*sum, &mut bytes));
        bytes.length(payees.len());
        for Payee { account, name, payments, sum } in payees {
            bytes.text(account);
            bytes.text(name);
            bytes.number(*payments);
            put_amount(*sum, &mut bytes);
        }
        bytes.number(*payments_to_others);
        Digest(Sha256::digest(bytes.bytes()).into())
    }
}

fn put_amount(amount: Amount, bytes: &mut Canonical) {
    bytes.decimal(amount.value);
    bytes.currency(amount.currency);
}

/// Adds payments up. Allocates for each payee that it lists, and nothing for each payment.
#[derive(Debug, Default)]
pub struct SummaryBuilder {
    payments: u64,
    sums: BTreeMap<Currency, Decimal>,
    payees: Vec<Payee>,
    /// Where a payee stands among those listed, by account, name and currency.
    places: BTreeMap<String, usize>,
    key: String,
    payments_to_others: u64,
}

impl SummaryBuilder {
    /// Adds a payment.
    ///
    /// # Errors
    /// When it has no amount, or the sums cannot be stated.
    pub fn add(&mut self, payment: &CreditTransfer<'_>) -> Result<(), SummaryError> {
        let (RequestedAmount::Instructed(amount) | RequestedAmount::Equivalent { amount, .. }) =
            payment.amount.ok_or(SummaryError::NoAmount)?;
        if self.sums.len() == CURRENCIES_MAX && !self.sums.contains_key(&amount.currency) {
            return Err(SummaryError::TooManyCurrencies);
        }
        let sum = self.sums.entry(amount.currency).or_insert(Decimal::ZERO);
        *sum = sum.checked_add(amount.value).ok_or(SummaryError::Overflow)?;
        self.payments += 1;
        let account = payment.creditor_account.and_then(|account| account.iban.or(account.other)).unwrap_or_default();
        let name = payment.creditor.and_then(|creditor| creditor.name).unwrap_or_default();
        self.add_to_payee(account, name, amount)
    }

    fn add_to_payee(&mut self, account: &str, name: &str, amount: Amount) -> Result<(), SummaryError> {
        self.key.clear();
        // The account's length keeps the texts apart. Writing into a String cannot fail.
        let _ = write!(self.key, "{} {} {account}{name}", amount.currency, account.len());
        if let Some(payee) = self.places.get(&self.key).and_then(|place| self.payees.get_mut(*place)) {
            payee.payments += 1;
            payee.sum.value = payee.sum.value.checked_add(amount.value).ok_or(SummaryError::Overflow)?;
        } else if self.payees.len() < PAYEES_SHOWN_MAX {
            self.places.insert(self.key.clone(), self.payees.len());
            let (account, name) = (account.to_owned(), name.to_owned());
            self.payees.push(Payee { account, name, payments: 1, sum: amount });
        } else {
            self.payments_to_others += 1;
        }
        Ok(())
    }

    /// What there is to see.
    #[must_use]
    pub fn finish(self) -> Summary {
        let SummaryBuilder { payments, sums, payees, payments_to_others, .. } = self;
        let sums = sums.into_iter().map(|(currency, value)| Amount { value, currency }).collect();
        Summary { payments, sums, payees, payments_to_others }
    }
}
