//! Makes submissions messages: (client, `MsgId`) and the answer.

use super::session::Session;
use super::submissions::consume;
use crate::codec::{count, micros};
use crate::row_mapping::message_columns;
use crate::seal::message_seal;
use crate::statement::statements;
use crate::{Message, StoreError, WriteMessages};

statements! {
    /// Waits for a transaction that is about to take the same key. A taken key leaves the transaction usable.
    const INSERT: Statement = ("INSERT INTO message (", message_columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (client, message_id) DO NOTHING");
}

impl WriteMessages for Session<'_> {
    fn insert_message(&mut self, message: &Message) -> Result<(), StoreError> {
        self.open = None;
        let (connection, own) = (self.announcing(), self.own);
        let inserted = connection.execute(
            INSERT,
            &[
                &message.id.0,
                &message.client.0,
                &message.user.0,
                &message.message_id,
                &message.message_type,
                &message.creation_date_time,
                &&message.hash.0[..],
                &count(message.number_of_transactions),
                &message.control_sum,
                &i64::from(message.payments),
                &micros(message.consumed_at),
                &message.answer,
                &&message_seal(message)[..],
            ],
        )?;
        if inserted != 1 {
            return Err(StoreError::Conflict(message.message_id.clone()));
        }
        consume(connection, own, message.id)
    }
}
