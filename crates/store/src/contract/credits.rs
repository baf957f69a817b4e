//! Credits from outside the Treasury.

use ledger::CreditId;

use crate::{IncomingCredit, StoreError};

/// Adds credits from outside.
pub trait WriteCredits {
    /// Stores a credit from outside; returns its id. The caller books it in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the payment that it gives back was returned before.
    fn insert_incoming(&mut self, credit: &IncomingCredit) -> Result<CreditId, StoreError>;
}
