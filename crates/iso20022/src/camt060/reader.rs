//! Reads a camt.060: one reporting request at a time, and sorts the findings into those that a documented tolerance forgives.

use std::io::Read;
use std::sync::LazyLock;

use xsd::{Bounds, Event, Findings, ReadError, Selection, Validator};

use super::draft::RequestDraft;
use super::{GroupHeader, ReportingRequest, Verdict};
use crate::dialect::Dialect;
use crate::read::{self, Arena, PartyDraft, Paths, keep, place};
use crate::schemas::schema;
use crate::{DateTime, MessageType};

/// Groups of the selection: whose parts the fields are.
pub(super) mod group {
    pub(in crate::camt060) const HEADER: u8 = 1;
    pub(in crate::camt060) const SENDER: u8 = 2;
    pub(in crate::camt060) const REQUEST: u8 = 3;
    pub(in crate::camt060) const ACCOUNT: u8 = 4;
    pub(in crate::camt060) const OWNER: u8 = 5;
    pub(in crate::camt060) const SERVICER: u8 = 6;
    pub(in crate::camt060) const PERIOD: u8 = 7;
    pub(in crate::camt060) const SEQUENCE: u8 = 8;
    pub(in crate::camt060) const TRANSACTION_TYPE: u8 = 9;
    pub(in crate::camt060) const FLOOR_LIMIT: u8 = 10;
    pub(in crate::camt060) const BALANCE_TYPE: u8 = 11;
}

/// Fields of the groups that only this message has.
pub(super) mod field {
    pub(in crate::camt060) const MESSAGE_ID: u8 = 1;
    pub(in crate::camt060) const CREATION_DATE_TIME: u8 = 2;
    pub(in crate::camt060) const ID: u8 = 3;
    pub(in crate::camt060) const REQUESTED_MESSAGE_NAME: u8 = 4;
    pub(in crate::camt060) const FROM_DATE: u8 = 5;
    pub(in crate::camt060) const TO_DATE: u8 = 6;
    pub(in crate::camt060) const FROM_TIME: u8 = 7;
    pub(in crate::camt060) const TO_TIME: u8 = 8;
    pub(in crate::camt060) const QUERY_TYPE: u8 = 9;
    pub(in crate::camt060) const FROM: u8 = 10;
    pub(in crate::camt060) const TO: u8 = 11;
    pub(in crate::camt060) const EQUAL: u8 = 12;
    pub(in crate::camt060) const NOT_EQUAL: u8 = 13;
    pub(in crate::camt060) const STATUS: u8 = 14;
    pub(in crate::camt060) const CREDIT_DEBIT: u8 = 15;
    pub(in crate::camt060) const AMOUNT: u8 = 16;
    pub(in crate::camt060) const CODE: u8 = 17;
    pub(in crate::camt060) const PROPRIETARY: u8 = 18;
    pub(in crate::camt060) const RANGE_FROM: u8 = 19;
    pub(in crate::camt060) const RANGE_TO: u8 = 20;
}

const HEADER: u16 = read::tag(group::HEADER, read::SELF);
const REQUEST: u16 = read::tag(group::REQUEST, read::SELF);

