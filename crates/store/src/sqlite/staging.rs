//! The stage: the stored data of a message before it counts, and the activation that makes it count.

use payments::MessageId;
use rusqlite::{Connection, Statement, ToSql, params};

use super::codec::failed;
use super::query::{execute, insert, list, optional, prepare};
use super::session::Session;
use crate::codec::{count, day, packed};
use crate::packed_keys::{packed_keys, unpacked_keys};
use crate::statement::statements;
use crate::{Block, ClientId, DuplicateKey, PaymentRow, StoreError, WriteStaging};

/// The text eight times.
macro_rules! eight {
    ($text:expr) => {
        concat!($text, $text, $text, $text, $text, $text, $text, $text)
    };
}

/// Payments and keys in one statement: beginning and ending a statement costs as much as a row.
const PAYMENTS_TOGETHER: usize = 17;
const KEYS_TOGETHER: usize = 65;

statements! {
    const IS_ACTIVE: Statement = ("SELECT 1 FROM flip WHERE message = ?1");
    const IS_OPEN: Statement = ("SELECT 1 FROM submission WHERE id = ?1 AND state = 0");
    const BLOCK: Statement = ("INSERT INTO block (message, number, client, payment_information_id, number_of_transactions,
            control_sum, debtor_account, debtor_name, debtor_iban, requested_execution_date, first, count)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
    const PAYMENT: Statement = ("INSERT INTO payment (id, block, lot, minor, creditor, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    /// [`PAYMENTS_TOGETHER`] rows. `OR FAIL` needs no copies of pages to undo the statement alone: the job undoes everything.
    const PAYMENTS: Statement = ("INSERT OR FAIL INTO payment (id, block, lot, minor, creditor, record)
        VALUES (?, ?, ?, ?, ?, ?)", eight!(", (?, ?, ?, ?, ?, ?)"), eight!(", (?, ?, ?, ?, ?, ?)"));
    const KEY: Statement = ("INSERT OR IGNORE INTO duplicate_key (hash, payment) VALUES (?1, ?2)");
    /// [`KEYS_TOGETHER`] rows.
    const KEYS: Statement = ("INSERT OR IGNORE INTO duplicate_key (hash, payment) VALUES (?, ?)",
        eight!(eight!(", (?, ?)")));
    const LIST_KEYS: Statement = ("INSERT INTO staged_keys (message, number, keys)
        SELECT ?1, 1 + coalesce(max(number), 0), ?2 FROM staged_keys WHERE message = ?1");
    const KEY_LISTS: Statement = ("SELECT number FROM staged_keys WHERE message = ?1");
    const KEY_LIST: Statement = ("SELECT keys FROM staged_keys WHERE message = ?1 AND number = ?2");
    const DISCARD_PAYMENTS: Statement = ("DELETE FROM payment WHERE id BETWEEN ?1 AND ?2");
    const DISCARD_BLOCKS: Statement = ("DELETE FROM block WHERE message = ?1");
    const DISCARD_KEY: Statement = ("DELETE FROM duplicate_key WHERE hash = ?1 AND payment = ?2");
    const DISCARD_KEY_LISTS: Statement = ("DELETE FROM staged_keys WHERE message = ?1");
    const COUNT_ACTIVATION: Statement = ("UPDATE client SET flips = flips + 1 WHERE id = ?1");
    const ACTIVATE: Statement = ("INSERT INTO flip (message, client, number) SELECT ?1, id, flips FROM client WHERE id = ?2");
}

impl WriteStaging for Session<'_> {
    fn stage_blocks(&mut self, message: MessageId, client: ClientId, blocks: &[Block]) -> Result<(), StoreError> {
        let connection = self.connection()?;
        refuse_active(connection, message)?;
        if let Some(block) = blocks.iter().find(|block| block.message != message) {
            return Err(StoreError::Refused(format!("a block of message {}", block.message.0)));
        }
        insert_blocks(connection, client, blocks)
    }

    fn stage_payments(&mut self, message: MessageId, payments: &[PaymentRow<'_>]) -> Result<(), StoreError> {
        let connection = self.connection()?;
        refuse_closed(connection, message)?;
        let (together, rest) = payments.as_chunks::<PAYMENTS_TOGETHER>();
        if !together.is_empty() {
            let mut statement = prepare(connection, PAYMENTS)?;
            for payments in together {
                for (place, payment) in payments.iter().enumerate() {
                    bind_payment(&mut statement, 6 * place, message, payment)?;
                }
                statement.raw_execute().map_err(failed)?;
            }
        }
        insert_payments(connection, message, rest.iter().copied())
    }

    fn stage_duplicate_keys(&mut self, message: MessageId, keys: &mut [DuplicateKey]) -> Result<(), StoreError> {
        let connection = self.connection()?;
        refuse_closed(connection, message)?;
        keys.sort_unstable();
        let (together, rest) = keys.as_chunks::<KEYS_TOGETHER>();
        if !together.is_empty() {
            let mut statement = prepare(connection, KEYS)?;
            for keys in together {
                for (place, key) in keys.iter().enumerate() {
                    let payment = packed(message.0, key.ordinal)?;
                    statement.raw_bind_parameter(2 * place + 1, key.hash).map_err(failed)?;
                    statement.raw_bind_parameter(2 * place + 2, payment).map_err(failed)?;
                }
                statement.raw_execute().map_err(failed)?;
            }
        }
        insert_keys(connection, rest.iter().map(|key| Ok([key.hash, packed(message.0, key.ordinal)?])))?;
        insert(connection, LIST_KEYS, params![message.0, packed_keys(keys)]).map(drop)
    }

    fn discard_stage(&mut self, message: MessageId) -> Result<(), StoreError> {
        discard(self.connection()?, message)
    }

    fn activate(&mut self, message: MessageId, client: ClientId) -> Result<(), StoreError> {
        let connection = self.announcing()?;
        refuse_active(connection, message)?;
        if execute(connection, COUNT_ACTIVATION, [client.0])? != 1 {
            return Err(StoreError::Missing("client"));
        }
        execute(connection, ACTIVATE, [message.0, client.0])?;
        execute(connection, DISCARD_KEY_LISTS, [message.0]).map(drop)
    }
}

pub(super) fn insert_blocks(connection: &Connection, client: ClientId, blocks: &[Block]) -> Result<(), StoreError> {
    let mut statement = prepare(connection, BLOCK)?;
    for block in blocks {
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
        statement.execute(values).map_err(failed)?;
    }
    Ok(())
}

pub(super) fn insert_payments<'p>(
    connection: &Connection,
    message: MessageId,
    payments: impl Iterator<Item = PaymentRow<'p>>,
) -> Result<(), StoreError> {
    let mut statement = prepare(connection, PAYMENT)?;
    for payment in payments {
        let creditor = payment.creditor.map(|account| account.0);
        let id = packed(message.0, payment.ordinal)?;
        statement
            .execute(params![id, payment.block, payment.lot, payment.minor, creditor, payment.record])
            .map_err(failed)?;
    }
    Ok(())
}

/// Hash and packed payment of each key.
pub(super) fn insert_keys(
    connection: &Connection,
    keys: impl Iterator<Item = Result<[i64; 2], StoreError>>,
) -> Result<(), StoreError> {
    let mut statement = prepare(connection, KEY)?;
    for key in keys {
        statement.execute(key?).map_err(failed)?;
    }
    Ok(())
}

/// Binds a row of [`PAYMENTS`], behind so many parameters of others.
fn bind_payment(
    statement: &mut Statement<'_>,
    before: usize,
    message: MessageId,
    payment: &PaymentRow<'_>,
) -> Result<(), StoreError> {
    let mut bind = |place: usize, value: &dyn ToSql| statement.raw_bind_parameter(before + place, value);
    let id = packed(message.0, payment.ordinal)?;
    let bound = bind(1, &id)
        .and_then(|()| bind(2, &payment.block))
        .and_then(|()| bind(3, &payment.lot))
        .and_then(|()| bind(4, &payment.minor))
        .and_then(|()| bind(5, &payment.creditor.map(|account| account.0)))
        .and_then(|()| bind(6, &payment.record));
    bound.map_err(failed)
}

/// What counts already is never changed.
fn refuse_active(connection: &Connection, message: MessageId) -> Result<(), StoreError> {
    match optional(connection, IS_ACTIVE, [message.0], |row| row.integer())? {
        Some(_) => Err(StoreError::Refused(format!("message {} is active", message.0))),
        None => Ok(()),
    }
}

/// No step would discard rows that a late task stages for a closed submission.
fn refuse_closed(connection: &Connection, message: MessageId) -> Result<(), StoreError> {
    match optional(connection, IS_OPEN, [message.0], |row| row.integer())? {
        Some(_) => refuse_active(connection, message),
        None => Err(StoreError::Refused(format!("submission {} is closed", message.0))),
    }
}

/// Removes all that was staged for a message.
pub(super) fn discard(connection: &Connection, message: MessageId) -> Result<(), StoreError> {
    refuse_active(connection, message)?;
    let (first, last) = (packed(message.0, 0)?, packed(message.0, u32::MAX)?);
    execute(connection, DISCARD_PAYMENTS, [first, last])?;
    execute(connection, DISCARD_BLOCKS, [message.0])?;
    let numbers = list(connection, KEY_LISTS, [message.0], |row| row.integer())?;
    let mut statement = prepare(connection, DISCARD_KEY)?;
    for number in numbers {
        let list = optional(connection, KEY_LIST, [message.0, number], |row| row.bytes_ref().map(<[u8]>::to_vec))?;
        for key in unpacked_keys(&list.ok_or(StoreError::Missing("a list of staged keys"))?)? {
            statement.execute([key.hash, packed(message.0, key.ordinal)?]).map_err(failed)?;
        }
    }
    execute(connection, DISCARD_KEY_LISTS, [message.0]).map(drop)
}
