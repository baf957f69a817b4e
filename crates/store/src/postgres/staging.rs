//! The stage: the stored data of a message before it counts, and the activation that makes it count.

use payments::MessageId;

use super::connection::{Connection, owned};
use super::node::{Own, taken_over};
use super::payment_rows;
use super::session::Session;
use crate::codec::{count, day, packed};
use crate::packed_keys::{packed_keys, unpacked_keys};
use crate::row_mapping::block_columns;
use crate::statement::statements;
use crate::{Block, ClientId, DuplicateKey, PaymentRow, StoreError, WriteStaging, bounds};

statements! {
    const IS_ACTIVE: Statement = ("SELECT 1 FROM flip WHERE message = $1");
    /// No node closes it, or takes it over, before the transaction ends.
    const NODE_OF_OPEN: Statement = ("SELECT node FROM submission WHERE id = $1 AND state = 0 FOR SHARE");
    const BLOCKS: Statement = ("INSERT INTO block (client, message, ", block_columns!(), ")
        SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::bigint[],
            $8::text[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[])
        ON CONFLICT DO NOTHING");
    pub(super) const KEYS: Statement = ("INSERT INTO duplicate_key (hash, payment) SELECT * FROM unnest($1::bigint[], $2::bigint[])
        ON CONFLICT DO NOTHING");
    const LIST_KEYS: Statement = ("INSERT INTO staged_keys (message, number, keys)
        SELECT $1, 1 + coalesce(max(number), 0), $2 FROM staged_keys WHERE message = $1");
    const KEY_LISTS: Statement = ("SELECT number FROM staged_keys WHERE message = $1");
    const KEY_LIST: Statement = ("SELECT keys FROM staged_keys WHERE message = $1 AND number = $2");
    const DISCARD_PAYMENTS: Statement = ("DELETE FROM payment WHERE id BETWEEN $1 AND $2");
    const DISCARD_BLOCKS: Statement = ("DELETE FROM block WHERE message = $1");
    const DISCARD_KEYS: Statement = ("DELETE FROM duplicate_key d USING unnest($1::bigint[], $2::bigint[]) AS k (hash, payment)
        WHERE d.hash = k.hash AND d.payment = k.payment");
    const DISCARD_KEY_LISTS: Statement = ("DELETE FROM staged_keys WHERE message = $1");
    const ACTIVATE: Statement = ("WITH grown AS (UPDATE client SET flips = flips + 1
            WHERE id = $2 AND NOT EXISTS (SELECT 1 FROM flip WHERE message = $1) RETURNING id, flips)
        INSERT INTO flip (message, client, number) SELECT $1, id, flips FROM grown");
}

impl WriteStaging for Session<'_> {
    fn stage_blocks(&mut self, message: MessageId, client: ClientId, blocks: &[Block]) -> Result<(), StoreError> {
        if self.open != Some(message) {
            refuse_active(self.connection, message)?;
        }
        if let Some(block) = blocks.iter().find(|block| block.message != message) {
            return Err(StoreError::Refused(format!("a block of message {}", block.message.0)));
        }
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
        self.changing().execute_later(BLOCKS, values, move |_, inserted| match inserted == expected {
            true => Ok(()),
            false => Err(StoreError::Conflict("block of a message".to_owned())),
        })
    }

    fn stage_payments(&mut self, message: MessageId, payments: &[PaymentRow<'_>]) -> Result<(), StoreError> {
        let connection = self.staging(message)?;
        payment_rows::insert(connection, payments.iter().map(|row| (message.0, *row)))
    }

    fn stage_duplicate_keys(&mut self, message: MessageId, keys: &mut [DuplicateKey]) -> Result<(), StoreError> {
        let connection = self.staging(message)?;
        keys.sort_unstable();
        for some in keys.chunks(bounds::INSERT_ROWS_MAX * 3) {
            let hashes: Vec<i64> = some.iter().map(|key| key.hash).collect();
            let payments: Vec<i64> = some.iter().map(|key| packed(message.0, key.ordinal)).collect::<Result<_, _>>()?;
            connection.execute_later(KEYS, owned![hashes, payments], |_, _| Ok(()))?;
        }
        for some in keys.chunks(bounds::LISTED_KEYS_MAX) {
            connection.execute_later(LIST_KEYS, owned![message.0, packed_keys(some)], |_, _| Ok(()))?;
        }
        Ok(())
    }

    fn discard_stage(&mut self, message: MessageId) -> Result<(), StoreError> {
        let own = self.own;
        discard(self.changing(), own, message)
    }

    fn activate(&mut self, message: MessageId, client: ClientId) -> Result<(), StoreError> {
        self.open = None;
        let connection = self.announcing();
        connection.execute_later(ACTIVATE, owned![message.0, client.0], move |connection, activated| {
            if activated == 1 {
                return Ok(());
            }
            refuse_active(connection, message)?;
            Err(StoreError::Missing("client"))
        })?;
        connection.execute_later(DISCARD_KEY_LISTS, owned![message.0], |_, _| Ok(()))
    }
}

impl<'c> Session<'c> {
    /// The connection for staging for a submission. Checks once in a transaction whether the node may stage.
    fn staging(&mut self, message: MessageId) -> Result<&'c Connection, StoreError> {
        if self.open != Some(message) {
            refuse_closed(self.connection, self.own, message)?;
            self.open = Some(message);
        }
        Ok(self.changing())
    }
}

/// What counts already is never changed.
fn refuse_active(connection: &Connection, message: MessageId) -> Result<(), StoreError> {
    match connection.optional(IS_ACTIVE, &[&message.0], |row| row.integer())? {
        Some(_) => Err(StoreError::Refused(format!("message {} is active", message.0))),
        None => Ok(()),
    }
}

/// No step would discard rows that a late task stages for a closed submission.
fn refuse_closed(connection: &Connection, own: Own, message: MessageId) -> Result<(), StoreError> {
    match is_open(connection, own, message)? {
        true => refuse_active(connection, message),
        false => Err(StoreError::Refused(format!("submission {} is closed", message.0))),
    }
}

/// Whether the submission is to be answered, by this node.
fn is_open(connection: &Connection, own: Own, message: MessageId) -> Result<bool, StoreError> {
    match connection.optional(NODE_OF_OPEN, &[&message.0], |row| row.integer_if_any())? {
        Some(node) if node != own.node => Err(taken_over(message)),
        found => Ok(found.is_some()),
    }
}

/// Removes all that was staged for a message.
pub(super) fn discard(connection: &Connection, own: Own, message: MessageId) -> Result<(), StoreError> {
    is_open(connection, own, message)?;
    refuse_active(connection, message)?;
    let (first, last) = (packed(message.0, 0)?, packed(message.0, u32::MAX)?);
    connection.execute(DISCARD_PAYMENTS, &[&first, &last])?;
    connection.execute(DISCARD_BLOCKS, &[&message.0])?;
    for number in connection.list(KEY_LISTS, &[&message.0], |row| row.integer())? {
        let list = connection.optional(KEY_LIST, &[&message.0, &number], |row| row.bytes_ref().map(<[u8]>::to_vec))?;
        let list = list.ok_or(StoreError::Missing("a list of staged keys"))?;
        for some in unpacked_keys(&list)?.chunks(bounds::INSERT_ROWS_MAX * 3) {
            let hashes: Vec<i64> = some.iter().map(|key| key.hash).collect();
            let payments: Vec<i64> = some.iter().map(|key| packed(message.0, key.ordinal)).collect::<Result<_, _>>()?;
            connection.execute(DISCARD_KEYS, &[&hashes, &payments])?;
        }
    }
    connection.execute(DISCARD_KEY_LISTS, &[&message.0]).map(drop)
}
