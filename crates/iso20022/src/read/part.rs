//! The parts that several messages share, while they are read.

use super::lines::Lines;
use super::{Leaf, party};
use crate::common::{Account, Agent, CodeOrProprietary, Party, PaymentType, Remittance};

/// The target of a group of the selection: a shared part at its place in the value, or the value's own fields.
pub(crate) enum Part<'p, 'a> {
    /// Nothing shared: the builder itself takes it.
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
