//! Reads a camt.060: one reporting request at a time, and sorts the findings into those that a documented tolerance forgives.

use std::io::Read;

use xsd::{Bounds, Findings, ReadError};

use super::builder::RequestBuilder;
use super::paths::{HEADER, ITEMS, REQUEST, collect};
use super::{GroupHeader, ReportingRequest, Verdict};
use crate::MessageType;
use crate::message_type::Kind;
use crate::read::{Arena, Omitted, Step, Walk, selection};

/// The next part of a camt.060, borrowed from the reader until the caller asks for the part after it.
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
pub struct Reader<'i> {
    walk: Walk<'i>,
    arena: Arena,
    message_type: MessageType,
    requests: u32,
}

impl<'i> Reader<'i> {
    /// Prepares to read; nothing is read yet.
    ///
    /// # Panics
    /// When the type is no camt.060: that is the caller's mistake, not its data's.
    #[must_use]
    pub fn new(message_type: MessageType, input: impl Read + 'i, bounds: Bounds) -> Reader<'i> {
        assert!(message_type.kind() == Kind::ReportingRequest, "{message_type} is no camt.060");
        let walk = Walk::new(message_type, selection(message_type, collect), ITEMS, input, bounds);
        Reader { walk, arena: Arena::new(), message_type, requests: 0 }
    }

    /// The next part; `None` after the last.
    ///
    /// # Errors
    /// Only what ends reading; departures from the schema are [`Reader::findings`].
    #[expect(clippy::should_implement_trait, reason = "items borrow from the reader: no Iterator")]
    pub fn next(&mut self) -> Result<Option<Item<'_>>, ReadError> {
        self.arena.reset();
        let Reader { walk, arena, requests, .. } = self;
        let arena: &Arena = arena;
        loop {
            match walk.step()? {
                Step::Begin(HEADER) => {
                    let mut header = GroupHeader { position: walk.position(), ..GroupHeader::default() };
                    walk.fill(arena, &mut header)?;
                    return Ok(Some(Item::GroupHeader(header)));
                }
                Step::Begin(REQUEST) => {
                    let mut builder = RequestBuilder::new(arena, walk.position(), *requests);
                    *requests = requests.saturating_add(1);
                    walk.fill(arena, &mut builder)?;
                    return Ok(Some(Item::ReportingRequest(builder.finish())));
                }
                Step::Done => return Ok(None),
                Step::Begin(_) | Step::End(_) => {}
            }
        }
    }

    /// What breaks the schema, as far as the document was read: all of it, whether tolerated or not.
    pub fn findings(&self) -> &Findings {
        self.walk.findings()
    }

    /// The same findings, sorted by the tolerance for what real clients leave out.
    pub fn verdict(&self) -> Verdict<'_> {
        Verdict::new(self.message_type, self.walk.findings())
    }

    /// How many repeated elements were left out because there were more than [`crate::bounds`] allow.
    pub fn omitted(&self) -> u64 {
        self.arena.omitted()
    }

    /// The first of them; `None` where none was, or where an item had no room for its texts.
    pub fn first_omitted(&self) -> Option<Omitted> {
        self.arena.first_omitted()
    }
}
