//! The stage: what is stored of a message before it counts, and the flip that makes it count.

use std::collections::HashMap;

use payments::MessageId;

use super::connection::{Connection, Locking, locking, owned};
use super::messages::insert_blocks;
use super::node::Own;
use super::submissions::taken_over;
use crate::codec::packed;
use crate::keys::{packed_keys, unpacked_keys};
use crate::{Block, ClientId, DuplicateKey, PaymentRow, StoreError, bounds};

/// What counts already is never changed.
pub(super) fn refuse_flipped(connection: &Connection, message: MessageId) -> Result<(), StoreError> {
    match connection.optional("SELECT 1 FROM flip WHERE message = $1", &[&message.0], |row| row.integer())? {
        Some(_) => Err(StoreError::Refused(format!("message {} is flipped", message.0))),
        None => Ok(()),
    }
}

/// What is staged for a submission that is closed already would never be discarded: by a late task, say. Nobody
/// closes it, or takes it over, before the transaction ends.
pub(super) fn refuse_closed(connection: &Connection, own: Own, message: MessageId) -> Result<(), StoreError> {
    match open_submission(connection, own, message)? {
        true => refuse_flipped(connection, message),
        false => Err(StoreError::Refused(format!("submission {} is closed", message.0))),
    }
}

/// Whether the submission is to be answered, by this node.
fn open_submission(connection: &Connection, own: Own, message: MessageId) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT node FROM submission WHERE id = $1 AND state = 0 FOR SHARE";
    match connection.optional(SQL, &[&message.0], |row| row.integer_if_any())? {
        Some(node) if node != own.node => Err(taken_over(message)),
        found => Ok(found.is_some()),
    }
}

pub(super) fn stage_blocks(
    connection: &Connection,
    message: MessageId,
    client: ClientId,
    blocks: &[Block],
) -> Result<(), StoreError> {
    if let Some(block) = blocks.iter().find(|block| block.message != message) {
        return Err(StoreError::Refused(format!("a block of message {}", block.message.0)));
    }
    insert_blocks(connection, client, blocks)
}

pub(super) fn stage_payments(
    connection: &Connection,
    message: MessageId,
    payments: &[PaymentRow<'_>],
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO payment (id, block, lot, minor, creditor, record)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[])";
    for rows in payments.chunks(bounds::INSERT_ROWS_MAX) {
        let ids: Vec<i64> = rows.iter().map(|row| packed(message.0, row.ordinal)).collect::<Result<_, _>>()?;
        let blocks: Vec<i64> = rows.iter().map(|row| i64::from(row.block)).collect();
        let lots: Vec<Option<i64>> = rows.iter().map(|row| row.lot.map(i64::from)).collect();
        let minors: Vec<i64> = rows.iter().map(|row| row.minor).collect();
        let creditors: Vec<Option<i64>> = rows.iter().map(|row| row.creditor.map(|account| account.0)).collect();
        let records: Vec<&[u8]> = rows.iter().map(|row| row.record).collect();
        connection.execute(SQL, &[&ids, &blocks, &lots, &minors, &creditors, &records])?;
    }
    Ok(())
}

pub(super) fn stage_duplicate_keys(
    connection: &Connection,
    message: MessageId,
    keys: &mut [DuplicateKey],
) -> Result<(), StoreError> {
    const KEYS: &str = "INSERT INTO duplicate_key (hash, payment) SELECT * FROM unnest($1::bigint[], $2::bigint[])
        ON CONFLICT DO NOTHING";
    const LIST: &str = "INSERT INTO staged_keys (message, number, keys)
        SELECT $1, 1 + coalesce(max(number), 0), $2 FROM staged_keys WHERE message = $1";
    keys.sort_unstable();
    for some in keys.chunks(bounds::INSERT_ROWS_MAX * 3) {
        let hashes: Vec<i64> = some.iter().map(|key| key.hash).collect();
        let payments: Vec<i64> = some.iter().map(|key| packed(message.0, key.ordinal)).collect::<Result<_, _>>()?;
        connection.execute_later(KEYS, owned![hashes, payments], |_, _| Ok(()))?;
    }
    connection.execute_later(LIST, owned![message.0, packed_keys(keys)], |_, _| Ok(()))
}

