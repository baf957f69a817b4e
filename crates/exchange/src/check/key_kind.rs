//! What two payments can have in common, so that one of them is a duplicate.

use rulebook::catalogue::Code;

/// What two payments have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum KeyKind {
    /// `EndToEndId` (DU04).
    EndToEndId,
    /// `InstrId` (DU05).
    InstructionId,
    /// Payer, payee, amount, date and remittance with its references and documents (AM05): a file sent again under new
    /// identifiers.
    Content,
    /// The same without type and issuer of the reference, documents and further lines, of a payment that has such. The
    /// exchange only searches it: earlier versions stored all payments under it.
    PlainContent,
}

impl KeyKind {
    /// How many keys most payments have.
    pub(crate) const OF_A_PAYMENT: usize = 3;

    /// The refusal's code for such a duplicate.
    pub(crate) const fn code(self) -> Code {
        match self {
            KeyKind::EndToEndId => Code::EndToEndIdUsed,
            KeyKind::InstructionId => Code::InstructionIdUsed,
            KeyKind::Content | KeyKind::PlainContent => Code::SameContent,
        }
    }

    /// Whether the store keeps payments under it, or the exchange only searches them.
    pub(crate) const fn is_kept(self) -> bool {
        !matches!(self, KeyKind::PlainContent)
    }
}
