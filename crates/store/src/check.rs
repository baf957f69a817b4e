//! Checking a database at rest: what no constraint can say. The same questions to every store.

use crate::{CheckReport, StoreError};

/// Stands in the questions for the table that knows the newest sequence.
const LAST_SEQUENCE: &str = "state_or_tail";

/// Questions whose answer is 0 in a sound database.
const COUNTS_OF_FAULTS: &[(&str, &str)] = &[
    (
        "accounts whose balance is not the sum of their days",
        "SELECT count(*) FROM account a WHERE balance <>
            (SELECT coalesce(sum(credit - debit), 0) FROM account_day d WHERE d.account = a.id)",
    ),
    (
        "account days that differ from their entries",
        "SELECT count(*) FROM account_day d JOIN (
            SELECT account, booking_date,
                sum(CASE WHEN minor >= 0 THEN minor ELSE 0 END) AS credit, sum(CASE WHEN minor >= 0 THEN 1 ELSE 0 END) AS credit_count,
                sum(CASE WHEN minor < 0 THEN -minor ELSE 0 END) AS debit, sum(CASE WHEN minor < 0 THEN 1 ELSE 0 END) AS debit_count
            FROM entry GROUP BY account, booking_date) e ON e.account = d.account AND e.booking_date = d.date
         WHERE (d.credit, d.credit_count, d.debit, d.debit_count)
            <> (e.credit, e.credit_count, e.debit, e.debit_count)",
    ),
    (
        "days with entries and without totals, or the other way round",
        "SELECT (SELECT count(*) FROM (SELECT DISTINCT account, booking_date FROM entry) AS days)
            - (SELECT count(*) FROM account_day)",
    ),
    (
        "entries of accounts that do not exist",
        "SELECT count(*) FROM account_day WHERE account NOT IN (SELECT id FROM account)",
    ),
    (
        "entries that have the cause of another entry of the same account",
        "SELECT count(*) FROM (SELECT 1 FROM entry GROUP BY account, source, source_id, source_lot, kind,
            counter_account HAVING count(*) > 1) AS twice",
    ),
    (
        "entries of payments that are not stored",
        "SELECT count(*) FROM entry WHERE source = 0 AND source_id NOT IN (SELECT id FROM payment)",
    ),
    (
        "entries beyond the last sequence",
        "SELECT count(*) FROM entry WHERE sequence > (SELECT last_sequence FROM state_or_tail)",
    ),
    ("flipped messages without an answer", "SELECT count(*) FROM flip WHERE message NOT IN (SELECT id FROM message)"),
    (
        "consumed submissions without a message",
        "SELECT count(*) FROM submission WHERE (state = 1) <> (id IN (SELECT id FROM message))",
    ),
    (
        "stages of submissions that have been answered",
        "SELECT count(DISTINCT message) FROM staged_keys
            WHERE message NOT IN (SELECT id FROM submission WHERE state = 0)",
    ),
];

/// Asks all of them; returns what is wrong, in plain words. `counter` is the table that knows the newest sequence.
pub(crate) fn counts_of_faults(
    counter: &str,
    mut count: impl FnMut(&str) -> Result<i64, StoreError>,
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for (fault, sql) in COUNTS_OF_FAULTS {
        let count = count(&sql.replace(LAST_SEQUENCE, counter))?;
        if count != 0 {
            found.push(format!("{fault}: {count}"));
        }
    }
    Ok(found)
}

/// The report of a check: how far the audit chain verifies and where it breaks, and what else is wrong.
pub(crate) fn report<const N: usize>(chain: (i64, Option<i64>), problems: [Vec<String>; N]) -> CheckReport {
    let (audit_lines, broken) = chain;
    let broken = broken.map(|sequence| format!("the audit chain breaks at line {sequence}"));
    CheckReport { audit_lines, problems: broken.into_iter().chain(problems.into_iter().flatten()).collect() }
}
