//! Reads a pain.001: validation and extraction in one pass, a payment at a time.

use std::io::Read;
use std::sync::LazyLock;

use xsd::{Bounds, Event, Findings, ReadError, Selection, Validator};

use super::draft::{BlockDraft, HeaderDraft, TransferDraft};
use super::{CreditTransfer, GroupHeader, PaymentInformation};
use crate::common::Position;
use crate::dialect::Dialect;
use crate::read::{Arena, Paths, place};
use crate::schemas::schema;
use crate::{MessageType, read};

/// Groups of the selection: whose parts the fields are.
pub(super) mod group {
    pub(in crate::pain001) const HEADER: u8 = 1;
    pub(in crate::pain001) const INITIATING_PARTY: u8 = 2;
    pub(in crate::pain001) const BLOCK: u8 = 3;
    pub(in crate::pain001) const BLOCK_PAYMENT_TYPE: u8 = 4;
    pub(in crate::pain001) const DEBTOR: u8 = 5;
    pub(in crate::pain001) const DEBTOR_ACCOUNT: u8 = 6;
    pub(in crate::pain001) const DEBTOR_AGENT: u8 = 7;
    pub(in crate::pain001) const BLOCK_ULTIMATE_DEBTOR: u8 = 8;
    pub(in crate::pain001) const TRANSFER: u8 = 9;
    pub(in crate::pain001) const PAYMENT_TYPE: u8 = 10;
    pub(in crate::pain001) const ULTIMATE_DEBTOR: u8 = 11;
    pub(in crate::pain001) const CREDITOR_AGENT: u8 = 12;
    pub(in crate::pain001) const CREDITOR: u8 = 13;
    pub(in crate::pain001) const CREDITOR_ACCOUNT: u8 = 14;
    pub(in crate::pain001) const ULTIMATE_CREDITOR: u8 = 15;
    pub(in crate::pain001) const REMITTANCE: u8 = 16;
    pub(in crate::pain001) const REGULATORY: u8 = 17;
}

/// Fields of the groups that only this message has.
pub(super) mod field {
    pub(in crate::pain001) const MESSAGE_ID: u8 = 1;
    pub(in crate::pain001) const CREATION_DATE_TIME: u8 = 2;
    pub(in crate::pain001) const NUMBER_OF_TRANSACTIONS: u8 = 3;
    pub(in crate::pain001) const CONTROL_SUM: u8 = 4;
    pub(in crate::pain001) const PAYMENT_INFORMATION_ID: u8 = 5;
    pub(in crate::pain001) const PAYMENT_METHOD: u8 = 6;
    pub(in crate::pain001) const BATCH_BOOKING: u8 = 7;
    pub(in crate::pain001) const REQUESTED_EXECUTION_DATE: u8 = 8;
    pub(in crate::pain001) const CHARGE_BEARER: u8 = 9;
    pub(in crate::pain001) const INSTRUCTION_ID: u8 = 10;
    pub(in crate::pain001) const END_TO_END_ID: u8 = 11;
    pub(in crate::pain001) const UETR: u8 = 12;
    pub(in crate::pain001) const INSTRUCTED_AMOUNT: u8 = 13;
    pub(in crate::pain001) const EQUIVALENT_AMOUNT: u8 = 14;
    pub(in crate::pain001) const CURRENCY_OF_TRANSFER: u8 = 15;
    pub(in crate::pain001) const PURPOSE: u8 = 16;
    pub(in crate::pain001) const INDICATOR: u8 = 17;
    pub(in crate::pain001) const DETAIL: u8 = 18;
    pub(in crate::pain001) const DETAIL_TYPE: u8 = 19;
    pub(in crate::pain001) const DETAIL_COUNTRY: u8 = 20;
    pub(in crate::pain001) const DETAIL_CODE: u8 = 21;
    pub(in crate::pain001) const DETAIL_AMOUNT: u8 = 22;
}

const HEADER: u16 = read::tag(group::HEADER, read::SELF);
const BLOCK: u16 = read::tag(group::BLOCK, read::SELF);
const TRANSFER: u16 = read::tag(group::TRANSFER, read::SELF);

