//! Arguments and results of the use cases, as values for the layers above.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::access::signed_body::SignedBody;
use crate::notices::end::End;
use iso20022::MessageType;
use iso20022::common::Amount;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{AccountId, AccountState, Limits};
use money::{Currency, Decimal, Money};
use payments::{MessageId, RefusalStage, Status};
use store::{AccessMode, AccountKind, OnlineUserId, ReportId};

use crate::status::reason::RefusalReason;

/// Whether a submission is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It is to be executed.
    #[default]
    Execute,
    /// It is checked as if it were (funds included) and leaves nothing but an audit line.
    Test,
}

/// How a submission is to be treated.
#[derive(Clone, Debug, Default)]
pub struct SubmitOptions {
    /// The request's id, for records and logs.
    pub request_id: String,
    /// How long the caller is willing to wait for the answer. Then it gets a receipt and comes back.
    pub wait: Duration,
    /// Meant, or only tried.
    pub mode: Mode,
    /// What the signature of the request covers, if it has one.
    pub signed: Option<SignedBody>,
    /// Resources that the work holds until it is done.
    pub held: Held,
}

/// Something that is dropped when the work on a submission is done, also when its caller has left long before.
#[derive(Clone, Default)]
pub struct Held(Option<Arc<dyn Any + Send + Sync>>);

impl Held {
    /// Holds a value.
    pub fn new(value: impl Any + Send + Sync) -> Held {
        Held(Some(Arc::new(value)))
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("anything", &self.0.is_some()).finish()
    }
}

/// The state of a submission so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// The answer: the first complete pain.002.
    Answer {
        /// The pain.002's type.
        message_type: MessageType,
        /// The pain.002.
        pain002: Vec<u8>,
        /// Whether the answer had been given before.
        repeated: bool,
    },
    /// It is durable and will be answered: come back for [`crate::Exchange::outcome`].
    InProgress {
        /// By which to ask again.
        submission: MessageId,
        /// The pain.002's type.
        message_type: MessageType,
        /// A pain.002 with `RCVD`: a receipt, not the answer.
        receipt: Vec<u8>,
    },
}

/// A pain.002 that says how things stand now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusAnswer {
    /// Its type.
    pub message_type: MessageType,
    /// The message.
    pub pain002: Vec<u8>,
}

/// How a message stands now, as values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageOverview {
    /// `MsgId`.
    pub message_id: String,
    /// `pain.001.001.09` …
    pub message_type: String,
    /// `CreDtTm` as written.
    pub creation_date_time: String,
    /// When it was consumed.
    pub consumed_at: Timestamp,
    /// Status of the group.
    pub status: Status,
    /// `NbOfTxs` as stated.
    pub number_of_transactions: u64,
    /// `CtrlSum` as stated.
    pub control_sum: Option<String>,
    /// How many payments are in which status.
    pub counts: Vec<StatusCount>,
    /// The blocks (`PmtInf`), in order.
    pub blocks: Vec<BlockOverview>,
    /// Why the message as a whole was refused, where it was.
    pub reasons: Vec<RefusalReason>,
    /// Refused payments with reason, in file order, up to a bound.
    pub refused: Vec<RefusedPayments>,
    /// How many payments are refused in all.
    pub refused_total: u64,
}

/// How many payments are in a status, and what they add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusCount {
    /// The status.
    pub status: Status,
    /// How many.
    pub count: u64,
    /// Their exact sum; `None` when it is not known.
    pub total: Option<Decimal>,
    /// Currency of the sum; `None` for refused payments, of which each may name another.
    pub currency: Option<Currency>,
}

/// A block as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockOverview {
    /// `PmtInfId`.
    pub payment_information_id: String,
    /// The account debited; empty for a message refused as a whole.
    pub debtor_iban: String,
    /// `ReqdExctnDt` as asked for.
    pub requested_execution_date: Option<Date>,
    /// Status of the block.
    pub status: Status,
    /// Why all of it is refused, where a reason covers it.
    pub reasons: Vec<RefusalReason>,
    /// Which of its payments are executed on another day than requested.
    pub notices: Vec<RefusalReason>,
    /// How many payments are in which status.
    pub counts: Vec<StatusCount>,
}

/// Payments `first..=last` refused for one reason; mostly a single one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedPayments {
    /// First payment, from 0 in file order.
    pub first: u32,
    /// Last payment.
    pub last: u32,
    /// How many of them are meant.
    pub count: u32,
    /// The block, from 0; `None` when it is not known.
    pub block: Option<u32>,
    /// `EndToEndId` of the (first) payment.
    pub end_to_end_id: Option<String>,
    /// Amount of the (first) payment as the file states it; `None` when it is none that could be booked and the
    /// answer does not name it.
    pub amount: Option<Amount>,
    /// Payee of the (first) payment.
    pub creditor_name: Option<String>,
    /// Why.
    pub reasons: Vec<RefusalReason>,
    /// Line of the file where the (first) payment begins; 0 when unknown.
    pub line: u32,
    /// When it was refused.
    pub stage: RefusalStage,
}

/// A report that was ordered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportHandle {
    /// By which its pages are read.
    pub report: ReportId,
    /// Its type.
    pub message_type: MessageType,
    /// The account.
    pub iban: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// How many pages it has; at least one.
    pub pages: u32,
}

/// One page of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportPage {
    /// The account.
    pub account: AccountId,
    /// Its type.
    pub message_type: MessageType,
    /// The message.
    pub xml: Vec<u8>,
    /// Which page, from 1.
    pub page: u32,
    /// How many the report has.
    pub pages: u32,
}

/// An account as its client sees it. Amounts are in minor units of its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountOverview {
    /// IBAN.
    pub iban: String,
    /// The owner's name as statements show it.
    pub owner_name: String,
    /// What it is for.
    pub kind: AccountKind,
    /// Open, blocked or closed.
    pub state: AccountState,
    /// Booked balance.
    pub balance: Money,
    /// Amount held for payments that are due.
    pub held: Money,
    /// Amount still available.
    pub available: Money,
    /// Limits of payments that are executed on the business day.
    pub limits: Limits,
    /// Whether this caller may debit it.
    pub may_debit: bool,
}

/// Whether a caller is connected, and for how long it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// The client's name.
    pub client: String,
    /// The online user.
    pub online_user: OnlineUserId,
    /// Its name.
    pub online_user_name: String,
    /// View or manage.
    pub mode: AccessMode,
    /// Until when the certificate is valid.
    pub certificate_not_after: Timestamp,
    /// Last day of the registration.
    pub registration_valid_until: Date,
    /// The business day.
    pub business_day: Date,
    /// The time here.
    pub now: Timestamp,
    /// When certificate and registration end.
    pub ends: [End; 2],
    /// The change of the authority of the server's certificate, when one is announced.
    pub authority_change: Option<End>,
}
