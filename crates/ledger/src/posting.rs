//! Entries and journals, always in balance.

use std::fmt;

use jiff::civil::Date;
use money::Currency;

use crate::AccountId;

/// The kind of an entry on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// Opening balance when the account was brought into the ledger.
    Opening,
    /// A transfer between two accounts of this ledger.
    InternalTransfer,
    /// A SEPA credit transfer out of, or into, this ledger.
    SepaTransfer,
    /// Money back for a payment that had been settled.
    Return,
}

/// Identifies a credit that came in from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CreditId(pub i64);

impl fmt::Display for CreditId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What caused an entry; with the account it makes the entry unique (its stable reference is made of it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntrySource {
    /// Payment `ordinal` of message `message`.
    Payment {
        /// The message's id in the store.
        message: i64,
        /// The payment's place in the message, from 0.
        ordinal: u32,
    },
    /// The house's side of `lot` of `message`, one sum for the payments `first..=last`.
    Lot {
        /// The message's id in the store.
        message: i64,
        /// The lot's number within the message.
        lot: u32,
        /// First payment covered.
        first: u32,
    },
    /// A credit that came in from outside; the money of a returned payment is one too.
    Incoming {
        /// The incoming credit's id.
        id: CreditId,
    },
    /// The opening balance of an account.
    Opening,
}

/// One side of a booking. Positive amounts are credits (the account has more), negative ones debits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The account booked.
    pub account: AccountId,
    /// Minor units, signed.
    pub minor: i64,
    /// Its kind.
    pub kind: EntryKind,
    /// What caused it.
    pub source: EntrySource,
    /// The other account, where it is one of this ledger's and not the house's.
    pub counter_account: Option<AccountId>,
}

/// Entries that are booked together, or not at all. Their amounts add up to zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Journal {
    /// The business day they are booked on.
    pub booking_date: Date,
    /// The day interest counts from.
    pub value_date: Date,
    /// The one currency of all entries.
    pub currency: Currency,
    /// The entries.
    pub entries: Vec<Entry>,
}

/// Why a set of entries is no journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JournalError {
    /// The amounts do not add up to zero.
    Unbalanced {
        /// What remains.
        remainder: i128,
    },
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JournalError::Unbalanced { remainder } => write!(f, "the entries leave a remainder of {remainder}"),
        }
    }
}

impl std::error::Error for JournalError {}

impl Journal {
    /// Checks that the entries balance.
    ///
    /// # Errors
    /// When they do not.
    pub fn check(&self) -> Result<(), JournalError> {
        let remainder: i128 = self.entries.iter().map(|entry| i128::from(entry.minor)).sum();
        if remainder == 0 { Ok(()) } else { Err(JournalError::Unbalanced { remainder }) }
    }
}
