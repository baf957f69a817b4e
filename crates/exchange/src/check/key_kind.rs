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
    /// The same without type and issuer of the reference, documents and further lines, of a payment that has such. It is only
    /// looked for: earlier versions kept all payments under it.
    PlainContent,
}

impl KeyKind {
    /// What a payment with such a duplicate is told.
    pub(crate) const fn code(self) -> Code {
        match self {
            KeyKind::EndToEndId => Code::EndToEndIdUsed,
            KeyKind::InstructionId => Code::InstructionIdUsed,
            KeyKind::Content | KeyKind::PlainContent => Code::SameContent,
        }
    }

    /// Whether payments are kept under it, or only looked for.
    pub(crate) const fn is_kept(self) -> bool {
        !matches!(self, KeyKind::PlainContent)
    }
}
