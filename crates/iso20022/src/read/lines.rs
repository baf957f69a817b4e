//! Lines of text that repeat in a shared part, and what else is remembered until the part ends.

use super::{Arena, Omitted};
use crate::common::CreditorReference;

/// The most that the place of a line takes in the arena: a list begins with four places, and doubles.
const LINE_PLACE_BYTES: usize = 4 * size_of::<&str>();

/// The state of a shared part until it ends. One is enough: shared parts do not nest.
pub(crate) struct Lines<'a> {
    arena: &'a Arena,
    /// The lines that repeat in it.
    lines: bumpalo::collections::Vec<'a, &'a str>,
    /// Whether the identification of a party that is being read is the one that is kept.
    pub(super) keeps_identification: bool,
    /// Whether the party gives identifications of a private person.
    pub(super) is_private: bool,
    /// Type and issuer of the creditor reference that is being read.
    pub(super) reference: CreditorReference<'a>,
}

impl<'a> Lines<'a> {
    #[inline]
    pub(super) fn new(arena: &'a Arena) -> Lines<'a> {
        Lines {
            arena,
            lines: arena.list(),
            keeps_identification: false,
            is_private: false,
            reference: CreditorReference::default(),
        }
    }

    /// Keeps a line. The bound comes first, so that an omitted line takes no memory.
    #[inline]
    pub(super) fn push(&mut self, text: &str, element: &'static str, max: usize) {
        if self.lines.len() < max {
            // The first line of each element brings a list into being.
            if self.arena.has_room(LINE_PLACE_BYTES) {
                self.lines.push(self.arena.text(text));
            }
        } else {
            self.arena.omit(Some(Omitted { element, max }));
        }
    }

    pub(super) fn end_party(&mut self) {
        (self.keeps_identification, self.is_private) = (false, false);
    }

    /// Hands the lines over.
    #[inline]
    pub(super) fn take(&mut self) -> &'a [&'a str] {
        if self.lines.is_empty() {
            return &[];
        }
        std::mem::replace(&mut self.lines, self.arena.list()).into_bump_slice()
    }
}
