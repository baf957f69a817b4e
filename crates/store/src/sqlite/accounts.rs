//! Accounts and their balances, limits and holds, which a decision loads and writes back.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ledger::{Account, AccountId, Book, DailyUse};
use rusqlite::{Connection, params};

use super::codec::failed;
use super::query::{execute, optional, prepare};
use super::session::Session;
use crate::codec::{Coded, day};
use crate::row_mapping::*;
use crate::statement::statements;
use crate::unit_of_work::{Changes, OnDate, book_of};
use crate::{ReadAccounts, ReadBusinessDay, StoreError, TreasuryAccount, WriteAccounts, WriteBook};

statements! {
    const BY_IBAN: Statement = ("SELECT ", treasury_account_columns!(), " FROM account WHERE iban = ?1");
    const BY_ID: Statement = ("SELECT ", treasury_account_columns!(), " FROM account WHERE id = ?1");
    const UPDATE: Statement = ("UPDATE account SET state = ?2, limit_per_payment = ?3, limit_per_day = ?4 WHERE id = ?1");
    const LEDGER_ACCOUNT: Statement = ("SELECT ", account_columns!(), " FROM account WHERE id = ?1");
    const ON_DATE: Statement = ("SELECT ", on_date_columns!(), " FROM account a
        LEFT JOIN daily_use u ON u.account = a.id AND u.date = ?2
        LEFT JOIN one_day_limit l ON l.account = a.id AND l.day = ?2 WHERE a.id = ?1");
    const SAVE_ACCOUNT: Statement = ("UPDATE account SET balance = ?2, held = ?3 WHERE id = ?1");
    const SAVE_DAILY_USE: Statement = ("INSERT INTO daily_use (account, date, minor, grown_to, limit_per_day)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (account, date) DO UPDATE
        SET minor = excluded.minor, grown_to = excluded.grown_to, limit_per_day = excluded.limit_per_day");
}

impl ReadAccounts for Session<'_> {
    fn accounts_by_iban(&mut self, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError> {
        let connection = self.connection()?;
        let wanted: BTreeSet<&str> = ibans.iter().copied().collect();
        let found = wanted.into_iter().map(|iban| optional(connection, BY_IBAN, [iban], read_account));
        found.filter_map(Result::transpose).collect()
    }

    fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError> {
        let connection = self.connection()?;
        let wanted: BTreeSet<AccountId> = ids.iter().copied().collect();
        let found = wanted.into_iter().map(|id| optional(connection, BY_ID, [id.0], read_account));
        found.filter_map(Result::transpose).collect()
    }
}

impl WriteBook for Session<'_> {
    fn book(&mut self, accounts: &[AccountId], dates: &[Date]) -> Result<Book, StoreError> {
        let connection = self.connection()?;
        let ids: BTreeSet<AccountId> = accounts.iter().copied().collect();
        let dates: BTreeSet<Date> = dates.iter().copied().collect();
        let mut of_book = Vec::with_capacity(ids.len());
        let mut on_dates = Vec::with_capacity(ids.len() * dates.len());
        for id in ids {
            let Some(account) = optional(connection, LEDGER_ACCOUNT, [id.0], read_ledger_account)? else { continue };
            for &date in &dates {
                // A date that was never used has no row yet; it counts as 0 and gets its row from `save_book`.
                let (used, limits) =
                    optional(connection, ON_DATE, [id.0, day(date)], read_on_date)?.unwrap_or_default();
                on_dates.push(OnDate { account: id, date, used, limits });
            }
            of_book.push(account);
        }
        self.loaded.remember(&of_book, &on_dates);
        Ok(book_of(self.business_day()?, of_book, &on_dates))
    }

    fn save_book(&mut self, book: &Book) -> Result<(), StoreError> {
        let changes = self.loaded.changes(book)?;
        save(self.connection()?, &changes)
    }
}

/// Writes changes of accounts and of the use of their limits.
pub(super) fn save(connection: &Connection, changes: &Changes) -> Result<(), StoreError> {
    let mut update = prepare(connection, SAVE_ACCOUNT)?;
    for &(account, balance, held) in &changes.accounts {
        update.execute([account.0, balance, held]).map_err(failed)?;
    }
    let mut upsert = prepare(connection, SAVE_DAILY_USE)?;
    for &(account, date, DailyUse { minor, growth }) in &changes.daily_use {
        let (grown_to, limit) = (growth.map(|growth| growth.to), growth.map(|growth| growth.limit));
        upsert.execute(params![account.0, day(date), minor, grown_to, limit]).map_err(failed)?;
    }
    Ok(())
}

impl WriteAccounts for Session<'_> {
    fn update_account(&mut self, account: &Account) -> Result<(), StoreError> {
        let limits = &account.limits;
        let values = params![account.id.0, account.state.code(), limits.per_payment, limits.per_day];
        match execute(self.announcing()?, UPDATE, values)? {
            1 => Ok(()),
            _ => Err(StoreError::Missing("account")),
        }
    }
}
