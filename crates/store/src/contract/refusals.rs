//! Refusals: which payments of a message were refused, and why.

use payments::{MessageId, Refusal};

use crate::StoreError;

/// Reads refusals.
pub trait ReadRefusals {
    /// The refusals of a message, in file order.
    fn refusals_of(&mut self, message: MessageId) -> Result<Vec<Refusal>, StoreError>;

    /// The refusals of a message that touch the payments `first..=last`, in file order. Costs what it finds, and the
    /// ranges of the message, which are few.
    fn refusals_between(&mut self, message: MessageId, first: u32, last: u32) -> Result<Vec<Refusal>, StoreError>;
}

/// Adds refusals; none is ever changed.
pub trait WriteRefusals {
    /// Stores refusals.
    fn insert_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError>;
}
