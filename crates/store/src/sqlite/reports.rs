//! Reports that were asked for.

use ledger::AccountId;
use rusqlite::{Connection, params};

use super::codec::{Columns, count, day, micros};
use super::query::{insert, list, optional};
use crate::{AccountDay, OnlineUserId, Report, StoreError};

macro_rules! report_columns {
    () => {
        "id, user, message_type, message_id, request_message_id, account, from_date, to_date, number, last_sequence,
         last_day_closed, credits_only, opening, totals_date, credit, credit_count, debit, debit_count, created_at"
    };
}

fn read_report(row: &mut Columns<'_>) -> Result<Report, StoreError> {
    Ok(Report {
        id: row.integer()?,
        user: OnlineUserId(row.integer()?),
        message_type: row.text()?,
        message_id: row.text()?,
        request_message_id: row.text()?,
        account: AccountId(row.integer()?),
        from: row.date()?,
        to: row.date()?,
        number: row.integer()?,
        last_sequence: row.integer()?,
        last_day_closed: row.flag()?,
        credits_only: row.flag_if_any()?,
        opening: row.integer()?,
        totals: AccountDay {
            date: row.date()?,
            credit: row.integer()?,
            credit_count: row.unsigned()?,
            debit: row.integer()?,
            debit_count: row.unsigned()?,
        },
        created_at: row.timestamp()?,
    })
}

pub(super) fn report(connection: &Connection, id: i64) -> Result<Option<Report>, StoreError> {
    const SQL: &str = concat!("SELECT ", report_columns!(), " FROM report WHERE id = ?1");
    optional(connection, SQL, [id], read_report)
}

pub(super) fn reports_of(
    connection: &Connection,
    user: OnlineUserId,
    after: i64,
    limit: u32,
) -> Result<Vec<Report>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", report_columns!(), " FROM report WHERE user = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
    list(connection, SQL, params![user.0, after, limit], read_report)
}

pub(super) fn insert_report(connection: &Connection, report: &Report) -> Result<Report, StoreError> {
    const NUMBER: &str = "SELECT max(number) FROM report WHERE account = ?1 AND message_type = ?2";
    const SQL: &str = "INSERT INTO report (user, message_type, message_id, request_message_id, account, from_date,
            to_date, number, last_sequence, last_day_closed, credits_only, opening, totals_date, credit, credit_count,
            debit, debit_count, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
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
    ];
    let id = insert(connection, SQL, values)?;
    Ok(Report { id, number, ..report.clone() })
}
