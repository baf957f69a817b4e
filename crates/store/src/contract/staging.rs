//! The stage: the stored data of a message before it counts, and its activation, which makes it count.

use payments::MessageId;

use crate::{Block, ClientId, DuplicateKey, PaymentRow, StoreError};

/// Stages messages and activates them. Each operation gives [`StoreError::Refused`] when the message is active already.
pub trait WriteStaging {
    /// Stores blocks of a message.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for a block of another message.
    fn stage_blocks(&mut self, message: MessageId, client: ClientId, blocks: &[Block]) -> Result<(), StoreError>;

    /// Stores payments of a message, in file order.
    ///
    /// # Errors [`StoreError::Refused`] also when its submission is closed: no step would discard them.
    /// [`StoreError::Unavailable`] when another node has taken the submission over.
    fn stage_payments(&mut self, message: MessageId, payments: &[PaymentRow<'_>]) -> Result<(), StoreError>;

    /// Stores duplicate keys of a message; sorts them itself.
    ///
    /// # Errors
    /// As [`WriteStaging::stage_payments`].
    fn stage_duplicate_keys(&mut self, message: MessageId, keys: &mut [DuplicateKey]) -> Result<(), StoreError>;

    /// Removes all that was staged for a message.
    fn discard_stage(&mut self, message: MessageId) -> Result<(), StoreError>;

    /// Makes the staged payments of an accepted message count, and the client's activations grow.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such client. PostgreSQL finds this and the refusal out at the end of the job.
    fn activate(&mut self, message: MessageId, client: ClientId) -> Result<(), StoreError>;
}
