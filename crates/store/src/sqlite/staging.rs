//! The stage: what is stored of a message before it counts, and the flip that makes it count.

use payments::MessageId;
use rusqlite::{Connection, params};

use super::codec::failed;
use super::messages::insert_block;
use super::query::{execute, insert, list, optional, prepare};
use crate::codec::packed;
use crate::keys::{packed_keys, unpacked_keys};
use crate::{Block, ClientId, DuplicateKey, PaymentRow, StoreError};

/// What counts already is never changed.
fn refuse_flipped(connection: &Connection, message: MessageId) -> Result<(), StoreError> {
    match optional(connection, "SELECT 1 FROM flip WHERE message = ?1", [message.0], |row| row.integer())? {
        Some(_) => Err(StoreError::Refused(format!("message {} is flipped", message.0))),
        None => Ok(()),
    }
}

/// What is staged for a submission that is closed already would never be discarded: by a late task, say.
fn refuse_closed(connection: &Connection, message: MessageId) -> Result<(), StoreError> {
    match optional(connection, "SELECT 1 FROM submission WHERE id = ?1 AND state = 0", [message.0], |row| {
        row.integer()
    })? {
        Some(_) => refuse_flipped(connection, message),
        None => Err(StoreError::Refused(format!("submission {} is closed", message.0))),
    }
}

pub(super) fn stage_blocks(
    connection: &Connection,
    message: MessageId,
    client: ClientId,
    blocks: &[Block],
) -> Result<(), StoreError> {
    refuse_flipped(connection, message)?;
    for block in blocks {
        if block.message != message {
            return Err(StoreError::Refused(format!("a block of message {}", block.message.0)));
        }
        insert_block(connection, client, block)?;
    }
    Ok(())
}

pub(super) fn stage_payments(
    connection: &Connection,
    message: MessageId,
    payments: &[PaymentRow<'_>],
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO payment (id, block, lot, minor, creditor, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    refuse_closed(connection, message)?;
    let mut statement = prepare(connection, SQL)?;
    for payment in payments {
        let creditor = payment.creditor.map(|account| account.0);
        let id = packed(message.0, payment.ordinal)?;
        statement
            .execute(params![id, payment.block, payment.lot, payment.minor, creditor, payment.record])
            .map_err(failed)?;
    }
    Ok(())
}

pub(super) fn stage_duplicate_keys(
    connection: &Connection,
    message: MessageId,
    keys: &mut [DuplicateKey],
) -> Result<(), StoreError> {
    const KEY: &str = "INSERT INTO duplicate_key (hash, payment) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    const LIST: &str = "INSERT INTO staged_keys (message, number, keys)
        SELECT ?1, 1 + coalesce(max(number), 0), ?2 FROM staged_keys WHERE message = ?1";
    refuse_closed(connection, message)?;
    keys.sort_unstable();
    let mut statement = prepare(connection, KEY)?;
    for key in keys.iter() {
        statement.execute([key.hash, packed(message.0, key.ordinal)?]).map_err(failed)?;
    }
    insert(connection, LIST, params![message.0, packed_keys(keys)]).map(drop)
}

pub(super) fn discard_stage(connection: &Connection, message: MessageId) -> Result<(), StoreError> {
    const KEY: &str = "DELETE FROM duplicate_key WHERE hash = ?1 AND payment = ?2";
    refuse_flipped(connection, message)?;
    let (first, last) = (packed(message.0, 0)?, packed(message.0, u32::MAX)?);
    execute(connection, "DELETE FROM payment WHERE id BETWEEN ?1 AND ?2", [first, last])?;
    execute(connection, "DELETE FROM block WHERE message = ?1", [message.0])?;
    let numbers =
        list(connection, "SELECT number FROM staged_keys WHERE message = ?1", [message.0], |row| row.integer())?;
    let mut statement = prepare(connection, KEY)?;
    for number in numbers {
        const SQL: &str = "SELECT keys FROM staged_keys WHERE message = ?1 AND number = ?2";
        let list = optional(connection, SQL, [message.0, number], |row| row.bytes_ref().map(<[u8]>::to_vec))?;
        for key in unpacked_keys(&list.unwrap_or_default())? {
            statement.execute([key.hash, packed(message.0, key.ordinal)?]).map_err(failed)?;
        }
    }
    execute(connection, "DELETE FROM staged_keys WHERE message = ?1", [message.0]).map(drop)
}

pub(super) fn flip(connection: &Connection, message: MessageId, client: ClientId) -> Result<(), StoreError> {
    const FLIP: &str = "INSERT INTO flip (message, client, number) SELECT ?1, id, flips FROM client WHERE id = ?2";
    refuse_flipped(connection, message)?;
    if execute(connection, "UPDATE client SET flips = flips + 1 WHERE id = ?1", [client.0])? != 1 {
        return Err(StoreError::Missing("client"));
    }
    execute(connection, FLIP, [message.0, client.0])?;
    execute(connection, "DELETE FROM staged_keys WHERE message = ?1", [message.0]).map(drop)
}

pub(super) fn flips(connection: &Connection, client: ClientId) -> Result<i64, StoreError> {
    let flips = optional(connection, "SELECT flips FROM client WHERE id = ?1", [client.0], |row| row.integer())?;
    flips.ok_or(StoreError::Missing("client"))
}

pub(super) fn used_payment_information_ids(
    connection: &Connection,
    client: ClientId,
    ids: &[&str],
) -> Result<Vec<(String, MessageId)>, StoreError> {
    const SQL: &str = "SELECT b.message FROM block b JOIN flip f ON f.message = b.message
        WHERE b.client = ?1 AND b.payment_information_id = ?2 ORDER BY +b.message LIMIT 1";
    let mut used = Vec::new();
    for &id in ids {
        if let Some(message) = optional(connection, SQL, params![client.0, id], |row| row.integer())? {
            used.push((id.to_owned(), MessageId(message)));
        }
    }
    Ok(used)
}
