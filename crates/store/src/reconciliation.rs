//! The data of the invariants from the rows, for a database at rest. The same questions to every store, but for
//! payments, which are many.

use ledger::AccountId;
use money::Currency;
use payments::invariants::{DailyUseFact, DayFact, Facts};

use crate::StoreError;
use crate::codec::Columns;
use crate::row_mapping::*;
use crate::statement::{Statement, statements};

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

pub(crate) fn all_but_payments(store: &dyn Everything) -> Result<Facts, StoreError> {
    let mut facts = Facts::new();
    store.each(ACCOUNTS, &mut |row| {
        facts.account(&read_ledger_account(row)?);
        Ok(())
    })?;
    store.each(LOTS, &mut |row| {
        facts.lot(&read_lot(row)?);
        Ok(())
    })?;
    daily_use(store, &mut facts)?;
    entries(store, &mut facts)?;
    days(store, &mut facts)?;
    Ok(facts)
}

fn daily_use(store: &dyn Everything, facts: &mut Facts) -> Result<(), StoreError> {
    store.each(DAILY_USE, &mut |row| {
        let (account, date, used) = (AccountId(row.integer()?), row.date()?, read_daily_use(row)?);
        facts.daily_use(DailyUseFact { account, date, used });
        Ok(())
    })
}

/// From the entries themselves, not from the totals of days, which are to be checked.
fn entries(store: &dyn Everything, facts: &mut Facts) -> Result<(), StoreError> {
    store.each(ENTRIES, &mut |row| {
        let account = AccountId(row.integer()?);
        let Some(currency) = row.text_if_any()? else {
            return Err(StoreError::Corrupt(format!("an entry of account {}, which does not exist", account.0)));
        };
        let currency = Currency::new(&currency).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        facts.entries(account, currency, row.date()?, i128::from(row.integer()?));
        Ok(())
    })
}

/// A day's balances as statements give them: from the totals of days.
fn days(store: &dyn Everything, facts: &mut Facts) -> Result<(), StoreError> {
    let mut last: Option<(AccountId, i64)> = None;
    store.each(DAYS, &mut |row| {
        let (account, date, change) = (AccountId(row.integer()?), row.date()?, row.integer()?);
        let opening = last.filter(|(of, _)| *of == account).map_or(0, |(_, closing)| closing);
        let closing = opening.checked_add(change).ok_or(StoreError::TooBig("balance"))?;
        facts.day(DayFact { account, date, opening, closing });
        last = Some((account, closing));
        Ok(())
    })
}
