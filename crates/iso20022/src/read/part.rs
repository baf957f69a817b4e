//! The parts that several messages share, while they are read.

use super::{Arena, Leaf, Omitted, party};
use crate::common::{Account, Agent, CodeOrProprietary, CreditorReference, Party, PaymentType, Remittance};

/// What a group of the selection fills: a shared part at its place in the value being read, or the value's own fields.
pub(crate) enum Part<'p, 'a> {
    /// Nothing shared: the draft itself takes it.
    Own,
    Party(&'p mut Party<'a>),
    /// A party that is there only if it says something.
    OptionalParty(&'p mut Option<Party<'a>>),
    Account(&'p mut Account<'a>),
    Agent(&'p mut Agent<'a>),
    PaymentType(&'p mut PaymentType<'a>),
    Remittance(&'p mut Remittance<'a>),
    Reason(ReasonPart<'p, 'a>),
}

/// A reason with lines of text (`StsRsnInf`, `RtrInf`).
pub(crate) struct ReasonPart<'p, 'a> {
    /// Where the message has an originator.
    pub(crate) originator: Option<&'p mut Option<&'a str>>,
    pub(crate) reason: &'p mut Option<CodeOrProprietary<'a>>,
    pub(crate) lines: &'p mut &'a [&'a str],
}

/// What the place of a line takes in the arena at most: a list begins with four places, and doubles.
const LINE_PLACE_BYTES: usize = 4 * size_of::<&str>();

/// What a shared part needs until it ends. One is enough: shared parts do not stand in each other.
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

    /// Keeps a line. The bound first: what is left out takes no memory.
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

    fn end_party(&mut self) {
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

impl<'a> Part<'_, 'a> {
    /// An element in it begins, or it begins itself.
    #[inline]
    pub(super) fn open(self, field: u8, lines: &mut Lines<'a>) {
        match self {
            Part::Party(party) => party.open(field),
            Part::OptionalParty(_) => party::optional_open(field, lines),
            Part::Remittance(remittance) => remittance.open(field, lines),
            _ => {}
        }
    }

    #[inline]
    pub(super) fn leaf(self, field: u8, leaf: &Leaf<'_, 'a>, lines: &mut Lines<'a>) {
        match self {
            Part::Own => {}
            Part::Party(party) => party.leaf(field, leaf, lines),
            Part::OptionalParty(slot) => party::optional_leaf(slot, field, leaf, lines),
            Part::Account(account) => account.leaf(field, leaf),
            Part::Agent(agent) => agent.leaf(field, leaf),
            Part::PaymentType(payment_type) => payment_type.leaf(field, leaf),
            Part::Remittance(remittance) => remittance.leaf(field, leaf, lines),
            Part::Reason(reason) => reason.leaf(field, leaf, lines),
        }
    }

    /// It ends.
    #[inline]
    pub(super) fn finish(self, lines: &mut Lines<'a>) {
        match self {
            Part::Party(party) => {
                party.postal_address.address_lines = lines.take();
                lines.end_party();
            }
            Part::OptionalParty(slot) => {
                if let Some(party) = slot {
                    party.is_private |= lines.is_private;
                    party.postal_address.address_lines = lines.take();
                }
                lines.end_party();
            }
            Part::Remittance(remittance) => remittance.unstructured = lines.take(),
            Part::Reason(reason) => *reason.lines = lines.take(),
            Part::Own | Part::Account(_) | Part::Agent(_) | Part::PaymentType(_) => {}
        }
    }
}
