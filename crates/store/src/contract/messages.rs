//! Messages: (client, `MsgId`) with the answer, and their blocks.

use payments::MessageId;

use crate::{Block, BodyHash, ClientId, Message, MessageName, StoreError};

/// Finds messages. A message whose row differs from its seal is [`StoreError::Corrupt`].
pub trait FindMessages {
    /// The message that holds (client, `MsgId`).
    fn message_by_message_id(&mut self, client: ClientId, message_id: &str) -> Result<Option<Message>, StoreError>;

    /// The latest message of this client with exactly these bytes.
    fn message_by_hash(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Message>, StoreError>;

    /// The names of messages, of those ids that are messages, in no order. A name alone, without what its seal covers besides.
    fn message_names(&mut self, ids: &[MessageId]) -> Result<Vec<MessageName>, StoreError>;
}

/// Reads messages by their ids.
pub trait ReadMessages: FindMessages {
    /// A message by id.
    fn message(&mut self, id: MessageId) -> Result<Option<Message>, StoreError>;

    /// The blocks of a message, in order.
    fn blocks(&mut self, message: MessageId) -> Result<Vec<Block>, StoreError>;
}

/// Makes submissions messages.
pub trait WriteMessages {
    /// Consumes (client, `MsgId`) and stores the answer; the submission becomes this message. Waits for a transaction that is
    /// about to take the same key.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the key is taken. Otherwise as
    /// [`WriteAttempts::count_attempt`](super::WriteAttempts::count_attempt), which PostgreSQL finds out at the end of the job.
    fn insert_message(&mut self, message: &Message) -> Result<(), StoreError>;
}
