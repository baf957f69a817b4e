//! Reads a camt.052, camt.053 or camt.054: header, reports, entries, transactions, one at a time.

use std::io::Read;

use xsd::{Bounds, Event, Findings, ReadError, Validator};

use super::entry_draft::{EntryDraft, TransactionDraft};
use super::paths::{BALANCE, ENTRY, ENTRY_INFORMATION, HEADER, REPORT, TRANSACTION, selection};
use super::report_draft::{HeaderDraft, ReportDraft};
use super::{Entry, GroupHeader, Report, TransactionDetails};
use crate::MessageType;
use crate::read::{Arena, within_bounds};
use crate::schemas::schema;

/// The next part of a report, borrowed from the reader until the part after it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "entries and transactions are what nearly every item is")]
pub enum Item<'a> {
    /// `GrpHdr`; first.
    GroupHeader(GroupHeader<'a>),
    /// The head of a report, statement or notification; its entries follow.
    Report(Report<'a>),
    /// An entry; its transactions follow. In an invalid report an amount that cannot be read is 0 XXX.
    Entry(Entry<'a>),
    /// A transaction of the entry given last.
    Transaction(TransactionDetails<'a>),
    /// The end of an entry.
    EndOfEntry {
        /// `AddtlNtryInf`.
        additional_information: Option<&'a str>,
    },
    /// The end of a report, statement or notification.
    EndOfReport,
}

/// Where in the message the reader stands. `At…` has been read already.
#[derive(Clone, Copy, Debug)]
enum State {
    BetweenReports,
    InReport,
    AtEntry,
    InEntry,
    AtTransaction,
    AtEndOfEntry,
    AtEndOfReport,
    Done,
}

/// Reads a report of any of the six types; see [`crate::pain001::Reader`] for how findings and errors differ.
///
/// Of several `NtryDtls` of an entry the first one's `Btch` is given.
#[derive(Debug)]
pub struct Reader<R: Read> {
    validator: Validator<'static, R>,
    arena: Arena,
    state: State,
    /// `AddtlNtryInf` may be read with the entry's head, and is given at its end.
    entry_information: String,
}

impl<R: Read> Reader<R> {
    /// Prepares to read; nothing is read yet.
    ///
    /// # Panics
    /// When the type is no camt.052, camt.053 or camt.054: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, input: R, bounds: Bounds) -> Reader<R> {
        let selection = selection(message_type);
        Reader {
            validator: Validator::new(schema(message_type), selection, input, bounds),
            arena: Arena::new(),
            state: State::BetweenReports,
            entry_information: String::new(),
        }
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Reader::findings`].
    #[expect(clippy::should_implement_trait, reason = "items borrow from the reader: no Iterator")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        self.arena.reset();
        let Reader { validator, arena, state, entry_information } = self;
        let arena: &Arena = arena;
        loop {
            match *state {
                State::Done => return Ok(None),
                State::AtEntry => {
                    entry_information.clear();
                    return Ok(Some(Item::Entry(read_entry(validator, arena, state, entry_information)?)));
                }
                State::AtTransaction => {
                    *state = State::InEntry;
                    return Ok(Some(Item::Transaction(read_transaction(validator, arena)?)));
                }
                State::AtEndOfEntry => {
                    *state = State::InReport;
                    let text = entry_information.as_str();
                    return Ok(Some(Item::EndOfEntry { additional_information: (!text.is_empty()).then_some(text) }));
                }
                State::AtEndOfReport => {
                    *state = State::BetweenReports;
                    return Ok(Some(Item::EndOfReport));
                }
                State::InEntry => match validator.next()? {
                    Event::Open { tag: TRANSACTION, .. } => *state = State::AtTransaction,
                    Event::Leaf { tag: ENTRY_INFORMATION, text, .. } => keep_information(entry_information, text),
                    Event::Close { tag: ENTRY } => *state = State::AtEndOfEntry,
                    Event::End => *state = State::Done,
                    _ => {}
                },
                State::InReport => match validator.next()? {
                    Event::Open { tag: ENTRY, .. } => *state = State::AtEntry,
                    Event::Close { tag: REPORT } => *state = State::AtEndOfReport,
                    Event::End => *state = State::Done,
                    _ => {}
                },
                State::BetweenReports => match validator.next()? {
                    Event::Open { tag: HEADER, .. } => {
                        return Ok(Some(Item::GroupHeader(read_header(validator, arena)?)));
                    }
                    Event::Open { tag: REPORT, .. } => {
                        return Ok(Some(Item::Report(read_report(validator, arena, state)?)));
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

    /// How many repeated elements were left out because there were more than [`crate::bounds`] allow.
    pub fn omitted(&self) -> u64 {
        self.arena.omitted()
    }
}

fn keep_information(kept: &mut String, text: &str) {
    if kept.is_empty() {
        kept.push_str(within_bounds(text));
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

/// Reads up to the first entry, or the end of a report without one.
fn read_report<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
    state: &mut State,
) -> Result<Report<'a>, ReadError> {
    let mut draft = ReportDraft::new(arena);
    *state = loop {
        match validator.next()? {
            Event::Leaf { tag, text, ref attributes, .. } => draft.leaf(tag, arena, text, attributes),
            Event::Open { tag: ENTRY, .. } => break State::AtEntry,
            Event::Open { tag, .. } => draft.open(tag),
            Event::Close { tag: REPORT } | Event::End => break State::AtEndOfReport,
            Event::Close { tag: BALANCE } => draft.end_balance(),
            Event::Close { .. } => {}
        }
    };
    Ok(draft.finish())
}

/// Reads up to the first transaction, or the end of an entry without one.
fn read_entry<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
    state: &mut State,
    information: &mut String,
) -> Result<Entry<'a>, ReadError> {
    let mut draft = EntryDraft::default();
    *state = loop {
        match validator.next()? {
            Event::Leaf { tag: ENTRY_INFORMATION, text, .. } => keep_information(information, text),
            Event::Leaf { tag, text, ref attributes, .. } => draft.leaf(tag, arena, text, attributes),
            Event::Open { tag: TRANSACTION, .. } => break State::AtTransaction,
            Event::Open { tag, .. } => draft.open(tag),
            Event::Close { tag: ENTRY } | Event::End => break State::AtEndOfEntry,
            Event::Close { .. } => {}
        }
    };
    Ok(draft.finish())
}

fn read_transaction<'a, R: Read>(
    validator: &mut Validator<'static, R>,
    arena: &'a Arena,
) -> Result<TransactionDetails<'a>, ReadError> {
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
