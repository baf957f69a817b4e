//! Received data: bodies, messages, blocks, payments, and duplicate keys.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use ledger::AccountId;
use payments::{LotId, MessageId, PaymentId};

use super::body_place::BodyPlace;
use crate::{ClientId, Fingerprint, OnlineUserId};

/// SHA-256 of the decoded XML of a body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyHash(pub [u8; 32]);

/// A body as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBody {
    /// SHA-256 of the decoded bytes.
    pub hash: BodyHash,
    /// Size in bytes.
    pub size: u64,
    /// Where it is.
    pub place: BodyPlace,
}

/// A body that may be removed when it has been kept long enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RemovableBody {
    /// Its message.
    pub message: MessageId,
    /// Its hash, which stays.
    pub hash: BodyHash,
    /// Its bytes.
    pub size: u64,
}

/// A received body that is to become a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSubmission {
    /// Who sent it.
    pub user: OnlineUserId,
    /// The sender's client.
    pub client: ClientId,
    /// With which certificate.
    pub certificate: Fingerprint,
    /// The request's id.
    pub request_id: String,
    /// When it was complete.
    pub received_at: Timestamp,
    /// The bytes.
    pub body: StoredBody,
}

/// The state of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmissionState {
    /// Durable, not answered yet: continued after a restart.
    Received,
    /// Became a message; the answer is the message's.
    Consumed,
    /// The same bytes as an earlier message, or a message id used before: the answer, as problem or pain.002.
    Refused {
        /// The problem as the exchange serialised it.
        problem: Vec<u8>,
    },
    /// The work on it has ended too many processes: it waits for an operator, who retries or refuses it.
    SetAside {
        /// The answer meanwhile, as the exchange serialised it.
        problem: Vec<u8>,
    },
}

/// A submission as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its id, and the message's if it becomes one.
    pub id: MessageId,
    /// The received submission.
    pub received: NewSubmission,
    /// Its state.
    pub state: SubmissionState,
    /// How often the work on it has begun, on whichever node.
    pub attempts: u32,
}

/// Work other than that on submissions that has begun and not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkAttempts {
    /// Its name.
    pub work: String,
    /// How often it has begun, on whichever node.
    pub attempts: u32,
    /// When it was set aside; `None` while it may be tried again.
    pub set_aside_at: Option<Timestamp>,
}

/// The name of a message, and when it was consumed, by the clock and by the business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageName {
    /// Which message.
    pub id: MessageId,
    /// `MsgId`.
    pub message_id: String,
    /// When it was consumed.
    pub consumed_at: Timestamp,
    /// The business day that was open when its first payments were decided on; `None` where none was accepted.
    pub business_day: Option<Date>,
}

/// A consumed message: (client, `MsgId`) belongs to it for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id (that of its submission).
    pub id: MessageId,
    /// The client.
    pub client: ClientId,
    /// The online user that sent it.
    pub user: OnlineUserId,
    /// `MsgId`.
    pub message_id: String,
    /// `pain.001.001.09` …
    pub message_type: String,
    /// `CreDtTm` as written.
    pub creation_date_time: String,
    /// SHA-256 of its bytes.
    pub hash: BodyHash,
    /// `NbOfTxs` as stated.
    pub number_of_transactions: u64,
    /// `CtrlSum` as stated.
    pub control_sum: Option<String>,
    /// How many payments were stored (0 for a message refused as a whole).
    pub payments: u32,
    /// When it was consumed.
    pub consumed_at: Timestamp,
    /// The answer: the first complete pain.002, byte for byte.
    pub answer: Vec<u8>,
}

/// A `PmtInf` block of an accepted message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The message.
    pub message: MessageId,
    /// Which block, from 0.
    pub number: u32,
    /// `PmtInfId`.
    pub payment_information_id: String,
    /// `NbOfTxs` as stated.
    pub number_of_transactions: u64,
    /// `CtrlSum` as stated.
    pub control_sum: Option<String>,
    /// The account to be debited; `None` when the block was refused before it was known.
    pub debtor_account: Option<AccountId>,
    /// `Dbtr/Nm`.
    pub debtor_name: String,
    /// `DbtrAcct` IBAN, compact.
    pub debtor_iban: String,
    /// `ReqdExctnDt` as asked for.
    pub requested_execution_date: Option<Date>,
    /// First payment of the block.
    pub first: u32,
    /// How many payments it holds.
    pub count: u32,
}

/// A payment to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentRow<'a> {
    /// Place in the message, from 0.
    pub ordinal: u32,
    /// The block.
    pub block: u32,
    /// The lot it belongs to; `None` when it was refused before it got one.
    pub lot: Option<u32>,
    /// Minor units.
    pub minor: i64,
    /// The payee's account where it is one of ours.
    pub creditor: Option<AccountId>,
    /// [`payments::PaymentRecord`], encoded.
    pub record: &'a [u8],
}

/// A payment as read back for execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredPayment<'a> {
    /// Place in the message.
    pub ordinal: u32,
    /// Its block.
    pub block: u32,
    /// Its lot.
    pub lot: Option<u32>,
    /// Minor units.
    pub minor: i64,
    /// The payee's account where it is one of ours.
    pub creditor: Option<AccountId>,
    /// [`payments::PaymentRecord`], encoded.
    pub record: &'a [u8],
}

/// Payments of a lot that are read, within these places of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotRange {
    /// The lot.
    pub lot: LotId,
    /// The first place.
    pub first: u32,
    /// The last place.
    pub last: u32,
    /// So many payments at most.
    pub limit: u32,
}

/// A key of the duplicate check. The hash covers kind, client and value; the exchange verifies a hit against the
/// payment.
///
/// Keys lie in the order of their hashes. When the upper bits (16, say) are a hash of the client alone, a client's keys
/// lie together, and storing many of them touches few pages for any length of all clients' history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DuplicateKey {
    /// 64 bits of a keyed hash.
    pub hash: i64,
    /// The payment it was made of.
    pub ordinal: u32,
}

/// A payment of an accepted message that has the same key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DuplicateHit {
    /// The searched key.
    pub hash: i64,
    /// The checked payment.
    pub ordinal: u32,
    /// The payment that had the key before.
    pub earlier: PaymentId,
}

impl fmt::Debug for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BodyHash({self})")
    }
}

/// Lower-case hexadecimal.
impl fmt::Display for BodyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
