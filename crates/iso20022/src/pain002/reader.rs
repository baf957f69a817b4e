//! Reads a pain.002, for clients and for tests: header, original group, blocks, payment by payment.

use std::io::Read;

use xsd::{Bounds, Findings, ReadError};

use super::builder::{BlockBuilder, GroupBuilder, TransactionBuilder};
use super::paths::{BLOCK, HEADER, ITEMS, ORIGINAL_GROUP, TRANSACTION, collect};
use super::{GroupHeader, OriginalGroup, OriginalPaymentInformation, TransactionStatus};
use crate::MessageType;
use crate::message_type::Kind;
use crate::read::{Arena, Step, Walk, selection};

/// The next part of a pain.002, borrowed from the reader until the caller asks for the part after it.
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

/// Reads a pain.002 of either generation; see [`crate::pain001::Reader`] for how findings and errors differ.
#[derive(Debug)]
pub struct Reader<'i> {
    walk: Walk<'i>,
    arena: Arena,
}

impl<'i> Reader<'i> {
    /// Prepares to read; nothing is read yet.
    ///
    /// # Panics
    /// When the type is no pain.002: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, input: impl Read + 'i, bounds: Bounds) -> Reader<'i> {
        assert!(message_type.kind() == Kind::PaymentStatusReport, "{message_type} is no pain.002");
        let walk = Walk::new(message_type, selection(message_type, collect), ITEMS, input, bounds);
        Reader { walk, arena: Arena::new() }
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Reader::findings`].
    #[expect(clippy::should_implement_trait, reason = "items borrow from the reader: no Iterator")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        self.arena.reset();
        let Reader { walk, arena } = self;
        let arena: &Arena = arena;
        loop {
            match walk.step()? {
                Step::Begin(TRANSACTION) => {
                    let mut builder = TransactionBuilder::new(arena);
                    walk.fill(arena, &mut builder)?;
                    return Ok(Some(Item::Transaction(builder.finish())));
                }
                Step::Begin(BLOCK) => {
                    let mut builder = BlockBuilder::new(arena);
                    walk.fill(arena, &mut builder)?;
                    return Ok(Some(Item::PaymentInformation(builder.finish())));
                }
                Step::Begin(ORIGINAL_GROUP) => {
                    let mut builder = GroupBuilder::new(arena);
                    walk.fill(arena, &mut builder)?;
                    return Ok(Some(Item::OriginalGroup(builder.finish())));
                }
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
