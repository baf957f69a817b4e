//! Entries as statements show them.

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{AccountId, EntryKind, EntrySource};
use money::Currency;
use payments::{LotId, PaymentId};

/// A credit from outside the Treasury.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingCredit {
    /// Account credited.
    pub account: AccountId,
    /// Minor units.
    pub minor: i64,
    /// Payer's name.
    pub debtor_name: String,
    /// Payer's IBAN.
    pub debtor_iban: String,
    /// `EndToEndId`.
    pub end_to_end_id: String,
    /// Remittance text.
    pub remittance: String,
    /// What else is known of it: a [`payments::PaymentRecord`], encoded.
    pub record: Option<Vec<u8>>,
    /// The payment of ours that it gives back, if it is a return.
    pub returned: Option<PaymentId>,
    /// When it arrived.
    pub arrived_at: Timestamp,
}

/// The state of a payment's return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnState {
    /// The account took no part in payments, so the money waits with the house.
    Waiting,
    /// The exchange has booked it back.
    BookedBack,
    /// The operator has paid it to the client by hand.
    PaidByHand,
}

/// A return that begins to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWaitingReturn {
    /// The payment that came back.
    pub payment: PaymentId,
    /// Its payer's account.
    pub account: AccountId,
    /// ISO 20022 code of the reason.
    pub reason: String,
    /// When the exchange took the settlement system's answer.
    pub arrived_at: Timestamp,
}

/// A return that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingReturn {
    /// The payment that came back.
    pub payment: PaymentId,
    /// The payment's lot, in its message.
    pub lot: u32,
    /// IBAN of its payer's account.
    pub iban: String,
    /// Minor units.
    pub minor: i64,
    /// Currency of the account.
    pub currency: Currency,
    /// ISO 20022 code of the reason.
    pub reason: String,
    /// When the exchange took the settlement system's answer.
    pub arrived_at: Timestamp,
}

impl WaitingReturn {
    /// The payment's lot.
    #[must_use]
    pub fn lot(&self) -> LotId {
        LotId { message: self.payment.message, number: self.lot }
    }
}

/// Totals of one account on one business day, kept beside the entries so that balances need no summing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountDay {
    /// The business day.
    pub date: Date,
    /// Sum of credits in minor units.
    pub credit: i64,
    /// Number of credits.
    pub credit_count: u64,
    /// Sum of debits in minor units, positive.
    pub debit: i64,
    /// Number of debits.
    pub debit_count: u64,
}

/// An entry of an account as a statement shows it, with the details of its cause.
#[derive(Clone, Copy, Debug)]
pub struct EntryView<'a> {
    /// Position in the order of commits; unique.
    pub sequence: i64,
    /// Business day of booking.
    pub booking_date: Date,
    /// Value date.
    pub value_date: Date,
    /// Minor units, signed.
    pub minor: i64,
    /// What it stands for.
    pub kind: EntryKind,
    /// What caused it.
    pub source: EntrySource,
    /// The details of the cause.
    pub cause: EntryCause<'a>,
}

/// A payment that came back, as its payer named it.
#[derive(Clone, Copy, Debug)]
pub struct Original<'a> {
    /// `MsgId`.
    pub message_id: &'a str,
    /// `PmtInfId`.
    pub payment_information_id: &'a str,
    /// [`payments::PaymentRecord`], encoded.
    pub record: &'a [u8],
}

/// The cause of an entry.
#[derive(Clone, Copy, Debug)]
pub enum EntryCause<'a> {
    /// A payment of a message.
    Payment {
        /// `MsgId`.
        message_id: &'a str,
        /// `PmtInfId`.
        payment_information_id: &'a str,
        /// Payer's name.
        debtor_name: &'a str,
        /// Payer's IBAN.
        debtor_iban: &'a str,
        /// [`payments::PaymentRecord`], encoded.
        record: &'a [u8],
    },
    /// A credit from outside.
    Incoming {
        /// The credit.
        credit: &'a IncomingCredit,
        /// The payment of ours that it gives back, as long as it is kept.
        original: Option<Original<'a>>,
    },
    /// Nothing but the entry itself (opening balance, the house's side of a lot).
    None,
}

/// Which entries of an account are wanted. Reading pages by the last (date, sequence) seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRange {
    /// The account.
    pub account: AccountId,
    /// First booking date.
    pub from: Date,
    /// Last booking date.
    pub to: Date,
    /// Only entries committed up to here.
    pub last_sequence: i64,
    /// Continue after this entry.
    pub after: Option<(Date, i64)>,
    /// `Some(true)` credits only, `Some(false)` debits only.
    pub credits_only: Option<bool>,
    /// At most so many.
    pub limit: u32,
}
