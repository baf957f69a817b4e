//! Credits from outside the Treasury, and returns that wait.

use std::collections::HashMap;

use ledger::CreditId;
use payments::PaymentId;

use crate::{IncomingCredit, NewWaitingReturn, ReturnState, StoreError, WaitingReturn};

/// Reads returns.
pub trait ReadCredits {
    /// The states of the returns of these payments; a payment that never came back has none. A transaction that has loaded
    /// the payer's account ([`crate::WriteAccounts::book`]) can rely on the absence of a return until its end.
    fn returns_of(&mut self, payments: &[PaymentId]) -> Result<HashMap<PaymentId, ReturnState>, StoreError>;

    /// Returns that wait, by account and payment, at most `limit`.
    fn waiting_returns(&mut self, limit: u32) -> Result<Vec<WaitingReturn>, StoreError>;

    /// Returns that wait for accounts that are open again, at most `limit`.
    fn bookable_returns(&mut self, limit: u32) -> Result<Vec<WaitingReturn>, StoreError>;
}

/// Adds credits from outside, and lets returns wait.
pub trait WriteCredits: ReadCredits {
    /// Stores a credit from outside; returns its id. The caller books it in the same transaction.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the payment that it gives back was returned before.
    fn insert_incoming(&mut self, credit: &IncomingCredit) -> Result<CreditId, StoreError>;

    /// Lets a return wait. `false` when it waits already, or has ended.
    fn insert_waiting_return(&mut self, waiting: &NewWaitingReturn) -> Result<bool, StoreError>;

    /// Ends a return that waits. `false` when none waits; of several transactions that try at once one ends it.
    fn end_waiting_return(&mut self, payment: PaymentId, end: ReturnState) -> Result<bool, StoreError>;
}
