//! What is kept of each payment beside the columns that are searched: one compact record.
//!
//! Statements, status reports and settlement read it back; it is written once and never changed. One blob a payment
//! keeps storing 100 000 payments a matter of a fraction of a second.

use std::fmt;

/// Which side's classification code a share belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The payer's (`DEBT`).
    Payer,
    /// The payee's (`CRED`).
    Payee,
}

/// A share of the payment under a classification code of budget operations (EKK).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Share<'a> {
    /// Payer's or payee's.
    pub side: Side,
    /// The code.
    pub code: &'a str,
    /// Minor units; `None` when the one code stands for the whole amount.
    pub minor: Option<i64>,
}

/// The details of a payment. Empty texts stand for absent ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PaymentRecord<'a> {
    /// `InstrId`.
    pub instruction_id: &'a str,
    /// `EndToEndId`.
    pub end_to_end_id: &'a str,
    /// `UETR`.
    pub uetr: &'a str,
    /// Payee's name.
    pub creditor_name: &'a str,
    /// Payee's IBAN, compact.
    pub creditor_iban: &'a str,
    /// BIC of the payee's bank.
    pub creditor_bic: &'a str,
    /// Name of the third person paid for, from either level (guideline 2.23, 2.70).
    pub ultimate_debtor_name: &'a str,
    /// Ultimate payee's name.
    pub ultimate_creditor_name: &'a str,
    /// `Purp/Cd`.
    pub purpose: &'a str,
    /// `Ustrd`.
    pub remittance: &'a str,
    /// `Strd/CdtrRefInf/Ref`.
    pub creditor_reference: &'a str,
    /// EKK shares.
    pub shares: Vec<Share<'a>>,
    /// Line of the file the payment begins at.
    pub line: u32,
}

/// A stored record that cannot be read: the database was damaged or written by a newer version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordError;

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a stored payment record cannot be read")
    }
}

impl std::error::Error for RecordError {}
