//! Reads a pain.002, for clients and for tests: header, original group, blocks, payment by payment.

use std::io::Read;
use std::sync::LazyLock;

use money::Decimal;
use xsd::{Bounds, Event, Findings, ReadError, Selection, Validator};

use super::draft::{HeaderDraft, StatusDraft, TransactionDraft};
use super::{GroupHeader, OriginalGroup, OriginalPaymentInformation, TransactionStatus};
use crate::MessageType;
use crate::dialect::Dialect;
use crate::read::{self, Arena, Paths, keep};
use crate::schemas::schema;

/// Groups of the selection: whose parts the fields are.
pub(super) mod group {
    pub(in crate::pain002) const HEADER: u8 = 1;
    pub(in crate::pain002) const INITIATING_PARTY: u8 = 2;
    pub(in crate::pain002) const FORWARDING_AGENT: u8 = 3;
    pub(in crate::pain002) const HEADER_DEBTOR_AGENT: u8 = 4;
    pub(in crate::pain002) const ORIGINAL_GROUP: u8 = 5;
    pub(in crate::pain002) const BLOCK: u8 = 6;
    pub(in crate::pain002) const TRANSACTION: u8 = 7;
    /// `StsRsnInf` at any of the three levels.
    pub(in crate::pain002) const REASON: u8 = 8;
    /// `NbOfTxsPerSts` at either level.
    pub(in crate::pain002) const TOTAL: u8 = 9;
    pub(in crate::pain002) const ORIGINAL: u8 = 10;
    pub(in crate::pain002) const DEBTOR_ACCOUNT: u8 = 11;
    pub(in crate::pain002) const CREDITOR_AGENT: u8 = 12;
    pub(in crate::pain002) const CREDITOR_ACCOUNT: u8 = 13;
    pub(in crate::pain002) const REMITTANCE: u8 = 14;
}

/// Fields of the groups that only this message has.
pub(super) mod field {
    pub(in crate::pain002) const MESSAGE_ID: u8 = 1;
    pub(in crate::pain002) const CREATION_DATE_TIME: u8 = 2;
    pub(in crate::pain002) const MESSAGE_NAME: u8 = 3;
    pub(in crate::pain002) const NUMBER_OF_TRANSACTIONS: u8 = 4;
    pub(in crate::pain002) const CONTROL_SUM: u8 = 5;
    pub(in crate::pain002) const STATUS: u8 = 6;
    pub(in crate::pain002) const PAYMENT_INFORMATION_ID: u8 = 7;
    pub(in crate::pain002) const STATUS_ID: u8 = 8;
    pub(in crate::pain002) const INSTRUCTION_ID: u8 = 9;
    pub(in crate::pain002) const END_TO_END_ID: u8 = 10;
    pub(in crate::pain002) const UETR: u8 = 11;
    pub(in crate::pain002) const ACCEPTANCE_DATE_TIME: u8 = 12;
    pub(in crate::pain002) const SERVICER_REFERENCE: u8 = 13;
    pub(in crate::pain002) const INSTRUCTED_AMOUNT: u8 = 14;
    pub(in crate::pain002) const REQUESTED_EXECUTION_DATE: u8 = 15;
    pub(in crate::pain002) const DEBTOR_NAME: u8 = 16;
    pub(in crate::pain002) const CREDITOR_NAME: u8 = 17;
}

const HEADER: u16 = read::tag(group::HEADER, read::SELF);
const ORIGINAL_GROUP: u16 = read::tag(group::ORIGINAL_GROUP, read::SELF);
const BLOCK: u16 = read::tag(group::BLOCK, read::SELF);
const TRANSACTION: u16 = read::tag(group::TRANSACTION, read::SELF);

