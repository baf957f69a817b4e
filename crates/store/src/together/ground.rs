//! What a group of decisions stands on: a transaction of the engine.

use ::payments::MessageId;

use super::decided::Decided;
use super::known::Known;
use crate::unit_of_work::Changes;
use crate::{ReadAhead, StoreError, Writing};

/// A transaction, with the bulk operations that a group of decisions needs. What the group has not loaded it reads
/// through the transaction itself.
pub(crate) trait Ground: Writing {
    /// Locks what decisions will need in the order of all transactions, and loads what can be loaded for all of them at
    /// once.
    fn read_ahead(&mut self, ahead: &[&ReadAhead]) -> Result<Known, StoreError>;

    /// New ids of submissions, which no other transaction gets.
    fn submission_ids(&mut self, count: usize) -> Result<Vec<MessageId>, StoreError>;

    /// Writes everything that was decided, and the state of accounts afterwards.
    fn write_decided(&mut self, decided: &[Decided], accounts: &Changes) -> Result<(), StoreError>;
}
