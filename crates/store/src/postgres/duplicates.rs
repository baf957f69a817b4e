//! Looking for payments that have been sent before.

use std::collections::{BTreeSet, HashMap, HashSet};

use payments::{MessageId, PaymentId};

use super::connection::Connection;
use crate::codec::unpacked_payment;
use crate::{DuplicateHit, DuplicateKey, StoreError, bounds};

pub(super) fn duplicates(
    connection: &Connection,
    except: MessageId,
    keys: &[DuplicateKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    // In the order of the index, so that neighbours share its pages.
    let mut wanted = keys.to_vec();
    wanted.sort_unstable();
    let mut standing = HashMap::new();
    let mut hits = Vec::new();
    for some in wanted.chunks(bounds::INSERT_ROWS_MAX * 3) {
        let mut found = last_flipped(connection, except, some)?;
        look_up_standing(connection, &found, &mut standing)?;
        let counts_as_a_whole = |hit: &DuplicateHit| standing.get(&hit.earlier.message) == Some(&true);
        let unsure: HashSet<DuplicateKey> = found.iter().filter(|hit| !counts_as_a_whole(hit)).map(key_of).collect();
        if !unsure.is_empty() {
            found.retain(counts_as_a_whole);
            let unsure: Vec<DuplicateKey> = some.iter().filter(|key| unsure.contains(key)).copied().collect();
            found.extend(last_that_counts(connection, except, &unsure)?);
            found.sort_unstable_by_key(|hit| (hit.hash, hit.ordinal));
        }
        hits.extend(found);
    }
    Ok(hits)
}

fn key_of(hit: &DuplicateHit) -> DuplicateKey {
    DuplicateKey { hash: hit.hash, ordinal: hit.ordinal }
}

/// For each key the last payment of an accepted message that has it, whether it was refused or not.
fn last_flipped(
    connection: &Connection,
    except: MessageId,
    keys: &[DuplicateKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    const SQL: &str = "SELECT w.hash, w.ordinal, found.payment
        FROM unnest($1::bigint[], $2::bigint[]) AS w (hash, ordinal)
        CROSS JOIN LATERAL (
            SELECT d.payment FROM duplicate_key d
            WHERE d.hash = w.hash AND d.payment >> 32 <> $3
              AND EXISTS (SELECT 1 FROM flip f WHERE f.message = d.payment >> 32)
            ORDER BY d.payment DESC LIMIT 1) AS found
        ORDER BY 1, 2";
    ask(connection, SQL, except, keys)
}

/// Whether all payments of a message count: nothing of it was refused, alone or with its lot (stage 5), or came back. A file sent twice has
/// as many hits as keys, all in one message, so this is asked once for all of them.
fn look_up_standing(
    connection: &Connection,
    found: &[DuplicateHit],
    standing: &mut HashMap<MessageId, bool>,
) -> Result<(), StoreError> {
    const SQL: &str = "SELECT m.id, NOT EXISTS (SELECT 1 FROM refusal r WHERE r.message = m.id)
            AND NOT EXISTS (SELECT 1 FROM lot l WHERE l.message = m.id AND l.stage = 5)
            AND NOT EXISTS (SELECT 1 FROM incoming_credit c
                WHERE c.returned BETWEEN m.id << 32 AND (m.id << 32) + 4294967295)
        FROM unnest($1::bigint[]) AS m (id)";
    let unknown: BTreeSet<MessageId> =
        found.iter().map(|hit| hit.earlier.message).filter(|message| !standing.contains_key(message)).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = unknown.iter().map(|message| message.0).collect();
    standing.extend(connection.list(SQL, &[&ids], |row| Ok((MessageId(row.integer()?), row.flag()?)))?);
    Ok(())
}

/// For each key the last payment that has it and counts.
fn last_that_counts(
    connection: &Connection,
    except: MessageId,
    keys: &[DuplicateKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    // A payment counts when its message is flipped, and it neither refused (before it got a lot, alone, in a range, or
    // with its lot, stage 5) nor sent back by the payee's bank.
    const SQL: &str = "SELECT w.hash, w.ordinal, found.payment
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
        ORDER BY 1, 2";
    ask(connection, SQL, except, keys)
}

fn ask(
    connection: &Connection,
    sql: &'static str,
    except: MessageId,
    keys: &[DuplicateKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    let hashes: Vec<i64> = keys.iter().map(|key| key.hash).collect();
    let ordinals: Vec<i64> = keys.iter().map(|key| i64::from(key.ordinal)).collect();
    connection.list(sql, &[&hashes, &ordinals, &except.0], |row| {
        let (hash, ordinal) = (row.integer()?, row.small()?);
        let earlier: PaymentId = unpacked_payment(row.integer()?);
        Ok(DuplicateHit { hash, ordinal, earlier })
    })
}
