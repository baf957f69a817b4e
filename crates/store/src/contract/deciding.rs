//! What a decision about a message reads and writes, and nothing else.
//!
//! Everything that a decision rests on comes through [`Deciding`]: a new rule extends this trait. A transaction fulfils
//! it, and so does the session in which the store runs many decisions together (`crate::together`), so that groups never
//! have a rule of their own.

use jiff::civil::Date;

use super::{
    AddAudit, AddEvidence, AddLots, AddSubmissions, FindMessages, ReadAccounts, ReadBusinessDay, ReadDuplicates,
    ReadIdentity, ReadPayments, WriteBook, WriteMessages, WriteRefusals, WriteStaging,
};
use crate::{ClientId, DuplicateKey, Fingerprint};

/// What the assessment of a message looks up, in a snapshot, a transaction or a group of decisions.
pub trait LookingUp: FindMessages + ReadAccounts + ReadDuplicates + ReadPayments {}

impl<S: FindMessages + ReadAccounts + ReadDuplicates + ReadPayments + ?Sized> LookingUp for S {}

/// A decision about a message. It reads before it writes: what it has written, only later decisions see.
pub trait Deciding:
    LookingUp
    + AddAudit
    + AddEvidence
    + AddLots
    + AddSubmissions
    + ReadBusinessDay
    + ReadIdentity
    + WriteBook
    + WriteMessages
    + WriteRefusals
    + WriteStaging
{
}

/// What a decision is going to read, as far as its message shows, so that the store can load it for many decisions at
/// once. What is missing here a decision reads by itself, at the price of a round trip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadAhead {
    /// Who submitted it.
    pub certificate: Fingerprint,
    /// The sender's client.
    pub client: ClientId,
    /// `MsgId`.
    pub message_id: String,
    /// IBANs of the accounts that it debits; the store locks those that are the client's.
    pub debtor_ibans: Vec<String>,
    /// IBANs of the accounts of ours that it credits.
    pub creditor_ibans: Vec<String>,
    /// The days on which it debits.
    pub dates: Vec<Date>,
    /// Keys of its payments.
    pub keys: Vec<DuplicateKey>,
    /// The `PmtInfId` of its blocks.
    pub payment_information_ids: Vec<String>,
    /// How many payments it has.
    pub payments: usize,
}
