//! What is stored, as values.

use ipnet::IpNet;
use jiff::Timestamp;
use jiff::civil::Date;
use ledger::{Account, AccountId, EntryKind, EntrySource};
use payments::{MessageId, PaymentId};

/// Identifies a client (institution).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId(pub i64);

/// Identifies an online user (a client's information system).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OnlineUserId(pub i64);

/// SHA-256 of a certificate's DER.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

/// SHA-256 of the decoded XML of a body.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyHash(pub [u8; 32]);

/// What a client wants done with a message in which some payments must be refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AcceptancePolicy {
    /// All payments or none.
    AllOrNothing,
    /// The good ones (PART), every refused one with its reason.
    Partial,
}

/// An institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// Its name.
    pub name: String,
    /// Registration number.
    pub registration_number: String,
    /// What happens to a message with some bad payments.
    pub acceptance: AcceptancePolicy,
}

/// What an online user may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccessMode {
    /// `tiešsaistē skatīt`: reports and status.
    View,
    /// `tiešsaistē vadīt`: the same, and payments.
    Manage,
}

/// A client's information system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineUser {
    /// Its id.
    pub id: OnlineUserId,
    /// Whose it is.
    pub client: ClientId,
    /// Its name.
    pub name: String,
    /// View or manage.
    pub mode: AccessMode,
    /// Last day on which the registration is valid (3 years from the application).
    pub registration_valid_until: Date,
    /// Where requests may come from; never empty.
    pub allowed_networks: Vec<IpNet>,
}

/// An X.509 certificate of an online user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// SHA-256 of its DER.
    pub fingerprint: Fingerprint,
    /// Whose it is.
    pub user: OnlineUserId,
    /// Serial number, hexadecimal.
    pub serial: String,
    /// Valid from.
    pub not_before: Timestamp,
    /// Valid until.
    pub not_after: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

/// Who stands behind a certificate: all that authorisation asks on every request, in one look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The certificate.
    pub certificate: Certificate,
    /// Its online user.
    pub user: OnlineUser,
    /// The client.
    pub client: Client,
}

/// What an account is for (domain: kinds of Treasury accounts).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the Treasury's own kinds of accounts")]
pub enum AccountKind {
    BudgetExpenditure,
    Donation,
    ProgrammeBalance,
    UnplannedFunds,
    DepositedFunds,
    Settlement,
    Revenue,
    Bailiff,
    Loan,
}

/// An account of the Treasury: the ledger's account with its IBAN and owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreasuryAccount {
    /// The ledger's part.
    pub ledger: Account,
    /// IBAN; the house's own accounts have one too.
    pub iban: String,
    /// The owner; `None` for the house.
    pub client: Option<ClientId>,
    /// The owner's name as statements show it.
    pub owner_name: String,
    /// What it is for.
    pub kind: AccountKind,
}

/// Where the bytes of a body are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyPlace {
    /// In the row itself.
    Inline(Vec<u8>),
    /// In a file of this name in the store's folder, synced before the row was written.
    File(String),
}

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

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmissionState {
    /// Durable, not answered yet: continued after a restart.
    Received,
    /// Became a message; the answer is the message's.
    Consumed,
    /// The same bytes as an earlier message, or a message id used before: what was answered, as problem or pain.002.
    Refused {
        /// The problem as the exchange serialised it.
        problem: Vec<u8>,
    },
}

/// A submission as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its id, and the message's if it becomes one.
    pub id: MessageId,
    /// What was received.
    pub received: NewSubmission,
    /// What became of it.
    pub state: SubmissionState,
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

/// What a duplicate check looks for. The hash covers kind, client and value; a hit is verified against the payment.
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
    /// The key that was looked for.
    pub hash: i64,
    /// The payment looked at.
    pub ordinal: u32,
    /// The payment that had the key before.
    pub earlier: PaymentId,
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
    /// The payment of ours that it gives back, if it is a return.
    pub returned: Option<PaymentId>,
    /// When it arrived.
    pub arrived_at: Timestamp,
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

/// An entry of an account as a statement shows it, with what is known of its cause.
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
    /// What is known of the cause.
    pub cause: EntryCause<'a>,
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
    Incoming(&'a IncomingCredit),
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

/// A report that was asked for: fixed at that moment, so that its pages always agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Its id; unguessable is not needed, since only its online user may read it.
    pub id: i64,
    /// Who asked.
    pub user: OnlineUserId,
    /// `camt.052.001.08` …
    pub message_type: String,
    /// `MsgId` of the report.
    pub message_id: String,
    /// `MsgId` of the camt.060.
    pub request_message_id: String,
    /// The account.
    pub account: AccountId,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// `ElctrncSeqNb`.
    pub number: i64,
    /// Last sequence that belongs to it.
    pub last_sequence: i64,
    /// Whether the last day was closed when the report was made.
    pub last_day_closed: bool,
    /// `Some(true)` credits only, `Some(false)` debits only.
    pub credits_only: Option<bool>,
    /// Booked balance before the first day.
    pub opening: i64,
    /// Totals of what it covers.
    pub totals: AccountDay,
    /// When.
    pub created_at: Timestamp,
}

/// A line of the audit chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// When.
    pub at: Timestamp,
    /// Who: online user, operator or part of the system.
    pub actor: String,
    /// What: `payments.accepted`, `certificate.revoked` …
    pub action: String,
    /// On what, and anything worth knowing. No names of persons, no content of payments.
    pub detail: String,
}

/// An audit line as chained: each hash covers the line and the hash before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainedAuditLine {
    /// Position, from 1, without gaps.
    pub sequence: i64,
    /// The line.
    pub line: AuditLine,
    /// SHA-256 over the previous hash and this line.
    pub hash: [u8; 32],
}

/// What one of the house's accounts is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HousePurpose {
    /// The house's account at the settlement system: the other side of SEPA payments and incoming credits.
    Settlement,
    /// The other side of opening balances.
    Opening,
}
