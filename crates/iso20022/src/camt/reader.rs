//! Reads a camt.052, camt.053 or camt.054: header, reports, entries, transactions, one at a time.

use std::io::Read;

use xsd::{Bounds, Findings, ReadError};

use super::entry_builder::{EndOfEntryBuilder, EntryBuilder, TransactionBuilder};
use super::paths::{ENTRY, HEADER, ITEMS, REPORT, TRANSACTION, collect};
use super::report_builder::ReportBuilder;
use super::{Entry, GroupHeader, Report, TransactionDetails};
use crate::MessageType;
use crate::message_type::Kind;
use crate::read::{Arena, Step, Walk, selection};

/// The next part of a report, borrowed from the reader until the caller asks for the part after it.
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

/// Reads a report of any of the six types; see [`crate::pain001::Reader`] for how findings and errors differ.
///
/// Of several `NtryDtls` of an entry the first one's `Btch` is given.
#[derive(Debug)]
pub struct Reader<'i> {
    walk: Walk<'i>,
    arena: Arena,
    /// `AddtlNtryInf` may be read with the entry's head, and is given at its end.
    entry_information: String,
}

impl<'i> Reader<'i> {
    /// Prepares to read; nothing is read yet.
    ///
    /// # Panics
    /// When the type is no camt.052, camt.053 or camt.054: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, input: impl Read + 'i, bounds: Bounds) -> Reader<'i> {
        assert!(message_type.kind() == Kind::AccountReport, "{message_type} is no account report");
        let walk = Walk::new(message_type, selection(message_type, collect), ITEMS, input, bounds);
        Reader { walk, arena: Arena::new(), entry_information: String::new() }
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Reader::findings`].
    #[expect(clippy::should_implement_trait, reason = "items borrow from the reader: no Iterator")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        self.arena.reset();
        let Reader { walk, arena, entry_information } = self;
        let arena: &Arena = arena;
        loop {
            match walk.step()? {
                Step::Begin(TRANSACTION) => {
                    let mut builder = TransactionBuilder::new(arena);
                    walk.fill(arena, &mut builder)?;
                    return Ok(Some(Item::Transaction(builder.finish())));
                }
                Step::Begin(ENTRY) => {
                    let mut builder = EntryBuilder::new(entry_information);
                    walk.fill(arena, &mut builder)?;
                    return Ok(Some(Item::Entry(builder.entry)));
                }
                // What of the entry stands between its transactions and behind them.
                Step::End(TRANSACTION) => walk.fill(arena, &mut EndOfEntryBuilder(entry_information))?,
                Step::End(ENTRY) => {
                    let text = entry_information.as_str();
                    return Ok(Some(Item::EndOfEntry { additional_information: (!text.is_empty()).then_some(text) }));
                }
                Step::Begin(REPORT) => {
                    let mut builder = ReportBuilder::new(arena);
                    walk.fill(arena, &mut builder)?;
                    return Ok(Some(Item::Report(builder.finish())));
                }
                Step::End(REPORT) => return Ok(Some(Item::EndOfReport)),
                Step::Begin(HEADER) => {
                    let mut header = GroupHeader::default();
                    walk.fill(arena, &mut header)?;
                    return Ok(Some(Item::GroupHeader(header)));
                }
                Step::Done => return Ok(None),
                Step::Begin(_) | Step::End(_) => {}
            }
        }
    }

    /// What breaks the schema, as far as the document was read.
    pub fn findings(&self) -> &Findings {
        self.walk.findings()
    }

    /// How many repeated elements were left out because there were more than [`crate::bounds`] allow.
    pub fn omitted(&self) -> u64 {
        self.arena.omitted()
    }
}
