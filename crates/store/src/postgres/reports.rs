//! Reports that were asked for.

use super::connection::Connection;
use crate::codec::{count, day, micros};
use crate::reads::*;
use crate::{OnlineUserId, Report, StoreError};

pub(super) fn report(connection: &Connection, id: i64) -> Result<Option<Report>, StoreError> {
    const SQL: &str = concat!("SELECT ", report_columns!(), " FROM report WHERE id = $1");
    connection.optional(SQL, &[&id], |row| read_report(id, row))
}

pub(super) fn reports_of(
    connection: &Connection,
    user: OnlineUserId,
    after: i64,
    limit: u32,
) -> Result<Vec<Report>, StoreError> {
    const SQL: &str =
        concat!("SELECT id, ", report_columns!(), " FROM report WHERE \"user\" = $1 AND id > $2 ORDER BY id LIMIT $3");
    connection.list(SQL, &[&user.0, &after, &i64::from(limit)], |row| {
        let id = row.integer()?;
        read_report(id, row)
    })
}

pub(super) fn insert_report(connection: &Connection, report: &Report) -> Result<Report, StoreError> {
    const NUMBER: &str = "INSERT INTO report_number AS n (account, message_type, number) VALUES ($1, $2, 1)
        ON CONFLICT (account, message_type) DO UPDATE SET number = n.number + 1 RETURNING number";
    const SQL: &str = concat!(
        "INSERT INTO report (",
        report_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6::bigint, $7::bigint, $8, $9, $10::bigint, $11::bigint, $12, $13::bigint, $14,
            $15, $16, $17, $18, $19::bigint) RETURNING id"
    );
    let number = connection.insert(NUMBER, &[&report.account.0, &report.message_type])?;
    let totals = &report.totals;
    let id = connection.insert(
        SQL,
        &[
            &report.user.0,
            &report.message_type,
            &report.message_id,
            &report.request_message_id,
            &report.account.0,
            &day(report.from),
            &day(report.to),
            &number,
            &report.last_sequence,
            &i64::from(report.last_day_closed),
            &report.credits_only.map(i64::from),
            &report.opening,
            &day(totals.date),
            &totals.credit,
            &count(totals.credit_count),
            &totals.debit,
            &count(totals.debit_count),
            &micros(report.created_at),
            &i64::from(report.daily_balances),
        ],
    )?;
    Ok(Report { id, number, ..report.clone() })
}
