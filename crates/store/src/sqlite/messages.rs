//! Making submissions messages: (client, `MsgId`) and the answer.

use rusqlite::{Connection, params};

use super::query::execute;
use super::session::Session;
use super::submissions::consume;
use crate::codec::{count, micros};
use crate::row_mapping::message_columns;
use crate::seal::message_seal;
use crate::statement::statements;
use crate::{Message, StoreError, WriteMessages};

statements! {
    const INSERT: Statement = ("INSERT INTO message (", message_columns!(), ")
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
}

impl WriteMessages for Session<'_> {
    fn insert_message(&mut self, message: &Message) -> Result<(), StoreError> {
        let connection = self.announcing()?;
        insert(connection, message)?;
        consume(connection, message.id)
    }
}

pub(super) fn insert(connection: &Connection, message: &Message) -> Result<(), StoreError> {
    let values = params![
        message.id.0,
        message.client.0,
        message.user.0,
        message.message_id,
        message.message_type,
        message.creation_date_time,
        &message.hash.0[..],
        count(message.number_of_transactions),
        message.control_sum,
        message.payments,
        micros(message.consumed_at),
        message.answer,
        message_seal(message),
    ];
    execute(connection, INSERT, values).map(drop)
}
