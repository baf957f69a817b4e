//! The data of the invariants from the rows, for a database at rest. The same questions to every store, but for
//! payments, which are many.

use jiff::civil::Date;
use ledger::AccountId;
use money::Currency;
use payments::invariants::{DailyUseFact, DayFact, Facts};

use crate::codec::Columns;
use crate::row_mapping::*;
use crate::statement::{Statement, statements};
use crate::{CheckReport, StoreError};

statements! {
    const ACCOUNTS: Statement = ("SELECT ", account_columns!(), " FROM account");
    const LOTS: Statement = ("SELECT ", lot_columns!(), " FROM lot");
    const DAILY_USE: Statement = ("SELECT account, date, ", daily_use_columns!(), " FROM daily_use");
    const ENTRIES: Statement = ("SELECT e.account, a.currency, e.booking_date, CAST(sum(e.minor) AS BIGINT)
        FROM entry e LEFT JOIN account a ON a.id = e.account GROUP BY e.account, a.currency, e.booking_date");
    const DAYS: Statement = ("SELECT account, date, credit - debit FROM account_day ORDER BY account, date");
}

/// Asks for all rows, without holding them all in memory.
pub(crate) trait Everything {
    fn each(
        &self,
        statement: Statement,
        each: &mut dyn FnMut(&mut Columns<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
}

/// Reads all rows of a statement. A row that cannot be read is a finding, and the rows after it are read all the same.
pub(crate) fn readable_rows<T>(
    report: &mut CheckReport,
    everything: &dyn Everything,
    (what, statement): (&str, Statement),
    mut read: impl FnMut(&mut Columns<'_>) -> Result<T, StoreError>,
    mut each: impl FnMut(T),
) -> Result<(), StoreError> {
    let walked = everything.each(statement, &mut |row| {
        report.readable(what, read(row))?.into_iter().for_each(&mut each);
        Ok(())
    });
    report.readable(what, walked).map(drop)
}

/// The data of the invariants, and nothing when a row cannot be read.
pub(crate) fn all_or_nothing(
    read: impl FnOnce(&mut CheckReport) -> Result<Facts, StoreError>,
) -> Result<Facts, StoreError> {
    let mut report = CheckReport::default();
    let facts = read(&mut report)?;
    report.problems.into_iter().next().map_or(Ok(facts), |problem| Err(StoreError::Corrupt(problem)))
}

pub(crate) fn all_but_payments(store: &dyn Everything, report: &mut CheckReport) -> Result<Facts, StoreError> {
    let mut facts = Facts::new();
    readable_rows(report, store, ("an account", ACCOUNTS), read_ledger_account, |account| facts.account(&account))?;
    readable_rows(report, store, ("a lot", LOTS), read_lot, |lot| facts.lot(&lot))?;
    let read = |row: &mut Columns<'_>| {
        Ok(DailyUseFact { account: AccountId(row.integer()?), date: row.date()?, used: read_daily_use(row)? })
    };
    readable_rows(report, store, ("a day's use of a limit", DAILY_USE), read, |fact| facts.daily_use(fact))?;
    let sum = |(account, currency, date, minor)| facts.entries(account, currency, date, minor);
    readable_rows(report, store, ("the entries of a day", ENTRIES), read_entries, sum)?;
    days(store, &mut facts, report)?;
    Ok(facts)
}

/// From the entries themselves, not from the totals of days, which are to be checked.
fn read_entries(row: &mut Columns<'_>) -> Result<(AccountId, Currency, Date, i128), StoreError> {
    let account = AccountId(row.integer()?);
    let Some(currency) = row.text_if_any()? else {
        return Err(StoreError::Corrupt(format!("an entry of account {}, which does not exist", account.0)));
    };
    let currency = Currency::new(&currency).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok((account, currency, row.date()?, i128::from(row.integer()?)))
}

/// A day's balances as statements give them: from the totals of days.
fn days(store: &dyn Everything, facts: &mut Facts, report: &mut CheckReport) -> Result<(), StoreError> {
    let mut last: Option<(AccountId, i64)> = None;
    let read = |row: &mut Columns<'_>| {
        let (account, date, change) = (AccountId(row.integer()?), row.date()?, row.integer()?);
        let opening = last.filter(|(of, _)| *of == account).map_or(0, |(_, closing)| closing);
        let too_big = || StoreError::Corrupt(format!("the balance of account {} does not fit 64 bits", account.0));
        let closing = opening.checked_add(change).ok_or_else(too_big)?;
        last = Some((account, closing));
        Ok(DayFact { account, date, opening, closing })
    };
    readable_rows(report, store, ("a day of an account", DAYS), read, |fact| facts.day(fact))
}
