//! Looking for payments that have been sent before.

use payments::{MessageId, PaymentId};

use super::connection::Connection;
use crate::codec::unpacked_payment;
use crate::{DuplicateHit, DuplicateKey, StoreError, bounds};

pub(super) fn duplicates(
    connection: &Connection,
    except: MessageId,
    keys: &[DuplicateKey],
) -> Result<Vec<DuplicateHit>, StoreError> {
    // A payment counts when its message is flipped, and it was not refused: before it got a lot, alone, in a range, or
    // with its lot (stage 5).
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
                      AND r.last >= d.payment & 4294967295 AND (r.lot IS NULL OR r.lot = p.lot))))
            ORDER BY d.payment LIMIT 1) AS found
        ORDER BY 1, 2";
    // In the order of the index, so that neighbours share its pages.
    let mut wanted = keys.to_vec();
    wanted.sort_unstable();
    let mut hits = Vec::new();
    for some in wanted.chunks(bounds::INSERT_ROWS_MAX * 3) {
        let hashes: Vec<i64> = some.iter().map(|key| key.hash).collect();
        let ordinals: Vec<i64> = some.iter().map(|key| i64::from(key.ordinal)).collect();
        hits.extend(connection.list(SQL, &[&hashes, &ordinals, &except.0], |row| {
            let (hash, ordinal) = (row.integer()?, row.small()?);
            let earlier: PaymentId = unpacked_payment(row.integer()?);
            Ok(DuplicateHit { hash, ordinal, earlier })
        })?);
    }
    Ok(hits)
}
