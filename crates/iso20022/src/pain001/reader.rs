//! Reads a pain.001: validation and extraction in one pass, a payment at a time.

use std::io::Read;

use xsd::{Bounds, Findings, ReadError};

use super::builder::TransferBuilder;
use super::paths::{BLOCK, HEADER, ITEMS, TRANSFER, collect};
use super::{CreditTransfer, GroupHeader, PaymentInformation};
use crate::MessageType;
use crate::message_type::Kind;
use crate::read::{Arena, Omitted, Step, Walk, selection};

/// The next part of a pain.001, borrowed from the reader until the caller asks for the part after it.
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
pub struct Reader<'i> {
    walk: Walk<'i>,
    arena: Arena,
    blocks: u32,
    transfers: u32,
}

impl<'i> Reader<'i> {
    /// Prepares to read; nothing is read yet.
    ///
    /// # Panics
    /// When the type is no pain.001: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, input: impl Read + 'i, bounds: Bounds) -> Reader<'i> {
        assert!(message_type.kind() == Kind::CreditTransferInitiation, "{message_type} is no pain.001");
        let walk = Walk::new(message_type, selection(message_type, collect), ITEMS, input, bounds);
        Reader { walk, arena: Arena::new(), blocks: 0, transfers: 0 }
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Reader::findings`].
    #[expect(clippy::should_implement_trait, reason = "items borrow from the reader: no Iterator")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        self.arena.reset();
        let Reader { walk, arena, blocks, transfers } = self;
        let arena: &Arena = arena;
        loop {
            match walk.step()? {
                Step::Begin(TRANSFER) => {
                    let block = blocks.saturating_sub(1);
                    let mut builder = TransferBuilder::new(arena, walk.position(), block, *transfers);
                    *transfers = transfers.saturating_add(1);
                    walk.fill(arena, &mut builder)?;
                    return Ok(Some(Item::CreditTransfer(builder.finish())));
                }
                Step::Begin(BLOCK) => {
                    let position = walk.position();
                    let mut head = PaymentInformation { position, block: *blocks, ..PaymentInformation::default() };
                    *blocks = blocks.saturating_add(1);
                    walk.fill(arena, &mut head)?;
                    return Ok(Some(Item::PaymentInformation(head)));
                }
                Step::Begin(HEADER) => {
                    let mut header = GroupHeader { position: walk.position(), ..GroupHeader::default() };
                    walk.fill(arena, &mut header)?;
                    return Ok(Some(Item::GroupHeader(header)));
                }
                Step::End(BLOCK) => {
                    return Ok(Some(Item::EndOfPaymentInformation { block: blocks.saturating_sub(1) }));
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

    /// How many repeated elements were left out because there were more than [`crate::bounds`] allow. Refuse a message
    /// with any, since the reader did not read all of it.
    pub fn omitted(&self) -> u64 {
        self.arena.omitted()
    }

    /// The first of them; `None` where none was, or where an item had no room for its texts.
    pub fn first_omitted(&self) -> Option<Omitted> {
        self.arena.first_omitted()
    }
}