pub(super) fn discard_stage(connection: &Connection, own: Own, message: MessageId) -> Result<(), StoreError> {
    const KEYS: &str = "DELETE FROM duplicate_key d USING unnest($1::bigint[], $2::bigint[]) AS k (hash, payment)
        WHERE d.hash = k.hash AND d.payment = k.payment";
    open_submission(connection, own, message)?;
    refuse_flipped(connection, message)?;
    let (first, last) = (packed(message.0, 0)?, packed(message.0, u32::MAX)?);
    connection.execute("DELETE FROM payment WHERE id BETWEEN $1 AND $2", &[&first, &last])?;
    connection.execute("DELETE FROM block WHERE message = $1", &[&message.0])?;
    let numbers =
        connection.list("SELECT number FROM staged_keys WHERE message = $1", &[&message.0], |row| row.integer())?;
    for number in numbers {
        const SQL: &str = "SELECT keys FROM staged_keys WHERE message = $1 AND number = $2";
        let list = connection.optional(SQL, &[&message.0, &number], |row| row.bytes_ref().map(<[u8]>::to_vec))?;
        for some in unpacked_keys(&list.unwrap_or_default())?.chunks(bounds::INSERT_ROWS_MAX * 3) {
            let hashes: Vec<i64> = some.iter().map(|key| key.hash).collect();
            let payments: Vec<i64> = some.iter().map(|key| packed(message.0, key.ordinal)).collect::<Result<_, _>>()?;
            connection.execute(KEYS, &[&hashes, &payments])?;
        }
    }
    connection.execute("DELETE FROM staged_keys WHERE message = $1", &[&message.0]).map(drop)
}

pub(super) fn flip(connection: &Connection, message: MessageId, client: ClientId) -> Result<(), StoreError> {
    const FLIP: &str = "WITH grown AS (UPDATE client SET flips = flips + 1
            WHERE id = $2 AND NOT EXISTS (SELECT 1 FROM flip WHERE message = $1) RETURNING id, flips)
        INSERT INTO flip (message, client, number) SELECT $1, id, flips FROM grown";
    connection.execute_later(FLIP, owned![message.0, client.0], move |connection, flipped| {
        if flipped == 1 {
            return Ok(());
        }
        refuse_flipped(connection, message)?;
        Err(StoreError::Missing("client"))
    })?;
    connection.execute_later("DELETE FROM staged_keys WHERE message = $1", owned![message.0], |_, _| Ok(()))
}

/// In a transaction the client is locked: nothing of it is flipped until the end.
pub(super) fn flips(connection: &Connection, client: ClientId, locks: bool) -> Result<i64, StoreError> {
    const SQL: Locking = locking!("SELECT flips FROM client WHERE id = $1"; " FOR NO KEY UPDATE");
    let flips = connection.optional(connection.locking(locks, &SQL), &[&client.0], |row| row.integer())?;
    if flips.is_none() && locks && connection.gives_way() {
        return Err(connection.yield_to_others());
    }
    flips.ok_or(StoreError::Missing("client"))
}

pub(super) fn used_payment_information_ids(
    connection: &Connection,
    client: ClientId,
    ids: &[&str],
) -> Result<Vec<(String, MessageId)>, StoreError> {
    // One look into the index for each; the planner would otherwise begin with all that was ever flipped. For the same reason it
    // must not know that only the first is wanted: OFFSET keeps that from it.
    const SQL: &str = "SELECT w.id, used.message FROM unnest($2::text[]) AS w (id) CROSS JOIN LATERAL (
            SELECT min(known.message) AS message FROM (
                SELECT b.message FROM block b WHERE b.client = $1 AND b.payment_information_id = w.id
                    AND EXISTS (SELECT 1 FROM flip f WHERE f.message = b.message) OFFSET 0) AS known) AS used
        WHERE used.message IS NOT NULL";
    let used = connection.list(SQL, &[&client.0, &ids], |row| Ok((row.text()?, MessageId(row.integer()?))))?;
    let used: HashMap<String, MessageId> = used.into_iter().collect();
    Ok(ids.iter().filter_map(|id| Some(((*id).to_owned(), *used.get(*id)?))).collect())
}
