//! Searches earlier payments of clients.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use payments::{MessageId, PaymentId};
use tokio_postgres::types::ToSql;

use super::connection::Connection;
use super::session::Session;
use crate::codec::{Columns, unpacked_payment};
use crate::earlier_messages::{Counting, EarlierMessages};
use crate::statement::{Statement, statements};
use crate::{ClientId, DuplicateHit, DuplicateKey, ReadActivations, ReadDuplicates, StoreError, bounds};

statements! {
    /// For groups of decisions, which look at few keys.
    pub(super) const LAST_ACTIVE: Statement = ("SELECT w.hash, w.ordinal, found.payment
        FROM unnest($1::bigint[], $2::bigint[]) AS w (hash, ordinal)
        CROSS JOIN LATERAL (
            SELECT d.payment FROM duplicate_key d
            WHERE d.hash = w.hash AND d.payment >> 32 <> $3
              AND EXISTS (SELECT 1 FROM flip f WHERE f.message = d.payment >> 32)
            ORDER BY d.payment DESC LIMIT 1) AS found
        ORDER BY 1, 2");
    const LAST: Statement = ("SELECT w.hash, w.ordinal, found.payment
        FROM unnest($1::bigint[], $2::bigint[]) AS w (hash, ordinal)
        CROSS JOIN LATERAL (
            SELECT d.payment FROM duplicate_key d WHERE d.hash = w.hash AND d.payment >> 32 <> ALL ($3::bigint[])
            ORDER BY d.payment DESC LIMIT 1) AS found
        ORDER BY 1, 2");
    /// Whether they are active, and where payments of theirs may not count: refused, alone or with their lot (stage 5), or
    /// sent back.
    const STANDING: Statement = ("SELECT m.id, EXISTS (SELECT 1 FROM flip f WHERE f.message = m.id),
            x.first, x.last
        FROM unnest($1::bigint[]) AS m (id) LEFT JOIN LATERAL (
            SELECT r.first, r.last FROM refusal r WHERE r.message = m.id
            UNION ALL SELECT l.first, l.last FROM lot l WHERE l.message = m.id AND l.stage = 5
            UNION ALL SELECT c.returned & 4294967295, c.returned & 4294967295 FROM incoming_credit c
                WHERE c.returned BETWEEN m.id << 32 AND (m.id << 32) + 4294967295
            LIMIT $2) AS x (first, last) ON TRUE");
    /// A payment counts when its message is active, and it neither refused (before it got a lot, alone, in a range, or
    /// with its lot, stage 5) nor sent back by the payee's bank.
    const LAST_THAT_COUNTS: Statement = ("SELECT w.hash, w.ordinal, found.payment
        FROM unnest($1::bigint[], $2::bigint[]) AS w (hash, ordinal)
        CROSS JOIN LATERAL (
            SELECT d.payment FROM duplicate_key d
            WHERE d.hash = w.hash AND d.payment >> 32 <> $3
              AND EXISTS (SELECT 1 FROM flip f WHERE f.message = d.payment >> 32)
              AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.id = d.payment AND (p.lot IS NULL
                OR EXISTS (SELECT 1 FROM lot l
                    WHERE l.message = d.payment >> 32 AND l.number = p.lot AND l.stage = 5)
                OR EXISTS (SELECT 1 FROM refusal r
                    WHERE r.message = d.payment >> 32 AND r.first = d.payment & 4294967295
                      AND (r.lot IS NULL OR r.lot = p.lot))
                OR EXISTS (SELECT 1 FROM refusal r
                    WHERE r.message = d.payment >> 32 AND r.first < r.last AND r.first <= d.payment & 4294967295
                      AND r.last >= d.payment & 4294967295 AND (r.lot IS NULL OR r.lot = p.lot))
                OR EXISTS (SELECT 1 FROM incoming_credit c WHERE c.returned = d.payment)))
            ORDER BY d.payment DESC LIMIT 1) AS found
        ORDER BY 1, 2");
    /// One look into the index for each; the planner would otherwise begin with all that was ever activated. For the same
    /// reason it must not know that only the first is wanted: OFFSET keeps that from it.
    const USED_PAYMENT_INFORMATION_IDS: Statement = ("SELECT w.id, used.message
        FROM unnest($2::text[]) AS w (id) CROSS JOIN LATERAL (
            SELECT min(known.message) AS message FROM (
                SELECT b.message FROM block b WHERE b.client = $1 AND b.payment_information_id = w.id
                    AND EXISTS (SELECT 1 FROM flip f WHERE f.message = b.message) OFFSET 0) AS known) AS used
        WHERE used.message IS NOT NULL");
    const ACTIVATIONS: Locking = ("SELECT flips FROM client WHERE id = $1"; skip " FOR NO KEY UPDATE");
}

impl ReadDuplicates for Session<'_> {
    fn duplicates(&mut self, except: MessageId, keys: &[DuplicateKey]) -> Result<Vec<DuplicateHit>, StoreError> {
        let connection = self.connection;
        // In the order of the index, so that neighbours share its pages.
        let mut wanted = keys.to_vec();
        wanted.sort_unstable();
        let mut search = Search { connection, except, passed: vec![except.0], earlier: EarlierMessages::default() };
        let mut hits = Vec::new();
        for some in wanted.chunks(bounds::INSERT_ROWS_MAX * 3) {
            search.find(some, &mut hits)?;
        }
        Ok(hits)
    }

    fn used_payment_information_ids(
        &mut self,
        client: ClientId,
        ids: &[&str],
    ) -> Result<Vec<(String, MessageId)>, StoreError> {
        let used = self.connection.list(USED_PAYMENT_INFORMATION_IDS, &[&client.0, &ids], |row| {
            Ok((row.text()?, MessageId(row.integer()?)))
        })?;
        let used: HashMap<String, MessageId> = used.into_iter().collect();
        Ok(ids.iter().filter_map(|id| Some(((*id).to_owned(), *used.get(*id)?))).collect())
    }
}

impl ReadActivations for Session<'_> {
    fn activations(&mut self, client: ClientId) -> Result<i64, StoreError> {
        let (connection, gives_way) = (self.connection, self.connection.gives_way());
        let activations =
            connection.optional(ACTIVATIONS.form(self.locks, gives_way), &[&client.0], |row| row.integer())?;
        if activations.is_none() && ACTIVATIONS.leaves_out(self.locks, gives_way) {
            return Err(connection.yield_to_others());
        }
        activations.ok_or(StoreError::Missing("client"))
    }
}

fn key_of(hit: &DuplicateHit) -> DuplicateKey {
    DuplicateKey { hash: hit.hash, ordinal: hit.ordinal }
}

/// A search through the earlier payments of many keys.
struct Search<'c> {
    connection: &'c Connection,
    except: MessageId,
    /// Messages of which no payment counts.
    passed: Vec<i64>,
    earlier: EarlierMessages,
}

impl Search<'_> {
    fn find(&mut self, keys: &[DuplicateKey], hits: &mut Vec<DuplicateHit>) -> Result<(), StoreError> {
        let begin = hits.len();
        let (mut unsure, mut left) = (Vec::new(), Cow::Borrowed(keys));
        for _ in 0..=bounds::LOOKS_BEHIND_MAX {
            if left.is_empty() {
                break;
            }
            let found = ask(self.connection, LAST, &self.passed, &left)?;
            self.look_up(&found)?;
            let mut behind = Vec::new();
            for hit in found {
                match self.earlier.counting(hit.earlier) {
                    Counting::Yes => hits.push(hit),
                    Counting::Unsure => unsure.push(key_of(&hit)),
                    Counting::No => behind.push(key_of(&hit)),
                }
            }
            left = Cow::Owned(behind);
        }
        unsure.extend_from_slice(&left);
        if !unsure.is_empty() {
            unsure.sort_unstable();
            hits.extend(ask(self.connection, LAST_THAT_COUNTS, &self.except.0, &unsure)?);
        }
        if let Some(hits) = hits.get_mut(begin..) {
            hits.sort_unstable_by_key(|hit| (hit.hash, hit.ordinal));
        }
        Ok(())
    }

    /// Asks once about each message.
    fn look_up(&mut self, found: &[DuplicateHit]) -> Result<(), StoreError> {
        let messages = found.iter().map(|hit| hit.earlier.message);
        let unknown: BTreeSet<i64> =
            messages.filter(|message| !self.earlier.knows(*message)).map(|message| message.0).collect();
        let unknown: Vec<i64> = unknown.into_iter().collect();
        let (max, mut ranges) = (bounds::EXCEPTIONS_OF_A_MESSAGE_MAX, BTreeMap::<i64, Vec<(u32, u32)>>::new());
        for some in unknown.chunks(bounds::EARLIER_MESSAGES_AT_A_TIME) {
            ranges.clear();
            // One more than is kept shows that there are more.
            for row in &self.connection.rows(STANDING, &[&some, &(max as i64 + 1)])? {
                let mut row = Columns::of(row);
                let (message, is_active) = (row.integer()?, row.flag()?);
                if !is_active {
                    self.earlier.learn_not_active(MessageId(message));
                    if self.passed.last() != Some(&message) {
                        self.passed.push(message);
                    }
                    continue;
                }
                let of = ranges.entry(message).or_default();
                if let (Some(first), Some(last)) = (row.small_if_any()?, row.small_if_any()?) {
                    of.push((first, last));
                }
            }
            for (message, ranges) in std::mem::take(&mut ranges) {
                self.earlier.learn(MessageId(message), Some(ranges).filter(|ranges| ranges.len() <= max));
            }
        }
        Ok(())
    }
}

/// For each key the last payment that has it.
fn ask(
    connection: &Connection,
    statement: Statement,
    passed: &(dyn ToSql + Sync),
    keys: &[DuplicateKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    let hashes: Vec<i64> = keys.iter().map(|key| key.hash).collect();
    let ordinals: Vec<i64> = keys.iter().map(|key| i64::from(key.ordinal)).collect();
    connection.list(statement, &[&hashes, &ordinals, passed], |row| {
        let (hash, ordinal) = (row.integer()?, row.small()?);
        let earlier: PaymentId = unpacked_payment(row.integer()?)?;
        Ok(DuplicateHit { hash, ordinal, earlier })
    })
}
