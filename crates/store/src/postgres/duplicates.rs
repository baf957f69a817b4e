//! Searches earlier payments of clients.

use std::collections::{BTreeSet, HashMap, HashSet};

use payments::{MessageId, PaymentId};

use super::connection::Connection;
use super::session::Session;
use crate::codec::unpacked_payment;
use crate::statement::{Statement, statements};
use crate::{ClientId, DuplicateHit, DuplicateKey, ReadActivations, ReadDuplicates, StoreError, bounds};

statements! {
    pub(super) const LAST_ACTIVE: Statement = ("SELECT w.hash, w.ordinal, found.payment
        FROM unnest($1::bigint[], $2::bigint[]) AS w (hash, ordinal)
        CROSS JOIN LATERAL (
            SELECT d.payment FROM duplicate_key d
            WHERE d.hash = w.hash AND d.payment >> 32 <> $3
              AND EXISTS (SELECT 1 FROM flip f WHERE f.message = d.payment >> 32)
            ORDER BY d.payment DESC LIMIT 1) AS found
        ORDER BY 1, 2");
    const STANDING: Statement = ("SELECT m.id, NOT EXISTS (SELECT 1 FROM refusal r WHERE r.message = m.id)
            AND NOT EXISTS (SELECT 1 FROM lot l WHERE l.message = m.id AND l.stage = 5)
            AND NOT EXISTS (SELECT 1 FROM incoming_credit c
                WHERE c.returned BETWEEN m.id << 32 AND (m.id << 32) + 4294967295)
        FROM unnest($1::bigint[]) AS m (id)");
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
        let mut standing = HashMap::new();
        let mut hits = Vec::new();
        for some in wanted.chunks(bounds::INSERT_ROWS_MAX * 3) {
            // Of accepted messages, whether the payment was refused or not.
            let mut found = ask(connection, LAST_ACTIVE, except, some)?;
            look_up_standing(connection, &found, &mut standing)?;
            let counts_as_a_whole = |hit: &DuplicateHit| standing.get(&hit.earlier.message) == Some(&true);
            let unsure: HashSet<DuplicateKey> =
                found.iter().filter(|hit| !counts_as_a_whole(hit)).map(key_of).collect();
            if !unsure.is_empty() {
                found.retain(counts_as_a_whole);
                let unsure: Vec<DuplicateKey> = some.iter().filter(|key| unsure.contains(key)).copied().collect();
                found.extend(ask(connection, LAST_THAT_COUNTS, except, &unsure)?);
                found.sort_unstable_by_key(|hit| (hit.hash, hit.ordinal));
            }
            hits.extend(found);
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

/// Whether all payments of a message count: none was refused, alone or with its lot (stage 5), or came back. A file
/// sent twice has as many hits as keys, all in one message, so the store asks this once for all of them.
fn look_up_standing(
    connection: &Connection,
    found: &[DuplicateHit],
    standing: &mut HashMap<MessageId, bool>,
) -> Result<(), StoreError> {
    let unknown: BTreeSet<MessageId> =
        found.iter().map(|hit| hit.earlier.message).filter(|message| !standing.contains_key(message)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = unknown.iter().map(|message| message.0).collect();
    standing.extend(connection.list(STANDING, &[&ids], |row| Ok((MessageId(row.integer()?), row.flag()?)))?);
    Ok(())
}

/// For each key the last payment that has it.
fn ask(
    connection: &Connection,
    statement: Statement,
    except: MessageId,
    keys: &[DuplicateKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    let hashes: Vec<i64> = keys.iter().map(|key| key.hash).collect();
    let ordinals: Vec<i64> = keys.iter().map(|key| i64::from(key.ordinal)).collect();
    connection.list(statement, &[&hashes, &ordinals, &except.0], |row| {
        let (hash, ordinal) = (row.integer()?, row.small()?);
        let earlier: PaymentId = unpacked_payment(row.integer()?)?;
        Ok(DuplicateHit { hash, ordinal, earlier })
    })
}