/// The next part of a camt.060, borrowed from the reader until the part after it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "a request is what nearly every item is")]
pub enum Item<'a> {
    /// `GrpHdr`; first.
    GroupHeader(GroupHeader<'a>),
    /// `RptgReq`.
    ReportingRequest(ReportingRequest<'a>),
}

/// Reads a camt.060 of either generation; see [`crate::pain001::Reader`] for how findings and errors differ.
#[derive(Debug)]
pub struct Reader<R: Read> {
    validator: Validator<'static, R>,
    message_type: MessageType,
    arena: Arena,
    requests: u32,
    done: bool,
}

impl<R: Read> Reader<R> {
    /// Prepares to read; nothing is read yet.
    ///
    /// # Panics
    /// When the type is no camt.060: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, input: R, bounds: Bounds) -> Reader<R> {
        let selection = selection(message_type);
        Reader {
            validator: Validator::new(schema(message_type), selection, input, bounds),
            message_type,
            arena: Arena::new(),
            requests: 0,
            done: false,
        }
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Reader::findings`].
    #[expect(clippy::should_implement_trait, reason = "items borrow from the reader: no Iterator")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        self.arena.reset();
        let Reader { validator, arena, requests, done, .. } = self;
        let arena: &Arena = arena;
        while !*done {
            match validator.next()? {
                Event::Open { tag: HEADER, .. } => {
                    let position = place(validator.position());
                    let header = read_header(validator, arena)?;
                    return Ok(Some(Item::GroupHeader(GroupHeader { position, ..header })));
                }
                Event::Open { tag: REQUEST, .. } => {
                    let position = place(validator.position());
                    let ordinal = *requests;
                    *requests = requests.saturating_add(1);
                    let request = read_request(validator, arena)?;
                    return Ok(Some(Item::ReportingRequest(ReportingRequest { position, ordinal, ..request })));
                }
                Event::End => *done = true,
                _ => {}
            }
        }
        Ok(None)
    }

    /// What breaks the schema, as far as the document was read: all of it, whether tolerated or not.
    pub fn findings(&self) -> &Findings {
        self.validator.findings()
    }

    /// The same findings, sorted by the tolerance for what real clients leave out.
    pub fn verdict(&self) -> Verdict<'_> {
        Verdict::new(self.message_type, self.validator.findings())
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
    let (mut message_id, mut creation_date_time) = (None, None);
    let mut sender = PartyDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, .. } => match (read::group(tag), read::field(tag)) {
                (group::HEADER, field::MESSAGE_ID) => keep(&mut message_id, arena, text),
                (group::HEADER, field::CREATION_DATE_TIME) => creation_date_time = DateTime::parse(text).ok(),
                (group::SENDER, part) => sender.leaf(part, arena, text),
                _ => {}
            },
            Event::Open { tag, .. } if read::group(tag) == group::SENDER => sender.open(read::field(tag)),
            Event::Close { tag: HEADER } | Event::End => break,
            Event::Open { .. } | Event::Close { .. } => {}
        }
    }
    Ok(GroupHeader {
        message_id: message_id.unwrap_or_default(),
        creation_date_time,
        sender: sender.finish_if_seen(),
        ..GroupHeader::default()
    })
}

fn read_request<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
) -> Result<ReportingRequest<'a>, ReadError> {
    let mut draft = RequestDraft::new(arena);
    loop {
        match validator.next()? {
            Event::Leaf { tag, text, ref attributes, .. } => draft.leaf(tag, arena, text, attributes),
            Event::Open { tag, .. } => draft.open(tag),
            Event::Close { tag: REQUEST } | Event::End => return Ok(draft.finish()),
            Event::Close { tag } => draft.close(tag),
        }
    }
}

/// The parts of a camt.060 that [`Reader`] looks at.
fn selection(message_type: MessageType) -> &'static Selection {
    static V03: LazyLock<Selection> = LazyLock::new(|| select(MessageType::Camt060V03));
    static V05: LazyLock<Selection> = LazyLock::new(|| select(MessageType::Camt060V05));
    match message_type {
        MessageType::Camt060V03 => &V03,
        MessageType::Camt060V05 => &V05,
        other => panic!("{other} is no account reporting request"),
    }
}

fn select(message_type: MessageType) -> Selection {
    paths(message_type).select(schema(message_type))
}

/// The same as paths.
pub(crate) fn paths(message_type: MessageType) -> Paths {
    let dialect = Dialect::of(message_type);
    let mut paths = Paths::new(dialect);

    let header = "AcctRptgReq/GrpHdr";
    paths.want(header, group::HEADER, read::SELF);
    paths.below(header, group::HEADER, &[("MsgId", field::MESSAGE_ID), ("CreDtTm", field::CREATION_DATE_TIME)]);
    paths.party(&format!("{header}/MsgSndr/Pty"), group::SENDER);

    let request = "AcctRptgReq/RptgReq";
    paths.want(request, group::REQUEST, read::SELF);
    paths.below(request, group::REQUEST, &[("Id", field::ID), ("ReqdMsgNmId", field::REQUESTED_MESSAGE_NAME)]);
    paths.account(&format!("{request}/Acct"), group::ACCOUNT);
    paths.party(&format!("{request}/AcctOwnr/Pty"), group::OWNER);
    paths.agent(&format!("{request}/AcctSvcr"), group::SERVICER);
    let period = format!("{request}/RptgPrd");
    paths.want(&period, group::PERIOD, read::SELF);
    paths.below(
        &period,
        group::PERIOD,
        &[
            ("FrToDt/FrDt", field::FROM_DATE),
            ("FrToDt/ToDt", field::TO_DATE),
            ("FrToTm/FrTm", field::FROM_TIME),
            ("FrToTm/ToTm", field::TO_TIME),
            ("Tp", field::QUERY_TYPE),
        ],
    );
    let transaction_type = format!("{request}/ReqdTxTp");
    paths.want(&transaction_type, group::TRANSACTION_TYPE, read::SELF);
    paths.want(&format!("{transaction_type}/CdtDbtInd"), group::TRANSACTION_TYPE, field::CREDIT_DEBIT);
    if dialect.newer {
        paths.want(&format!("{transaction_type}/Sts/Cd"), group::TRANSACTION_TYPE, field::STATUS);
        paths.below(
            &format!("{request}/RptgSeq"),
            group::SEQUENCE,
            &[
                ("FrSeq", field::FROM),
                ("ToSeq", field::TO),
                ("FrToSeq/FrSeq", field::RANGE_FROM),
                ("FrToSeq/ToSeq", field::RANGE_TO),
                ("EQSeq", field::EQUAL),
                ("NEQSeq", field::NOT_EQUAL),
            ],
        );
    } else {
        paths.want(&format!("{transaction_type}/Sts"), group::TRANSACTION_TYPE, field::STATUS);
    }
    let floor_limit = format!("{transaction_type}/FlrLmt");
    paths.want(&floor_limit, group::FLOOR_LIMIT, read::SELF);
    paths.below(&floor_limit, group::FLOOR_LIMIT, &[("Amt", field::AMOUNT), ("CdtDbtInd", field::CREDIT_DEBIT)]);
    let balance_type = format!("{request}/ReqdBalTp");
    paths.want(&balance_type, group::BALANCE_TYPE, read::SELF);
    paths.below(
        &balance_type,
        group::BALANCE_TYPE,
        &[("CdOrPrtry/Cd", field::CODE), ("CdOrPrtry/Prtry", field::PROPRIETARY)],
    );

    paths
}
