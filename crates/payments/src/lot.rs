//! Lots: payments of one `PmtInf` block with the same route and execution date, the unit of status and settlement.
//!
//! A batch of 100 000 payments changes status by writing a handful of rows, because a payment's status is its own
//! final exception (a [`Refusal`] that covers it), else its lot's latest status.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::AccountId;
use rulebook::Route;

/// A message's id in the store: the submission that brought it. Grows in the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(pub i64);

/// A lot: its message and its number within it, from 0 in file order. Deterministic, so a restart makes it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LotId {
    /// The message.
    pub message: MessageId,
    /// The lot's number within the message.
    pub number: u32,
}

/// A payment: its message and its place in the file, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PaymentId {
    /// The message.
    pub message: MessageId,
    /// Place in the message, from 0.
    pub ordinal: u32,
}

/// How far a lot has come. Stages only go forward, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Accepted, its execution date lies ahead; its date's limit is reserved.
    Scheduled,
    /// Due, but the account does not have the money yet; waits until the cut-off.
    AwaitingFunds,
    /// Due and covered: a hold exists.
    Held,
    /// Handed to the settlement system; the hold stays until it answers.
    Dispatched,
    /// Booked as far as it was not refused.
    Completed,
    /// Refused as a whole after acceptance.
    Refused,
}

/// How far a lot had come when a decision was taken on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Its stage.
    pub stage: Stage,
    /// Payments below this ordinal had been executed.
    pub executed_below: u32,
    /// So many payments had been refused: a cancellation may change nothing else.
    pub refused_count: u32,
}

/// The ISO 20022 status of a payment, block or message (external codes `ACCP` …).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `PDNG`: waits (for a signature).
    Pending,
    /// `ACCP`: checked and accepted.
    Accepted,
    /// `ACSP`: execution has begun.
    InProcess,
    /// `ACSC`: settled on the debtor's account.
    Settled,
    /// `PART`: some accepted, some refused (groups and blocks only).
    Partial,
    /// `RJCT`.
    Rejected,
}

impl Status {
    /// The four letters.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Status::Pending => "PDNG",
            Status::Accepted => "ACCP",
            Status::InProcess => "ACSP",
            Status::Settled => "ACSC",
            Status::Partial => "PART",
            Status::Rejected => "RJCT",
        }
    }
}

/// A lot as it stands. Amounts in minor units of the debtor account's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// The block (`PmtInf`) it belongs to, from 0.
    pub block: u32,
    /// The account to be debited.
    pub debtor: AccountId,
    /// How it is executed.
    pub route: Route,
    /// When it is executed.
    pub execution_date: Date,
    /// First and last payment in file order; payments in between may belong to other lots or be refused.
    pub first: u32,
    /// Last payment.
    pub last: u32,
    /// Payments accepted into the lot.
    pub count: u32,
    /// Their sum.
    pub total: i64,
    /// The limit of one payment in force when they were accepted. `None`: there was none, or it is not known any more.
    pub limit_per_payment: Option<i64>,
    /// How far it has come.
    pub stage: Stage,
    /// Payments below this ordinal have been executed (booked, or refused in execution).
    pub executed_below: u32,
    /// Sum of payments booked so far.
    pub booked: i64,
    /// Number of payments booked so far.
    pub booked_count: u32,
    /// Sum of payments refused after acceptance.
    pub refused: i64,
    /// Number of payments refused after acceptance.
    pub refused_count: u32,
}

impl fmt::Display for LotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lot {} of message {}", self.number, self.message.0)
    }
}

impl fmt::Display for PaymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "payment {} of message {}", self.ordinal, self.message.0)
    }
}

impl Lot {
    /// How far it has come.
    #[must_use]
    pub const fn position(&self) -> Position {
        let Lot { stage, executed_below, refused_count, .. } = *self;
        Position { stage, executed_below, refused_count }
    }

    /// Minor units of the payments that are neither booked nor refused.
    #[must_use]
    pub const fn open_minor(&self) -> i64 {
        self.total - self.booked - self.refused
    }

    /// How many payments are neither booked nor refused.
    #[must_use]
    pub const fn open_count(&self) -> u32 {
        self.count - self.booked_count - self.refused_count
    }

    /// Minor units on hold for it: what is open of a lot that is due and covered, nothing for any other.
    #[must_use]
    pub const fn open_hold(&self) -> i64 {
        match self.stage {
            Stage::Held | Stage::Dispatched => self.open_minor(),
            _ => 0,
        }
    }

    /// Whether its open payments can be cancelled: nothing that has been handed to the settlement system can.
    #[must_use]
    pub const fn can_be_cancelled(&self) -> bool {
        matches!(self.stage, Stage::Scheduled | Stage::AwaitingFunds | Stage::Held)
    }

    /// Minor units it takes of its execution date's limit: all that was accepted and not refused since.
    #[must_use]
    pub const fn limit_use(&self) -> i64 {
        self.total - self.refused
    }
}

/// When a payment was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalStage {
    /// While the message was checked and accepted.
    Admission,
    /// After acceptance and before settlement: by execution, or because the client cancelled it.
    Execution,
    /// By the settlement system.
    Settlement,
}

/// A final refusal of the payments `first..=last` of a message (only those of `lot`, where it is given). Final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The message.
    pub message: MessageId,
    /// First payment refused.
    pub first: u32,
    /// Last payment refused.
    pub last: u32,
    /// Only payments of this lot, where a range crosses several.
    pub lot: Option<u32>,
    /// How many payments that are.
    pub count: u32,
    /// Catalogue code, `TDAM-4004`.
    pub code: String,
    /// The value or place concerned, shortened; may be empty.
    pub detail: String,
    /// Line of the file where the (first) payment begins; 0 when unknown.
    pub line: u32,
    /// When.
    pub stage: RefusalStage,
}

/// Stands in a refusal's detail between the amount and what it was held against: a limit, or what was left.
pub const HELD_AGAINST: &str = " > ";

impl Refusal {
    /// Whether it refuses the payment at `ordinal`, which belongs to `lot` (`None` when it never got into one).
    #[must_use]
    pub fn covers(&self, ordinal: u32, lot: Option<u32>) -> bool {
        (self.first..=self.last).contains(&ordinal) && (self.lot.is_none() || self.lot == lot)
    }
}

/// Something that happened to a lot. Never changed once written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The lot.
    pub lot: LotId,
    /// The stage it reached.
    pub stage: Stage,
    /// When, by the security clock.
    pub at: Timestamp,
    /// The business day it counted on.
    pub business_day: Date,
    /// Who: an online user, `executor`, `settlement`, an operator.
    pub actor: String,
    /// Catalogue code of the reason, where there is one.
    pub reason: Option<String>,
}