/// The next part of a pain.002, borrowed from the reader until the part after it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// `GrpHdr`; first.
    GroupHeader(GroupHeader<'a>),
    /// `OrgnlGrpInfAndSts`.
    OriginalGroup(OriginalGroup<'a>),
    /// The head of an `OrgnlPmtInfAndSts`; its payments follow.
    PaymentInformation(OriginalPaymentInformation<'a>),
    /// A payment of the block given last.
    Transaction(TransactionStatus<'a>),
}

/// Where in the message the reader stands.
#[derive(Clone, Copy, Debug)]
enum State {
    Between,
    /// The start of a `TxInfAndSts` has been read already.
    AtTransaction,
    Done,
}

/// Reads a pain.002 of either generation; see [`crate::pain001::Reader`] for how findings and errors differ.
#[derive(Debug)]
pub struct Reader<R: Read> {
    validator: Validator<'static, R>,
    arena: Arena,
    state: State,
}

impl<R: Read> Reader<R> {
    /// Prepares to read; nothing is read yet.
    ///
    /// # Panics
    /// When the type is no pain.002: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, input: R, bounds: Bounds) -> Reader<R> {
        let selection = selection(message_type);
        Reader {
            validator: Validator::new(schema(message_type), selection, input, bounds),
            arena: Arena::new(),
            state: State::Between,
        }
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Reader::findings`].
    #[expect(clippy::should_implement_trait, reason = "items borrow from the reader: no Iterator")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        self.arena.reset();
        let Reader { validator, arena, state } = self;
        let arena: &Arena = arena;
        loop {
            match *state {
                State::Done => return Ok(None),
                State::AtTransaction => {
                    *state = State::Between;
                    return Ok(Some(Item::Transaction(read_transaction(validator, arena)?)));
                }
                State::Between => match validator.next()? {
                    Event::Open { tag: HEADER, .. } => {
                        return Ok(Some(Item::GroupHeader(read_header(validator, arena)?)));
                    }
                    Event::Open { tag: ORIGINAL_GROUP, .. } => {
                        return Ok(Some(Item::OriginalGroup(read_original_group(validator, arena)?)));
                    }
                    Event::Open { tag: BLOCK, .. } => {
                        return Ok(Some(Item::PaymentInformation(read_block(validator, arena, state)?)));
                    }
                    Event::Open { tag: TRANSACTION, .. } => *state = State::AtTransaction,
                    Event::End => *state = State::Done,
                    _ => {}
                },
            }
        }
    }

    /// What breaks the schema, as far as the document was read.
    pub fn findings(&self) -> &Findings {
        self.validator.findings()
    }

    /// How many repeated elements were left out because there were more than [`crate::bounds`] allow.
    pub fn omitted(&self) -> u64 {
        self.arena.omitted()
    }
}

fn read_header<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
) -> Result<GroupHeader<'a>, ReadError> {
    let mut draft = HeaderDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, .. } => draft.leaf(tag, arena, text),
            Event::Open { tag, .. } => draft.open(tag),
            Event::Close { tag: HEADER } | Event::End => return Ok(draft.finish()),
            Event::Close { .. } => {}
        }
    }
}

fn read_original_group<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
) -> Result<OriginalGroup<'a>, ReadError> {
    let (mut message_id, mut message_name, mut created) = (None, None, None);
    let (mut number_of_transactions, mut control_sum) = (None, None);
    let mut status = StatusDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, .. } => match (read::group(tag), read::field(tag)) {
                (group::ORIGINAL_GROUP, field::MESSAGE_ID) => keep(&mut message_id, arena, text),
                (group::ORIGINAL_GROUP, field::MESSAGE_NAME) => keep(&mut message_name, arena, text),
                (group::ORIGINAL_GROUP, field::CREATION_DATE_TIME) => keep(&mut created, arena, text),
                (group::ORIGINAL_GROUP, field::NUMBER_OF_TRANSACTIONS) => number_of_transactions = text.parse().ok(),
                (group::ORIGINAL_GROUP, field::CONTROL_SUM) => control_sum = Decimal::parse(text).ok(),
                _ => status.leaf(tag, arena, text),
            },
            Event::Open { tag, .. } => status.open(tag, arena),
            Event::Close { tag: ORIGINAL_GROUP } | Event::End => break,
            Event::Close { tag } => status.close(tag),
        }
    }
    let (status, reasons, transactions_per_status) = status.finish();
    Ok(OriginalGroup {
        message_id: message_id.unwrap_or_default(),
        message_name: message_name.unwrap_or_default(),
        creation_date_time: created,
        number_of_transactions,
        control_sum,
        status,
        reasons,
        transactions_per_status,
    })
}

/// Reads up to the first payment, or the end of a block without one.
fn read_block<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
    state: &mut State,
) -> Result<OriginalPaymentInformation<'a>, ReadError> {
    let mut payment_information_id = None;
    let (mut number_of_transactions, mut control_sum) = (None, None);
    let mut status = StatusDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, .. } => match (read::group(tag), read::field(tag)) {
                (group::BLOCK, field::PAYMENT_INFORMATION_ID) => keep(&mut payment_information_id, arena, text),
                (group::BLOCK, field::NUMBER_OF_TRANSACTIONS) => number_of_transactions = text.parse().ok(),
                (group::BLOCK, field::CONTROL_SUM) => control_sum = Decimal::parse(text).ok(),
                _ => status.leaf(tag, arena, text),
            },
            Event::Open { tag: TRANSACTION, .. } => {
                *state = State::AtTransaction;
                break;
            }
            Event::Open { tag, .. } => status.open(tag, arena),
            Event::Close { tag: BLOCK } | Event::End => break,
            Event::Close { tag } => status.close(tag),
        }
    }
    let (status, reasons, transactions_per_status) = status.finish();
    Ok(OriginalPaymentInformation {
        payment_information_id: payment_information_id.unwrap_or_default(),
        number_of_transactions,
        control_sum,
        status,
        reasons,
        transactions_per_status,
    })
}

fn read_transaction<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
) -> Result<TransactionStatus<'a>, ReadError> {
    let mut draft = TransactionDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, ref attributes, .. } => draft.leaf(tag, arena, text, attributes),
            Event::Open { tag, .. } => draft.open(tag, arena),
            Event::Close { tag: TRANSACTION } | Event::End => return Ok(draft.finish()),
            Event::Close { tag } => draft.close(tag),
        }
    }
}

/// The parts of a pain.002 that [`Reader`] looks at.
fn selection(message_type: MessageType) -> &'static Selection {
    static V03: LazyLock<Selection> = LazyLock::new(|| select(MessageType::Pain002V03));
    static V10: LazyLock<Selection> = LazyLock::new(|| select(MessageType::Pain002V10));
    match message_type {
        MessageType::Pain002V03 => &V03,
        MessageType::Pain002V10 => &V10,
        other => panic!("{other} is no payment status report"),
    }
}

fn select(message_type: MessageType) -> Selection {
    let dialect = Dialect::of(message_type);
    let mut paths = Paths::new(dialect);

    let header = "CstmrPmtStsRpt/GrpHdr";
    paths.want(header, group::HEADER, read::SELF);
    paths.below(header, group::HEADER, &[("MsgId", field::MESSAGE_ID), ("CreDtTm", field::CREATION_DATE_TIME)]);
    paths.party(&format!("{header}/InitgPty"), group::INITIATING_PARTY);
    paths.agent(&format!("{header}/FwdgAgt"), group::FORWARDING_AGENT);
    paths.agent(&format!("{header}/DbtrAgt"), group::HEADER_DEBTOR_AGENT);

    let original_group = "CstmrPmtStsRpt/OrgnlGrpInfAndSts";
    paths.want(original_group, group::ORIGINAL_GROUP, read::SELF);
    paths.below(
        original_group,
        group::ORIGINAL_GROUP,
        &[
            ("OrgnlMsgId", field::MESSAGE_ID),
            ("OrgnlMsgNmId", field::MESSAGE_NAME),
            ("OrgnlCreDtTm", field::CREATION_DATE_TIME),
            ("OrgnlNbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("OrgnlCtrlSum", field::CONTROL_SUM),
            ("GrpSts", field::STATUS),
        ],
    );
    reasons_and_totals(&mut paths, original_group);

    let block = "CstmrPmtStsRpt/OrgnlPmtInfAndSts";
    paths.want(block, group::BLOCK, read::SELF);
    paths.below(
        block,
        group::BLOCK,
        &[
            ("OrgnlPmtInfId", field::PAYMENT_INFORMATION_ID),
            ("OrgnlNbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("OrgnlCtrlSum", field::CONTROL_SUM),
            ("PmtInfSts", field::STATUS),
        ],
    );
    reasons_and_totals(&mut paths, block);

    let transaction = "CstmrPmtStsRpt/OrgnlPmtInfAndSts/TxInfAndSts";
    paths.want(transaction, group::TRANSACTION, read::SELF);
    paths.below(
        transaction,
        group::TRANSACTION,
        &[
            ("StsId", field::STATUS_ID),
            ("OrgnlInstrId", field::INSTRUCTION_ID),
            ("OrgnlEndToEndId", field::END_TO_END_ID),
            ("TxSts", field::STATUS),
            ("AccptncDtTm", field::ACCEPTANCE_DATE_TIME),
            ("AcctSvcrRef", field::SERVICER_REFERENCE),
        ],
    );
    paths.reason(&format!("{transaction}/StsRsnInf"), group::REASON);
    let original = format!("{transaction}/OrgnlTxRef");
    paths.want(&original, group::ORIGINAL, read::SELF);
    paths.want(&format!("{original}/Amt/InstdAmt"), group::ORIGINAL, field::INSTRUCTED_AMOUNT);
    let generation: &[_] = if dialect.newer {
        paths.want(&format!("{transaction}/OrgnlUETR"), group::TRANSACTION, field::UETR);
        &[
            ("ReqdExctnDt/Dt", field::REQUESTED_EXECUTION_DATE),
            ("ReqdExctnDt/DtTm", field::REQUESTED_EXECUTION_DATE),
            ("Dbtr/Pty/Nm", field::DEBTOR_NAME),
            ("Cdtr/Pty/Nm", field::CREDITOR_NAME),
        ]
    } else {
        &[
            ("ReqdExctnDt", field::REQUESTED_EXECUTION_DATE),
            ("Dbtr/Nm", field::DEBTOR_NAME),
            ("Cdtr/Nm", field::CREDITOR_NAME),
        ]
    };
    paths.below(&original, group::ORIGINAL, generation);
    paths.remittance(&format!("{original}/RmtInf"), group::REMITTANCE);
    paths.account(&format!("{original}/DbtrAcct"), group::DEBTOR_ACCOUNT);
    paths.agent(&format!("{original}/CdtrAgt"), group::CREDITOR_AGENT);
    paths.account(&format!("{original}/CdtrAcct"), group::CREDITOR_ACCOUNT);

    paths.select(schema(message_type))
}

fn reasons_and_totals(paths: &mut Paths, root: &str) {
    paths.reason(&format!("{root}/StsRsnInf"), group::REASON);
    let totals = format!("{root}/NbOfTxsPerSts");
    paths.want(&totals, group::TOTAL, read::SELF);
    paths.below(
        &totals,
        group::TOTAL,
        &[
            ("DtldNbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("DtldSts", field::STATUS),
            ("DtldCtrlSum", field::CONTROL_SUM),
        ],
    );
}
