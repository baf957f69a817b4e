//! Reading messages and their blocks.

use payments::MessageId;

use super::executor::{Executor, plain_statements, values};
use crate::row_mapping::*;
use crate::{Block, BodyHash, ClientId, FindMessages, Message, MessageName, ReadMessages, StoreError};

plain_statements! {
    const MESSAGE = ("SELECT ", message_columns!(), " FROM message WHERE id = $1");
    const BY_MESSAGE_ID = ("SELECT ", message_columns!(), " FROM message WHERE client = $1 AND message_id = $2");
    const BY_HASH = ("SELECT ", message_columns!(), " FROM message
        WHERE client = $1 AND sha256 = $2 ORDER BY id DESC LIMIT 1");
    const NAMES = (
        sqlite: ["SELECT ", message_name_columns!(), " FROM message WHERE id IN (SELECT value FROM json_each($1))"],
        postgres: ["SELECT ", message_name_columns!(), " FROM message WHERE id = ANY($1)"],
    );
    const BLOCKS = ("SELECT ", block_columns!(), " FROM block WHERE message = $1 ORDER BY number");
}

impl<S: Executor> FindMessages for S {
    fn message_by_message_id(&mut self, client: ClientId, message_id: &str) -> Result<Option<Message>, StoreError> {
        self.optional(&BY_MESSAGE_ID, values![client.0, message_id], read_message)
    }

    fn message_by_hash(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Message>, StoreError> {
        self.optional(&BY_HASH, values![client.0, &hash.0], read_message)
    }

    fn message_names(&mut self, ids: &[MessageId]) -> Result<Vec<MessageName>, StoreError> {
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        self.list(&NAMES, values![ids.as_slice()], read_message_name)
    }
}

impl<S: Executor> ReadMessages for S {
    fn message(&mut self, id: MessageId) -> Result<Option<Message>, StoreError> {
        self.optional(&MESSAGE, values![id.0], read_message)
    }

    fn blocks(&mut self, message: MessageId) -> Result<Vec<Block>, StoreError> {
        self.list(&BLOCKS, values![message.0], |row| read_block(message, row))
    }
}
