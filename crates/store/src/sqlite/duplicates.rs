//! Searches earlier payments of clients.

use payments::{MessageId, PaymentId, Stage};
use rusqlite::{CachedStatement, Connection, params};

use super::codec::failed;
use super::query::{list, optional, prepare};
use super::session::Session;
use crate::codec::{Coded, Columns, packed_payment, unpacked_payment};
use crate::earlier_messages::{Counting, EarlierMessages};
use crate::statement::statements;
use crate::{ClientId, DuplicateHit, DuplicateKey, ReadActivations, ReadDuplicates, StoreError, bounds};

statements! {
    const CANDIDATES: Statement = ("SELECT payment FROM duplicate_key WHERE hash = ?1 ORDER BY payment DESC");
    /// Alone, in a range, with its lot, or by the bank that sent it back.
    const REFUSED: Statement = ("SELECT 1 FROM payment p WHERE p.id = ?1 AND (p.lot IS NULL
        OR EXISTS (SELECT 1 FROM refusal INDEXED BY refusal_of
            WHERE message = ?2 AND first = ?3 AND (lot IS NULL OR lot = p.lot))
        OR EXISTS (SELECT 1 FROM refusal INDEXED BY refusal_range_of
            WHERE message = ?2 AND first < last AND first <= ?3 AND last >= ?3 AND (lot IS NULL OR lot = p.lot))
        OR EXISTS (SELECT 1 FROM lot WHERE message = ?2 AND number = p.lot AND stage = ?4)
        OR EXISTS (SELECT 1 FROM incoming_credit INDEXED BY incoming_credit_of_return WHERE returned = ?1))");
    const IS_ACTIVE: Statement = ("SELECT 1 FROM flip WHERE message = ?1");
    /// Where payments of a message may not count: refused, alone or with their lot, or sent back.
    const EXCEPTIONS: Statement = ("SELECT first, last FROM refusal WHERE message = ?1
        UNION ALL SELECT first, last FROM lot WHERE message = ?1 AND stage = ?2
        UNION ALL SELECT returned & 4294967295, returned & 4294967295
            FROM incoming_credit INDEXED BY incoming_credit_of_return
            WHERE returned BETWEEN ?1 << 32 AND (?1 << 32) + 4294967295
        LIMIT ?3");
    const USED_PAYMENT_INFORMATION_ID: Statement = ("SELECT b.message FROM block b JOIN flip f ON f.message = b.message
        WHERE b.client = ?1 AND b.payment_information_id = ?2 ORDER BY +b.message LIMIT 1");
    const ACTIVATIONS: Statement = ("SELECT flips FROM client WHERE id = ?1");
}

impl ReadDuplicates for Session<'_> {
    fn duplicates(&mut self, except: MessageId, keys: &[DuplicateKey]) -> Result<Vec<DuplicateHit>, StoreError> {
        let connection = self.connection()?;
        // In the order of the index, so that neighbours share its pages.
        let mut wanted = keys.to_vec();
        wanted.sort_unstable();
        let mut candidates = prepare(connection, CANDIDATES)?;
        let mut earlier = Earlier::new(connection)?;
        let mut hits = Vec::new();
        for key in wanted {
            let mut rows = candidates.query([key.hash]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                let payment = unpacked_payment(Columns::of(row).integer()?)?;
                if payment.message != except && earlier.counts(payment)? {
                    hits.push(DuplicateHit { hash: key.hash, ordinal: key.ordinal, earlier: payment });
                    break;
                }
            }
        }
        Ok(hits)
    }

    fn used_payment_information_ids(
        &mut self,
        client: ClientId,
        ids: &[&str],
    ) -> Result<Vec<(String, MessageId)>, StoreError> {
        let connection = self.connection()?;
        let mut used = Vec::new();
        for &id in ids {
            let values = params![client.0, id];
            if let Some(message) = optional(connection, USED_PAYMENT_INFORMATION_ID, values, |row| row.integer())? {
                used.push((id.to_owned(), MessageId(message)));
            }
        }
        Ok(used)
    }
}

impl ReadActivations for Session<'_> {
    fn activations(&mut self, client: ClientId) -> Result<i64, StoreError> {
        let activations = optional(self.connection()?, ACTIVATIONS, [client.0], |row| row.integer())?;
        activations.ok_or(StoreError::Missing("client"))
    }
}

/// Decides whether earlier payments count.
struct Earlier<'c> {
    connection: &'c Connection,
    messages: EarlierMessages,
    refused: CachedStatement<'c>,
}

impl<'c> Earlier<'c> {
    fn new(connection: &'c Connection) -> Result<Earlier<'c>, StoreError> {
        Ok(Earlier { connection, messages: EarlierMessages::default(), refused: prepare(connection, REFUSED)? })
    }

    fn counts(&mut self, payment: PaymentId) -> Result<bool, StoreError> {
        if !self.messages.knows(payment.message) {
            self.look_up(payment.message)?;
        }
        match self.messages.counting(payment) {
            Counting::Yes => Ok(true),
            Counting::No => Ok(false),
            Counting::Unsure => {
                let (message, ordinal) = (payment.message.0, i64::from(payment.ordinal));
                let values = [packed_payment(payment)?, message, ordinal, Stage::Refused.code()];
                Ok(!self.refused.exists(values).map_err(failed)?)
            }
        }
    }

    fn look_up(&mut self, message: MessageId) -> Result<(), StoreError> {
        if optional(self.connection, IS_ACTIVE, [message.0], |row| row.integer())?.is_none() {
            self.messages.learn_not_active(message);
            return Ok(());
        }
        let max = bounds::EXCEPTIONS_OF_A_MESSAGE_MAX;
        // One more than is kept shows that there are more.
        let values = [message.0, Stage::Refused.code(), max as i64 + 1];
        let ranges = list(self.connection, EXCEPTIONS, values, |row| Ok((row.small()?, row.small()?)))?;
        self.messages.learn(message, Some(ranges).filter(|ranges| ranges.len() <= max));
        Ok(())
    }
}