/// The next part of a pain.001, borrowed from the reader until the part after it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a payment is what nearly every item is")]
pub enum Item<'a> {
    /// `GrpHdr`; first.
    GroupHeader(GroupHeader<'a>),
    /// The head of a `PmtInf` block; its payments follow.
    PaymentInformation(PaymentInformation<'a>),
    /// A payment of the block given last.
    CreditTransfer(CreditTransfer<'a>),
    /// The end of a block.
    EndOfPaymentInformation {
        /// Which block it was, from 0.
        block: u32,
    },
}

/// Where in the message the reader stands.
#[derive(Clone, Copy, Debug)]
enum State {
    BetweenBlocks,
    InBlock,
    /// The start of a payment has been read already.
    AtTransfer(Position),
    /// The end of the block has been read already.
    AtEndOfBlock,
    Done,
}

/// Reads a pain.001 of either generation.
///
/// One pass validates and extracts. What breaks the schema is in [`Reader::findings`] and does not stop reading: the items
/// hold what could be read, and the caller decides when [`Reader::next`] has given `None`. An error ends reading: the
/// document is not well-formed, or passes a bound.
///
/// ```no_run
/// use iso20022::MessageType;
/// use iso20022::pain001::{Item, Reader};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let file = std::fs::File::open("payments.xml")?;
/// let mut reader = Reader::new(MessageType::Pain001V09, file, xsd::Bounds::default());
/// while let Some(item) = reader.next()? {
///     if let Item::CreditTransfer(payment) = item {
///         println!("{} {:?}", payment.end_to_end_id, payment.amount);
///     }
/// }
/// assert!(reader.findings().is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Reader<R: Read> {
    validator: Validator<'static, R>,
    arena: Arena,
    state: State,
    blocks: u32,
    transfers: u32,
}

impl<R: Read> Reader<R> {
    /// Prepares to read; nothing is read yet.
    ///
    /// # Panics
    /// When the type is no pain.001: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, input: R, bounds: Bounds) -> Reader<R> {
        let selection = selection(message_type);
        Reader {
            validator: Validator::new(schema(message_type), selection, input, bounds),
            arena: Arena::new(),
            state: State::BetweenBlocks,
            blocks: 0,
            transfers: 0,
        }
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Reader::findings`].
    #[expect(clippy::should_implement_trait, reason = "items borrow from the reader: no Iterator")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        self.arena.reset();
        let Reader { validator, arena, state, blocks, transfers } = self;
        let arena: &Arena = arena;
        loop {
            match *state {
                State::Done => return Ok(None),
                State::AtEndOfBlock => {
                    *state = State::BetweenBlocks;
                    return Ok(Some(Item::EndOfPaymentInformation { block: blocks.saturating_sub(1) }));
                }
                State::AtTransfer(position) => {
                    *state = State::InBlock;
                    let ordinal = *transfers;
                    *transfers = transfers.saturating_add(1);
                    return read_transfer(validator, arena, (position, blocks.saturating_sub(1), ordinal));
                }
                State::InBlock => match validator.next()? {
                    Event::Open { tag: TRANSFER, .. } => *state = State::AtTransfer(place(validator.position())),
                    Event::Close { tag: BLOCK } => *state = State::AtEndOfBlock,
                    Event::End => *state = State::Done,
                    _ => {}
                },
                State::BetweenBlocks => match validator.next()? {
                    Event::Open { tag: HEADER, .. } => {
                        let position = place(validator.position());
                        let header = read_header(validator, arena)?;
                        return Ok(Some(Item::GroupHeader(header.finish(position))));
                    }
                    Event::Open { tag: BLOCK, .. } => {
                        let position = place(validator.position());
                        let block = *blocks;
                        *blocks = blocks.saturating_add(1);
                        let head = read_block(validator, arena, state)?;
                        return Ok(Some(Item::PaymentInformation(head.finish(position, block))));
                    }
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

    /// How many repeated elements were left out because there were more than [`crate::bounds`] allow. A message with any
    /// should be refused: what was read of it is not all that it says.
    pub fn omitted(&self) -> u64 {
        self.arena.omitted()
    }
}

fn read_header<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
) -> Result<HeaderDraft<'a>, ReadError> {
    let mut draft = HeaderDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, .. } => draft.leaf(tag, arena, text),
            Event::Open { tag, .. } => draft.open(tag),
            Event::Close { tag: HEADER } | Event::End => return Ok(draft),
            Event::Close { .. } => {}
        }
    }
}

/// Reads up to the first payment, or the end of a block without one.
fn read_block<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
    state: &mut State,
) -> Result<BlockDraft<'a>, ReadError> {
    let mut draft = BlockDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, .. } => draft.leaf(tag, arena, text),
            Event::Open { tag: TRANSFER, .. } => {
                *state = State::AtTransfer(place(validator.position()));
                return Ok(draft);
            }
            Event::Open { tag, .. } => draft.open(tag),
            Event::Close { tag: BLOCK } | Event::End => {
                *state = State::AtEndOfBlock;
                return Ok(draft);
            }
            Event::Close { .. } => {}
        }
    }
}

/// Makes the item itself: a payment is large, and moving it about costs more than reading some of its elements.
fn read_transfer<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
    (position, block, ordinal): (Position, u32, u32),
) -> Result<Option<Item<'a>>, ReadError> {
    let mut draft = TransferDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, ref attributes, .. } => draft.leaf(tag, arena, text, attributes),
            Event::Open { tag, .. } => draft.open(tag),
            Event::Close { tag: TRANSFER } | Event::End => {
                return Ok(Some(Item::CreditTransfer(draft.finish(position, block, ordinal))));
            }
            Event::Close { tag } => draft.close(tag),
        }
    }
}

/// The parts of a pain.001 that [`Reader`] looks at.
fn selection(message_type: MessageType) -> &'static Selection {
    static V03: LazyLock<Selection> = LazyLock::new(|| select(MessageType::Pain001V03));
    static V09: LazyLock<Selection> = LazyLock::new(|| select(MessageType::Pain001V09));
    match message_type {
        MessageType::Pain001V03 => &V03,
        MessageType::Pain001V09 => &V09,
        other => panic!("{other} is no credit transfer initiation"),
    }
}

fn select(message_type: MessageType) -> Selection {
    paths(message_type).select(schema(message_type))
}

/// The same as paths.
pub(crate) fn paths(message_type: MessageType) -> Paths {
    let dialect = Dialect::of(message_type);
    let mut paths = Paths::new(dialect);

    let header = "CstmrCdtTrfInitn/GrpHdr";
    paths.want(header, group::HEADER, read::SELF);
    paths.below(
        header,
        group::HEADER,
        &[
            ("MsgId", field::MESSAGE_ID),
            ("CreDtTm", field::CREATION_DATE_TIME),
            ("NbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("CtrlSum", field::CONTROL_SUM),
        ],
    );
    paths.party(&format!("{header}/InitgPty"), group::INITIATING_PARTY);

    let block = "CstmrCdtTrfInitn/PmtInf";
    paths.want(block, group::BLOCK, read::SELF);
    paths.below(
        block,
        group::BLOCK,
        &[
            ("PmtInfId", field::PAYMENT_INFORMATION_ID),
            ("PmtMtd", field::PAYMENT_METHOD),
            ("BtchBookg", field::BATCH_BOOKING),
            ("NbOfTxs", field::NUMBER_OF_TRANSACTIONS),
            ("CtrlSum", field::CONTROL_SUM),
            ("ChrgBr", field::CHARGE_BEARER),
        ],
    );
    let execution_dates: &[_] = if dialect.newer {
        &[("ReqdExctnDt/Dt", field::REQUESTED_EXECUTION_DATE), ("ReqdExctnDt/DtTm", field::REQUESTED_EXECUTION_DATE)]
    } else {
        &[("ReqdExctnDt", field::REQUESTED_EXECUTION_DATE)]
    };
    paths.below(block, group::BLOCK, execution_dates);
    paths.payment_type(&format!("{block}/PmtTpInf"), group::BLOCK_PAYMENT_TYPE);
    paths.party(&format!("{block}/Dbtr"), group::DEBTOR);
    paths.account(&format!("{block}/DbtrAcct"), group::DEBTOR_ACCOUNT);
    paths.agent(&format!("{block}/DbtrAgt"), group::DEBTOR_AGENT);
    paths.party(&format!("{block}/UltmtDbtr"), group::BLOCK_ULTIMATE_DEBTOR);

    let transfer = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf";
    paths.want(transfer, group::TRANSFER, read::SELF);
    paths.below(
        transfer,
        group::TRANSFER,
        &[
            ("PmtId/InstrId", field::INSTRUCTION_ID),
            ("PmtId/EndToEndId", field::END_TO_END_ID),
            ("Amt/InstdAmt", field::INSTRUCTED_AMOUNT),
            ("Amt/EqvtAmt/Amt", field::EQUIVALENT_AMOUNT),
            ("Amt/EqvtAmt/CcyOfTrf", field::CURRENCY_OF_TRANSFER),
            ("ChrgBr", field::CHARGE_BEARER),
            ("Purp/Cd", field::PURPOSE),
        ],
    );
    if dialect.newer {
        paths.want(&format!("{transfer}/PmtId/UETR"), group::TRANSFER, field::UETR);
    }
    paths.payment_type(&format!("{transfer}/PmtTpInf"), group::PAYMENT_TYPE);
    paths.party(&format!("{transfer}/UltmtDbtr"), group::ULTIMATE_DEBTOR);
    paths.agent(&format!("{transfer}/CdtrAgt"), group::CREDITOR_AGENT);
    paths.party(&format!("{transfer}/Cdtr"), group::CREDITOR);
    paths.account(&format!("{transfer}/CdtrAcct"), group::CREDITOR_ACCOUNT);
    paths.party(&format!("{transfer}/UltmtCdtr"), group::ULTIMATE_CREDITOR);
    paths.remittance(&format!("{transfer}/RmtInf"), group::REMITTANCE);
    let regulatory = format!("{transfer}/RgltryRptg");
    paths.want(&regulatory, group::REGULATORY, read::SELF);
    paths.below(
        &regulatory,
        group::REGULATORY,
        &[
            ("DbtCdtRptgInd", field::INDICATOR),
            ("Dtls", field::DETAIL),
            ("Dtls/Tp", field::DETAIL_TYPE),
            ("Dtls/Ctry", field::DETAIL_COUNTRY),
            ("Dtls/Cd", field::DETAIL_CODE),
            ("Dtls/Amt", field::DETAIL_AMOUNT),
        ],
    );

    paths
}
