//! Consumed messages: (client, `MsgId`) and the answer; blocks and payments as they are read back.

use payments::{MessageId, PaymentId};

use super::connection::{Connection, owned};
use super::node::Own;
use super::submissions::consume;
use crate::codec::{Columns, count, day, micros, packed, packed_payment, unpacked_payment};
use crate::reads::*;
use crate::seal::message_seal;
use crate::{Block, BodyHash, ClientId, Message, MessageName, StoreError, StoredPayment, bounds};

pub(super) fn message(connection: &Connection, id: MessageId) -> Result<Option<Message>, StoreError> {
    const SQL: &str = concat!("SELECT ", message_columns!(), " FROM message WHERE id = $1");
    connection.optional(SQL, &[&id.0], read_message)
}

pub(super) fn message_names(connection: &Connection, ids: &[MessageId]) -> Result<Vec<MessageName>, StoreError> {
    const SQL: &str = "SELECT id, message_id, consumed_at,
             (SELECT business_day FROM event WHERE event.message = message.id ORDER BY lot, event.id LIMIT 1)
         FROM message WHERE id = ANY($1::bigint[])";
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    connection.list(SQL, &[&ids], read_message_name)
}

pub(super) fn message_by_message_id(
    connection: &Connection,
    client: ClientId,
    message_id: &str,
) -> Result<Option<Message>, StoreError> {
    const SQL: &str = concat!("SELECT ", message_columns!(), " FROM message WHERE client = $1 AND message_id = $2");
    connection.optional(SQL, &[&client.0, &message_id], read_message)
}

pub(super) fn message_by_hash(
    connection: &Connection,
    client: ClientId,
    hash: &BodyHash,
) -> Result<Option<Message>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        message_columns!(),
        " FROM message WHERE client = $1 AND sha256 = $2 ORDER BY id DESC LIMIT 1"
    );
    connection.optional(SQL, &[&client.0, &&hash.0[..]], read_message)
}

/// Waits for a transaction that is about to take the same key. A taken key leaves the transaction usable.
pub(super) fn insert_message(connection: &Connection, own: Own, message: &Message) -> Result<(), StoreError> {
    const SQL: &str = concat!(
        "INSERT INTO message (",
        message_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (client, message_id) DO NOTHING"
    );
    let inserted = connection.execute(
        SQL,
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

pub(super) fn blocks(connection: &Connection, message: MessageId) -> Result<Vec<Block>, StoreError> {
    const SQL: &str = concat!("SELECT ", block_columns!(), " FROM block WHERE message = $1 ORDER BY number");
    connection.list(SQL, &[&message.0], |row| read_block(message, row))
}

pub(super) fn insert_blocks(connection: &Connection, client: ClientId, blocks: &[Block]) -> Result<(), StoreError> {
    const SQL: &str = concat!(
        "INSERT INTO block (client, message, ",
        block_columns!(),
        ") SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[],
            $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[])
        ON CONFLICT DO NOTHING"
    );
    if blocks.is_empty() {
        return Ok(());
    }
    let messages: Vec<i64> = blocks.iter().map(|block| block.message.0).collect();
    let numbers: Vec<i64> = blocks.iter().map(|block| i64::from(block.number)).collect();
    let ids: Vec<String> = blocks.iter().map(|block| block.payment_information_id.clone()).collect();
    let transactions: Vec<i64> = blocks.iter().map(|block| count(block.number_of_transactions)).collect();
    let sums: Vec<Option<String>> = blocks.iter().map(|block| block.control_sum.clone()).collect();
    let debtors: Vec<Option<i64>> = blocks.iter().map(|block| block.debtor_account.map(|id| id.0)).collect();
    let names: Vec<String> = blocks.iter().map(|block| block.debtor_name.clone()).collect();
    let ibans: Vec<String> = blocks.iter().map(|block| block.debtor_iban.clone()).collect();
    let dates: Vec<Option<i64>> = blocks.iter().map(|block| block.requested_execution_date.map(day)).collect();
    let firsts: Vec<i64> = blocks.iter().map(|block| i64::from(block.first)).collect();
    let counts: Vec<i64> = blocks.iter().map(|block| i64::from(block.count)).collect();
    let (values, expected) = (
        owned![client.0, messages, numbers, ids, transactions, sums, debtors, names, ibans, dates, firsts, counts],
        blocks.len() as u64,
    );
    connection.execute_later(SQL, values, move |_, inserted| match inserted == expected {
        true => Ok(()),
        false => Err(StoreError::Conflict("block of a message".to_owned())),
    })
}

/// Page by page, so that memory does not grow with what is asked for.
pub(super) fn payments(
    connection: &Connection,
    message: MessageId,
    lot: Option<u32>,
    from: u32,
    limit: u32,
    each: &mut dyn FnMut(StoredPayment<'_>) -> Result<(), StoreError>,
) -> Result<u32, StoreError> {
    const ALL: &str = "SELECT id, block, lot, minor, creditor, record FROM payment
        WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3";
    const OF_LOT: &str = "SELECT id, block, lot, minor, creditor, record FROM payment
        WHERE id BETWEEN $1 AND $2 AND lot = $4 ORDER BY id LIMIT $3";
    const LAST_OF_LOT: &str = "SELECT last FROM lot WHERE message = $1 AND number = $2";
    // The search for the rest of a lot must not run through all that follows it in the message.
    let last = match lot {
        Some(lot) => connection.optional(LAST_OF_LOT, &[&message.0, &i64::from(lot)], |row| row.small())?,
        None => None,
    };
    let mut first = packed(message.0, from)?;
    let last = packed(message.0, last.unwrap_or(u32::MAX))?;
    let mut given = 0;
    while given < limit && first <= last {
        let page = i64::from(limit - given).min(bounds::PAGE_ROWS);
        let rows = match lot {
            Some(lot) => connection.rows(OF_LOT, &[&first, &last, &page, &i64::from(lot)])?,
            None => connection.rows(ALL, &[&first, &last, &page])?,
        };
        for row in &rows {
            let payment = read_payment(&mut Columns::of(row))?;
            first = packed(message.0, payment.ordinal)? + 1;
            each(payment)?;
            given += 1;
        }
        if (rows.len() as i64) < page {
            break;
        }
    }
    Ok(given)
}

/// A page of them at a time.
pub(super) fn payments_of(
    connection: &Connection,
    ids: &[PaymentId],
    each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    const SQL: &str = "SELECT p.id, p.id, p.block, p.lot, p.minor, p.creditor, p.record
        FROM unnest($1::bigint[]) WITH ORDINALITY AS w (id, place) JOIN payment p ON p.id = w.id ORDER BY w.place";
    for some in ids.chunks(bounds::PAGE_ROWS as usize) {
        let packed: Vec<i64> = some.iter().map(|id| packed_payment(*id)).collect::<Result<_, _>>()?;
        for row in &connection.rows(SQL, &[&packed])? {
            let mut row = Columns::of(row);
            let id = unpacked_payment(row.integer()?);
            each(id, read_payment(&mut row)?)?;
        }
    }
    Ok(())
}
