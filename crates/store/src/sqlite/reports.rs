//! Reports that were asked for.

use rusqlite::{Connection, params};

use super::query::{insert, list, optional};
use crate::codec::{count, day, micros};
use crate::reads::*;
use crate::{OnlineUserId, Report, StoreError};

pub(super) fn report(connection: &Connection, id: i64) -> Result<Option<Report>, StoreError> {
    const SQL: &str = concat!("SELECT ", report_columns!(), " FROM report WHERE id = ?1");
    optional(connection, SQL, [id], |row| read_report(id, row))
}

pub(super) fn reports_of(
    connection: &Connection,
    user: OnlineUserId,
    after: i64,
    limit: u32,
) -> Result<Vec<Report>, StoreError> {
    const SQL: &str =
        concat!("SELECT id, ", report_columns!(), " FROM report WHERE user = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
    list(connection, SQL, params![user.0, after, limit], |row| {
        let id = row.integer()?;
        read_report(id, row)
    })
}

pub(super) fn insert_report(connection: &Connection, report: &Report) -> Result<Report, StoreError> {
    const NUMBER: &str = "SELECT max(number) FROM report WHERE account = ?1 AND message_type = ?2";
    const SQL: &str = concat!(
        "INSERT INTO report (",
        report_columns!(),
        ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"
    );
    let last =
        optional(connection, NUMBER, params![report.account.0, report.message_type], |row| row.integer_if_any())?;
    let number = last.flatten().unwrap_or(0) + 1;
    let totals = &report.totals;
    let values = params![
        report.user.0,
        report.message_type,
        report.message_id,
        report.request_message_id,
        report.account.0,
        day(report.from),
        day(report.to),
        number,
        report.last_sequence,
        report.last_day_closed,
        report.credits_only,
        report.opening,
        day(totals.date),
        totals.credit,
        count(totals.credit_count),
        totals.debit,
        count(totals.debit_count),
        micros(report.created_at),
        report.daily_balances,
    ];
    let id = insert(connection, SQL, values)?;
    Ok(Report { id, number, ..report.clone() })
}
