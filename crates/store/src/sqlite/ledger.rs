//! Accounts and their balances, limits and holds: what a decision loads and writes back.

use std::collections::BTreeSet;

use jiff::civil::Date;
use ledger::{Account, AccountId, Book, DailyUse};
use rusqlite::{Connection, params};

use super::directory::business_day;
use super::query::{execute, insert, list, optional, prepare};
use crate::codec::{Coded, day};
use crate::loaded::Loaded;
use crate::reads::*;
use crate::{ClientId, HousePurpose, StoreError, TreasuryAccount};

pub(super) fn accounts_of(connection: &Connection, client: ClientId) -> Result<Vec<TreasuryAccount>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        account_columns!(),
        ", iban, client, owner_name, kind FROM account WHERE client = ?1 ORDER BY iban"
    );
    list(connection, SQL, [client.0], read_account)
}

pub(super) fn accounts_by_iban(connection: &Connection, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", account_columns!(), ", iban, client, owner_name, kind FROM account WHERE iban = ?1");
    let wanted: BTreeSet<&str> = ibans.iter().copied().collect();
    let found = wanted.into_iter().map(|iban| optional(connection, SQL, [iban], read_account));
    found.filter_map(Result::transpose).collect()
}

pub(super) fn accounts(connection: &Connection, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", account_columns!(), ", iban, client, owner_name, kind FROM account WHERE id = ?1");
    let wanted: BTreeSet<AccountId> = ids.iter().copied().collect();
    let found = wanted.into_iter().map(|id| optional(connection, SQL, [id.0], read_account));
    found.filter_map(Result::transpose).collect()
}

pub(super) fn house_account(connection: &Connection, purpose: HousePurpose) -> Result<AccountId, StoreError> {
    const SQL: &str = "SELECT account FROM house_account WHERE purpose = ?1";
    let found = optional(connection, SQL, [purpose.code()], |row| row.integer())?;
    found.map(AccountId).ok_or(StoreError::Missing("house account"))
}

pub(super) fn insert_account(connection: &Connection, account: &TreasuryAccount) -> Result<AccountId, StoreError> {
    const SQL: &str = "INSERT INTO account (balance, held, state, role, limit_per_payment, limit_per_day, currency,
            iban, client, owner_name, kind)
        VALUES (0, 0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let ledger = &account.ledger;
    let values = params![
        ledger.state.code(),
        ledger.role.code(),
        ledger.limits.per_payment,
        ledger.limits.per_day,
        ledger.currency.code(),
        account.iban,
        account.client.map(|client| client.0),
        account.owner_name,
        account.kind.code(),
    ];
    insert(connection, SQL, values).map(AccountId)
}

pub(super) fn set_house_account(
    connection: &Connection,
    purpose: HousePurpose,
    account: AccountId,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO house_account (purpose, account) VALUES (?1, ?2)
        ON CONFLICT (purpose) DO UPDATE SET account = excluded.account";
    execute(connection, SQL, [purpose.code(), account.0]).map(drop)
}

pub(super) fn update_account(connection: &Connection, account: &Account) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE account SET state = ?2, limit_per_payment = ?3, limit_per_day = ?4 WHERE id = ?1";
    let limits = &account.limits;
    let values = params![account.id.0, account.state.code(), limits.per_payment, limits.per_day];
    if execute(connection, SQL, values)? == 1 { Ok(()) } else { Err(StoreError::Missing("account")) }
}

pub(super) fn book(
    connection: &Connection,
    loaded: &mut Loaded,
    accounts: &[AccountId],
    dates: &[Date],
) -> Result<Book, StoreError> {
    const ACCOUNT: &str = concat!("SELECT ", account_columns!(), " FROM account WHERE id = ?1");
    const DAILY_USE: &str =
        concat!("SELECT ", daily_use_columns!(), " FROM daily_use WHERE account = ?1 AND date = ?2");
    let ids: BTreeSet<AccountId> = accounts.iter().copied().collect();
    let dates: BTreeSet<Date> = dates.iter().copied().collect();
    let mut of_book = Vec::with_capacity(ids.len());
    let mut use_of_book = Vec::with_capacity(ids.len() * dates.len());
    for id in ids {
        let Some(account) = optional(connection, ACCOUNT, [id.0], read_ledger_account)? else { continue };
        for &date in &dates {
            // A date that was never used has no row yet; it counts as 0 and gets its row from `save_book`.
            let used = optional(connection, DAILY_USE, [id.0, day(date)], read_daily_use)?.unwrap_or_default();
            use_of_book.push((id, date, used));
        }
        of_book.push(account);
    }
    loaded.remember(&of_book, &use_of_book);
    Ok(Book::new(business_day(connection)?, of_book, use_of_book))
}

pub(super) fn save_book(connection: &Connection, loaded: &mut Loaded, book: &Book) -> Result<(), StoreError> {
    const ACCOUNT: &str = "UPDATE account SET balance = ?2, held = ?3 WHERE id = ?1";
    const DAILY_USE: &str = "INSERT INTO daily_use (account, date, minor, grown_to, limit_per_day)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (account, date) DO UPDATE
        SET minor = excluded.minor, grown_to = excluded.grown_to, limit_per_day = excluded.limit_per_day";
    let changes = loaded.changes(book)?;
    let mut update = prepare(connection, ACCOUNT)?;
    for (account, balance, held) in changes.accounts {
        update.execute([account.0, balance, held]).map_err(super::codec::failed)?;
    }
    let mut upsert = prepare(connection, DAILY_USE)?;
    for (account, date, DailyUse { minor, growth }) in changes.daily_use {
        let (grown_to, limit) = (growth.map(|growth| growth.to), growth.map(|growth| growth.limit));
        let values = params![account.0, day(date), minor, grown_to, limit];
        upsert.execute(values).map_err(super::codec::failed)?;
    }
    Ok(())
}
