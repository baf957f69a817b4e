//! What clients have sent before: payments by their duplicate keys, blocks by their `PmtInfId`.

use payments::MessageId;

use crate::{ClientId, DuplicateHit, DuplicateKey, StoreError};

/// Searches earlier payments.
pub trait ReadDuplicates {
    /// Returns which of these keys payments of *accepted* messages (other than `except`) have already. Refused
    /// payments, inactive stages and returned payments do not count. At most one hit for each key, the last payment
    /// that has it, in the order of (hash, ordinal).
    ///
    /// A payment without a lot counts as refused by its refusal: a decision always writes the two together.
    fn duplicates(&mut self, except: MessageId, keys: &[DuplicateKey]) -> Result<Vec<DuplicateHit>, StoreError>;

    /// Which of these `PmtInfId` the client has used in accepted messages, each with the first of those.
    fn used_payment_information_ids(
        &mut self,
        client: ClientId,
        ids: &[&str],
    ) -> Result<Vec<(String, MessageId)>, StoreError>;
}

/// Reads how many messages of a client were activated.
pub trait ReadActivations {
    /// A number that grows with every activation of a client's message; equal means: none in between. A transaction locks
    /// the client: no message of it is activated by others until the end.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such client.
    fn activations(&mut self, client: ClientId) -> Result<i64, StoreError>;
}
