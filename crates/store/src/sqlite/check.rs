//! Checking a database at rest: what no constraint can say.

use rusqlite::Connection;

use super::query::{list, optional};
use super::{audit, submissions};
use crate::body::BodyFolder;
use crate::{CheckReport, StoreError};

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
                sum(CASE WHEN minor >= 0 THEN minor ELSE 0 END) AS credit, sum(minor >= 0) AS credit_count,
                sum(CASE WHEN minor < 0 THEN -minor ELSE 0 END) AS debit, sum(minor < 0) AS debit_count
            FROM entry GROUP BY account, booking_date) e ON e.account = d.account AND e.booking_date = d.date
         WHERE (d.credit, d.credit_count, d.debit, d.debit_count)
            <> (e.credit, e.credit_count, e.debit, e.debit_count)",
    ),
    (
        "days with entries and without totals, or the other way round",
        "SELECT (SELECT count(*) FROM (SELECT DISTINCT account, booking_date FROM entry))
            - (SELECT count(*) FROM account_day)",
    ),
    (
        "entries of accounts that do not exist",
        "SELECT count(*) FROM account_day WHERE account NOT IN (SELECT id FROM account)",
    ),
    (
        "entries that have the cause of another entry of the same account",
        "SELECT count(*) FROM (SELECT 1 FROM entry GROUP BY account, source, source_id, source_lot, kind,
            counter_account HAVING count(*) > 1)",
    ),
    (
        "entries of payments that are not stored",
        "SELECT count(*) FROM entry WHERE source = 0 AND source_id NOT IN (SELECT id FROM payment)",
    ),
    (
        "entries beyond the last sequence",
        "SELECT count(*) FROM entry WHERE sequence > (SELECT last_sequence FROM state)",
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

pub(super) fn check(connection: &Connection, bodies: &BodyFolder) -> Result<CheckReport, StoreError> {
    let mut report = CheckReport::default();
    let integrity = list(connection, "PRAGMA integrity_check", [], |row| row.text())?;
    report.problems.extend(integrity.into_iter().filter(|line| line != "ok"));
    let (verified, broken) = audit::verify(connection)?;
    report.audit_lines = verified;
    if let Some(sequence) = broken {
        report.problems.push(format!("the audit chain breaks at line {sequence}"));
    }
    for (fault, sql) in COUNTS_OF_FAULTS {
        let count = optional(connection, sql, [], |row| row.integer())?.unwrap_or(0);
        if count != 0 {
            report.problems.push(format!("{fault}: {count}"));
        }
    }
    let mut missing: Vec<String> =
        submissions::body_files(connection)?.into_iter().filter(|name| !bodies.exists(name)).collect();
    missing.sort();
    report.problems.extend(missing.into_iter().map(|name| format!("body file {name} is missing")));
    Ok(report)
}
