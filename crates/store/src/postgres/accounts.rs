//! Accounts and their balances, limits and holds, which a decision loads and writes back.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ledger::{Account, AccountId, Book, Journal, Limits};

use super::codec::Trouble;
use super::connection::{Connection, Values, owned};
use super::session::Session;
use crate::codec::{Coded, Columns, date, day};
use crate::plain::business_day::BUSINESS_DAY;
use crate::row_mapping::*;
use crate::statement::{Locks, statements};
use crate::unit_of_work::{Changes, Loaded, OnDate, book_of};
use crate::{ReadAccounts, StoreError, TreasuryAccount, WriteAccounts, WriteBook};

statements! {
    pub(super) const BY_IBAN: Statement = ("SELECT ", treasury_account_columns!(), " FROM account
        WHERE iban = ANY($1::text[]) ORDER BY iban");
    const BY_ID: Statement = ("SELECT ", treasury_account_columns!(), " FROM account
        WHERE id = ANY($1::bigint[]) ORDER BY id");
    /// The caller's change depends on the values that it read.
    const UPDATE: Statement = ("UPDATE account SET state = $2::bigint, limit_per_payment = $3, limit_per_day = $4
        WHERE id = $1 AND ($5::bigint IS NULL OR (state = $5::bigint AND limit_per_payment IS NOT DISTINCT FROM $6
            AND limit_per_day IS NOT DISTINCT FROM $7))");
    /// The accounts as the ledger keeps them, locked in the order of their ids until the end. The lock also covers the
    /// use of their limits and the limits of single days, which no transaction changes without it: so a date without a row
    /// needs none for the lock.
    const LEDGER_ACCOUNTS: Locking = ("SELECT ", account_columns!(), " FROM account
        WHERE id = ANY($1::bigint[]) ORDER BY id"; skip " FOR NO KEY UPDATE");
    const ON_DATES: Statement = ("SELECT a.account, d.date, ", on_date_columns!(), "
        FROM unnest($1::bigint[]) AS a (account) CROSS JOIN unnest($2::bigint[]) AS d (date)
        LEFT JOIN daily_use u ON u.account = a.account AND u.date = d.date
        LEFT JOIN one_day_limit l ON l.account = a.account AND l.day = d.date ORDER BY 1, 2");
    const SAVE_ACCOUNTS: Statement = ("UPDATE account a SET balance = c.balance, held = c.held
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS c (id, balance, held) WHERE a.id = c.id");
    const SAVE_DAILY_USE: Statement = ("INSERT INTO daily_use (account, date, minor, grown_to, limit_per_day)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
        ON CONFLICT (account, date) DO UPDATE
        SET minor = excluded.minor, grown_to = excluded.grown_to, limit_per_day = excluded.limit_per_day");
    const CURRENCIES: Statement = ("SELECT id, currency FROM account WHERE id = ANY($1::bigint[])");
}

impl ReadAccounts for Session<'_> {
    fn accounts_by_iban(&mut self, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError> {
        let found = self.connection.list(BY_IBAN, &[&ibans], read_account)?;
        self.see(found)
    }

    fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError> {
        let found = by_id(self.connection, ids)?;
        self.see(found)
    }
}

impl WriteBook for Session<'_> {
    fn book(&mut self, accounts: &[AccountId], dates: &[Date]) -> Result<Book, StoreError> {
        let connection = self.connection;
        let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect::<BTreeSet<_>>().into_iter().collect();
        let dates: Vec<i64> = dates.iter().map(|&date| day(date)).collect::<BTreeSet<_>>().into_iter().collect();
        let gives_way = connection.gives_way();
        let statements = (
            connection.statement(BUSINESS_DAY.postgres.form(self.locks, gives_way))?,
            connection.statement(LEDGER_ACCOUNTS.form(Locks::Waiting, gives_way))?,
            connection.statement(ON_DATES)?,
        );
        let client = connection.client();
        let of_accounts: Values<'_> = &[&ids];
        let of_days: Values<'_> = &[&ids, &dates];
        // The server runs them one after another, and each sees all commits from before it began.
        let (day, accounts, uses) = connection.answer(async {
            tokio::try_join!(
                biased;
                client.query_opt(&statements.0, &[]),
                client.query(&statements.1, of_accounts),
                client.query(&statements.2, of_days),
            )
        })?;
        let day = day.map(|row| Columns::of(&row).date_if_any()).transpose()?.flatten();
        let day = day.ok_or(StoreError::Missing("business day"))?;
        let accounts: Vec<Account> =
            accounts.iter().map(|row| read_ledger_account(&mut Columns::of(row))).collect::<Result<_, _>>()?;
        if gives_way && accounts.len() < ids.len() {
            return Err(connection.yield_to_others());
        }
        let known: BTreeSet<AccountId> = accounts.iter().map(|account| account.id).collect();
        let mut on_dates = Vec::with_capacity(uses.len());
        for row in &uses {
            let of_date = on_date(&mut Columns::of(row))?;
            if known.contains(&of_date.account) {
                on_dates.push(of_date);
            }
        }
        self.loaded.remember(&accounts, &on_dates);
        Ok(book_of(day, accounts, &on_dates))
    }

    fn save_book(&mut self, book: &Book) -> Result<(), StoreError> {
        let changes = self.loaded.changes(book)?;
        save(self.changing(), &changes)
    }
}

/// A row of an account and a date.
pub(super) fn on_date(row: &mut Columns<'_>) -> Result<OnDate, StoreError> {
    let (account, on) = (AccountId(row.integer()?), date(row.integer()?)?);
    let (used, limits) = read_on_date(row)?;
    Ok(OnDate { account, date: on, used, limits })
}

/// Sends changes of accounts and of the use of their limits.
pub(super) fn save(connection: &Connection, changes: &Changes) -> Result<(), StoreError> {
    if !changes.accounts.is_empty() {
        let ids: Vec<i64> = changes.accounts.iter().map(|(id, _, _)| id.0).collect();
        let balances: Vec<i64> = changes.accounts.iter().map(|&(_, balance, _)| balance).collect();
        let holds: Vec<i64> = changes.accounts.iter().map(|&(_, _, held)| held).collect();
        connection.execute_later(SAVE_ACCOUNTS, owned![ids, balances, holds], |_, _| Ok(()))?;
    }
    if !changes.daily_use.is_empty() {
        let ids: Vec<i64> = changes.daily_use.iter().map(|(id, _, _)| id.0).collect();
        let dates: Vec<i64> = changes.daily_use.iter().map(|&(_, date, _)| day(date)).collect();
        let minors: Vec<i64> = changes.daily_use.iter().map(|(_, _, used)| used.minor).collect();
        let growths = || changes.daily_use.iter().map(|(_, _, used)| used.growth);
        let grown_to: Vec<Option<i64>> = growths().map(|growth| growth.map(|growth| growth.to)).collect();
        let limits: Vec<Option<i64>> = growths().map(|growth| growth.map(|growth| growth.limit)).collect();
        connection.execute_later(SAVE_DAILY_USE, owned![ids, dates, minors, grown_to, limits], |_, _| Ok(()))?;
    }
    Ok(())
}

impl WriteAccounts for Session<'_> {
    /// When another transaction has changed what this one read, the job runs again.
    fn update_account(&mut self, account: &Account) -> Result<(), StoreError> {
        let connection = self.announcing();
        let before = self.seen.get(&account.id).copied();
        let (state, before) =
            (before.map(|(state, _)| state.code()), before.map_or_else(Limits::default, |(_, it)| it));
        let limits = &account.limits;
        let changed = connection.execute(
            UPDATE,
            &[
                &account.id.0,
                &account.state.code(),
                &limits.per_payment,
                &limits.per_day,
                &state,
                &before.per_payment,
                &before.per_day,
            ],
        )?;
        if changed == 1 {
            self.seen.insert(account.id, (account.state, account.limits));
            return Ok(());
        }
        match by_id(connection, &[account.id])?.is_empty() {
            true => Err(StoreError::Missing("account")),
            false => Err(connection.spoil(Trouble::Again(StoreError::InTheWay("the account has changed".to_owned())))),
        }
    }
}

impl Session<'_> {
    /// Remembers the values on which a change of an account may depend. A job that runs again locks the account:
    /// otherwise others that change it all the time would be in its way each time.
    fn see(&mut self, mut accounts: Vec<TreasuryAccount>) -> Result<Vec<TreasuryAccount>, StoreError> {
        if self.locks == Locks::Again {
            lock(self.connection, &mut accounts)?;
        }
        if self.locks != Locks::None {
            let seen = accounts.iter().map(|account| &account.ledger);
            self.seen.extend(seen.map(|account| (account.id, (account.state, account.limits))));
        }
        Ok(accounts)
    }
}

fn by_id(connection: &Connection, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    connection.list(BY_ID, &[&ids], read_account)
}

/// Locks accounts that were read, and gives them the state that they have now.
fn lock(connection: &Connection, accounts: &mut [TreasuryAccount]) -> Result<(), StoreError> {
    let ids: Vec<i64> =
        accounts.iter().map(|account| account.ledger.id.0).collect::<BTreeSet<_>>().into_iter().collect();
    let gives_way = connection.gives_way();
    let locked = connection.list(LEDGER_ACCOUNTS.form(Locks::Waiting, gives_way), &[&ids], read_ledger_account)?;
    if gives_way && locked.len() < ids.len() {
        return Err(connection.yield_to_others());
    }
    for account in accounts {
        if let Some(now) = locked.iter().find(|now| now.id == account.ledger.id) {
            account.ledger.clone_from(now);
        }
    }
    Ok(())
}

/// Accounts of a journal exist and have its currency.
pub(super) fn check_currency(connection: &Connection, loaded: &Loaded, journal: &Journal) -> Result<(), StoreError> {
    let another = |account: AccountId| {
        StoreError::Refused(format!("account {} has another currency than the journal", account.0))
    };
    let accounts: BTreeSet<AccountId> = journal.entries.iter().map(|entry| entry.account).collect();
    let mut unknown = Vec::new();
    for &account in &accounts {
        match loaded.account(account) {
            Some(known) if known.currency != journal.currency => return Err(another(account)),
            Some(_) => {}
            None => unknown.push(account.0),
        }
    }
    if unknown.is_empty() {
        return Ok(());
    }
    let found = connection.list(CURRENCIES, &[&unknown], |row| Ok((AccountId(row.integer()?), row.currency()?)))?;
    if found.len() != unknown.len() {
        return Err(StoreError::Missing("account of an entry"));
    }
    let wrong = found.into_iter().find(|(_, currency)| *currency != journal.currency);
    wrong.map_or(Ok(()), |(account, _)| Err(another(account)))
}
