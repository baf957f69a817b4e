//! Consumed messages: (client, `MsgId`) and the answer; blocks and payments as they are read back.

use payments::{MessageId, PaymentId};
use rusqlite::{Connection, params};

use super::codec::failed;
use super::query::{execute, list, optional, prepare};
use super::submissions::consume;
use crate::codec::{Columns, count, day, micros, packed, packed_payment};
use crate::reads::*;
use crate::seal::message_seal;
use crate::{Block, BodyHash, ClientId, Message, MessageName, StoreError, StoredPayment};

pub(super) fn message(connection: &Connection, id: MessageId) -> Result<Option<Message>, StoreError> {
    const SQL: &str = concat!("SELECT ", message_columns!(), " FROM message WHERE id = ?1");
    optional(connection, SQL, [id.0], read_message)
}

pub(super) fn message_names(connection: &Connection, ids: &[MessageId]) -> Result<Vec<MessageName>, StoreError> {
    const SQL: &str = "SELECT id, message_id, consumed_at,
             (SELECT business_day FROM event WHERE event.message = message.id ORDER BY lot, event.id LIMIT 1)
         FROM message WHERE id = ?1";
    let mut names = Vec::with_capacity(ids.len());
    for id in ids {
        names.extend(optional(connection, SQL, [id.0], read_message_name)?);
    }
    Ok(names)
}

pub(super) fn message_by_message_id(
    connection: &Connection,
    client: ClientId,
    message_id: &str,
) -> Result<Option<Message>, StoreError> {
    const SQL: &str = concat!("SELECT ", message_columns!(), " FROM message WHERE client = ?1 AND message_id = ?2");
    optional(connection, SQL, params![client.0, message_id], read_message)
}

pub(super) fn message_by_hash(
    connection: &Connection,
    client: ClientId,
    hash: &BodyHash,
) -> Result<Option<Message>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        message_columns!(),
        " FROM message WHERE client = ?1 AND sha256 = ?2 ORDER BY id DESC LIMIT 1"
    );
    optional(connection, SQL, params![client.0, &hash.0[..]], read_message)
}

pub(super) fn insert_message(connection: &Connection, message: &Message) -> Result<(), StoreError> {
    const SQL: &str = concat!(
        "INSERT INTO message (",
        message_columns!(),
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    );
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
    execute(connection, SQL, values)?;
    consume(connection, message.id)
}

pub(super) fn blocks(connection: &Connection, message: MessageId) -> Result<Vec<Block>, StoreError> {
    const SQL: &str = concat!("SELECT ", block_columns!(), " FROM block WHERE message = ?1 ORDER BY number");
    list(connection, SQL, [message.0], |row| read_block(message, row))
}

pub(super) fn insert_block(connection: &Connection, client: ClientId, block: &Block) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO block (message, number, client, payment_information_id, number_of_transactions,
            control_sum, debtor_account, debtor_name, debtor_iban, requested_execution_date, first, count)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    let values = params![
        block.message.0,
        block.number,
        client.0,
        block.payment_information_id,
        count(block.number_of_transactions),
        block.control_sum,
        block.debtor_account.map(|account| account.0),
        block.debtor_name,
        block.debtor_iban,
        block.requested_execution_date.map(day),
        block.first,
        block.count,
    ];
    execute(connection, SQL, values).map(drop)
}

pub(super) fn payments(
    connection: &Connection,
    message: MessageId,
    lot: Option<u32>,
    from: u32,
    limit: u32,
    each: &mut dyn FnMut(StoredPayment<'_>) -> Result<(), StoreError>,
) -> Result<u32, StoreError> {
    const ALL: &str = "SELECT id, block, lot, minor, creditor, record FROM payment
        WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT ?3";
    const OF_LOT: &str = "SELECT id, block, lot, minor, creditor, record FROM payment
        WHERE id BETWEEN ?1 AND ?2 AND lot = ?4 ORDER BY id LIMIT ?3";
    const LAST_OF_LOT: &str = "SELECT last FROM lot WHERE message = ?1 AND number = ?2";
    // The search for the rest of a lot must not run through all that follows it in the message.
    let last = match lot {
        Some(lot) => optional(connection, LAST_OF_LOT, [message.0, i64::from(lot)], |row| row.small())?,
        None => None,
    };
    let first = packed(message.0, from)?;
    let last = packed(message.0, last.unwrap_or(u32::MAX))?;
    let mut statement = prepare(connection, if lot.is_some() { OF_LOT } else { ALL })?;
    let mut rows = match lot {
        Some(lot) => statement.query(params![first, last, limit, lot]),
        None => statement.query(params![first, last, limit]),
    }
    .map_err(failed)?;
    let mut given = 0;
    while let Some(row) = rows.next().map_err(failed)? {
        each(read_payment(&mut Columns::of(row))?)?;
        given += 1;
    }
    Ok(given)
}

pub(super) fn payments_of(
    connection: &Connection,
    ids: &[PaymentId],
    each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    const SQL: &str = "SELECT id, block, lot, minor, creditor, record FROM payment WHERE id = ?1";
    let mut statement = prepare(connection, SQL)?;
    for id in ids {
        let mut rows = statement.query([packed_payment(*id)?]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(*id, read_payment(&mut Columns::of(row))?)?;
        }
    }
    Ok(())
}
