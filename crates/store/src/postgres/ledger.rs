//! Accounts and their balances, limits and holds: what a decision loads and writes back.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use ledger::{Account, AccountId, AccountState, Book, Limits};

use super::codec::Trouble;
use super::connection::{Connection, Locking, Values, locking, owned};
use super::directory::DayLock;
use crate::codec::{Coded, Columns, date, day};
use crate::loaded::Loaded;
use crate::reads::*;
use crate::{ClientId, HousePurpose, StoreError, TreasuryAccount};

/// State and limits of accounts as a transaction has read them without a lock.
pub(super) type Seen = HashMap<AccountId, (AccountState, Limits)>;

pub(super) fn accounts_of(connection: &Connection, client: ClientId) -> Result<Vec<TreasuryAccount>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        account_columns!(),
        ", iban, client, owner_name, kind FROM account WHERE client = $1 ORDER BY iban"
    );
    connection.list(SQL, &[&client.0], read_account)
}

pub(super) fn accounts_by_iban(connection: &Connection, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        account_columns!(),
        ", iban, client, owner_name, kind FROM account WHERE iban = ANY($1::text[]) ORDER BY iban"
    );
    connection.list(SQL, &[&ibans], read_account)
}

pub(super) fn accounts(connection: &Connection, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        account_columns!(),
        ", iban, client, owner_name, kind FROM account WHERE id = ANY($1::bigint[]) ORDER BY id"
    );
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    connection.list(SQL, &[&ids], read_account)
}

pub(super) fn house_account(connection: &Connection, purpose: HousePurpose) -> Result<AccountId, StoreError> {
    const SQL: &str = "SELECT account FROM house_account WHERE purpose = $1::bigint";
    let found = connection.optional(SQL, &[&purpose.code()], |row| row.integer())?;
    found.map(AccountId).ok_or(StoreError::Missing("house account"))
}

pub(super) fn insert_account(connection: &Connection, account: &TreasuryAccount) -> Result<AccountId, StoreError> {
    const SQL: &str = "INSERT INTO account (balance, held, state, role, limit_per_payment, limit_per_day, currency,
            iban, client, owner_name, kind)
        VALUES (0, 0, $1::bigint, $2::bigint, $3, $4, $5, $6, $7, $8, $9::bigint)
        ON CONFLICT (iban) DO NOTHING RETURNING id";
    let ledger = &account.ledger;
    let inserted = connection.optional(
        SQL,
        &[
            &ledger.state.code(),
            &ledger.role.code(),
            &ledger.limits.per_payment,
            &ledger.limits.per_day,
            &ledger.currency.code(),
            &account.iban,
            &account.client.map(|client| client.0),
            &account.owner_name,
            &account.kind.code(),
        ],
        |row| row.integer(),
    )?;
    inserted.map(AccountId).ok_or_else(|| StoreError::Conflict(account.iban.clone()))
}

pub(super) fn set_house_account(
    connection: &Connection,
    purpose: HousePurpose,
    account: AccountId,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO house_account (purpose, account) VALUES ($1::bigint, $2)
        ON CONFLICT (purpose) DO UPDATE SET account = excluded.account";
    connection.execute(SQL, &[&purpose.code(), &account.0]).map(drop)
}

/// What the caller changed rests on what it read: when somebody else has changed that meanwhile, the job runs again.
pub(super) fn update_account(connection: &Connection, seen: &mut Seen, account: &Account) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE account SET state = $2::bigint, limit_per_payment = $3, limit_per_day = $4
        WHERE id = $1 AND ($5::bigint IS NULL OR (state = $5::bigint AND limit_per_payment IS NOT DISTINCT FROM $6
            AND limit_per_day IS NOT DISTINCT FROM $7))";
    let before = seen.get(&account.id).copied();
    let (state, before) = (before.map(|(state, _)| state.code()), before.map_or_else(Limits::default, |(_, it)| it));
    let limits = &account.limits;
    let changed = connection.execute(
        SQL,
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
        seen.insert(account.id, (account.state, account.limits));
        return Ok(());
    }
    match accounts(connection, &[account.id])?.is_empty() {
        true => Err(StoreError::Missing("account")),
        false => Err(connection.spoil(Trouble::Again(StoreError::InTheWay("the account has changed".to_owned())))),
    }
}

/// Locks the accounts in the order of their ids. The lock covers the use of their limits too, which nobody changes
/// without it: so a date that has no row yet needs none to be locked.
/// The accounts as the ledger keeps them, locked until the end.
const ACCOUNTS: Locking = locking!(
    "SELECT ", account_columns!(), " FROM account WHERE id = ANY($1::bigint[]) ORDER BY id"; " FOR NO KEY UPDATE");

/// Locks accounts that were read, and gives them the state that they have now.
pub(super) fn lock_accounts(connection: &Connection, accounts: &mut [TreasuryAccount]) -> Result<(), StoreError> {
    let ids: Vec<i64> =
        accounts.iter().map(|account| account.ledger.id.0).collect::<BTreeSet<_>>().into_iter().collect();
    let locked = connection.list(connection.locking(true, &ACCOUNTS), &[&ids], read_ledger_account)?;
    if connection.gives_way() && locked.len() < ids.len() {
        return Err(connection.yield_to_others());
    }
    for account in accounts {
        if let Some(now) = locked.iter().find(|now| now.id == account.ledger.id) {
            account.ledger.clone_from(now);
        }
    }
    Ok(())
}

pub(super) fn book(
    connection: &Connection,
    day_lock: DayLock,
    loaded: &mut Loaded,
    accounts: &[AccountId],
    dates: &[Date],
) -> Result<Book, StoreError> {
    const DAILY_USE: &str = "SELECT a.account, d.date, coalesce(u.minor, 0), u.grown_to, u.limit_per_day
        FROM unnest($1::bigint[]) AS a (account) CROSS JOIN unnest($2::bigint[]) AS d (date)
        LEFT JOIN daily_use u ON u.account = a.account AND u.date = d.date ORDER BY 1, 2";
    let ids: Vec<i64> = accounts.iter().map(|id| id.0).collect::<BTreeSet<_>>().into_iter().collect();
    let dates: Vec<i64> = dates.iter().map(|&date| day(date)).collect::<BTreeSet<_>>().into_iter().collect();
    let statements = (
        connection.statement(day_lock.sql())?,
        connection.statement(connection.locking(true, &ACCOUNTS))?,
        connection.statement(DAILY_USE)?,
    );
    let client = connection.client();
    let of_accounts: Values<'_> = &[&ids];
    let of_days: Values<'_> = &[&ids, &dates];
    // One after another on the server, and each sees what was committed before it began.
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
    if connection.gives_way() && accounts.len() < ids.len() {
        return Err(connection.yield_to_others());
    }
    let known: BTreeSet<AccountId> = accounts.iter().map(|account| account.id).collect();
    let mut daily_use = Vec::with_capacity(uses.len());
    for row in &uses {
        let mut row = Columns::of(row);
        let (account, on, used) = (AccountId(row.integer()?), date(row.integer()?)?, read_daily_use(&mut row)?);
        if known.contains(&account) {
            daily_use.push((account, on, used));
        }
    }
    loaded.remember(&accounts, &daily_use);
    Ok(Book::new(day, accounts, daily_use))
}

pub(super) fn save_book(connection: &Connection, loaded: &mut Loaded, book: &Book) -> Result<(), StoreError> {
    const ACCOUNTS: &str = "UPDATE account a SET balance = c.balance, held = c.held
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS c (id, balance, held) WHERE a.id = c.id";
    const DAILY_USE: &str = "INSERT INTO daily_use (account, date, minor, grown_to, limit_per_day)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
        ON CONFLICT (account, date) DO UPDATE
        SET minor = excluded.minor, grown_to = excluded.grown_to, limit_per_day = excluded.limit_per_day";
    let changes = loaded.changes(book)?;
    if !changes.accounts.is_empty() {
        let ids: Vec<i64> = changes.accounts.iter().map(|(id, _, _)| id.0).collect();
        let balances: Vec<i64> = changes.accounts.iter().map(|&(_, balance, _)| balance).collect();
        let holds: Vec<i64> = changes.accounts.iter().map(|&(_, _, held)| held).collect();
        connection.execute_later(ACCOUNTS, owned![ids, balances, holds], |_, _| Ok(()))?;
    }
    if !changes.daily_use.is_empty() {
        let ids: Vec<i64> = changes.daily_use.iter().map(|(id, _, _)| id.0).collect();
        let dates: Vec<i64> = changes.daily_use.iter().map(|&(_, date, _)| day(date)).collect();
        let minors: Vec<i64> = changes.daily_use.iter().map(|(_, _, used)| used.minor).collect();
        let growths = || changes.daily_use.iter().map(|(_, _, used)| used.growth);
        let grown_to: Vec<Option<i64>> = growths().map(|growth| growth.map(|growth| growth.to)).collect();
        let limits: Vec<Option<i64>> = growths().map(|growth| growth.map(|growth| growth.limit)).collect();
        connection.execute_later(DAILY_USE, owned![ids, dates, minors, grown_to, limits], |_, _| Ok(()))?;
    }
    Ok(())
}

/// Accounts of a journal exist and have its currency.
pub(super) fn check_currency(
    connection: &Connection,
    loaded: &Loaded,
    journal: &ledger::Journal,
) -> Result<(), StoreError> {
    const SQL: &str = "SELECT id, currency FROM account WHERE id = ANY($1::bigint[])";
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
    let found = connection.list(SQL, &[&unknown], |row| Ok((AccountId(row.integer()?), row.currency()?)))?;
    if found.len() != unknown.len() {
        return Err(StoreError::Missing("account of an entry"));
    }
    let wrong = found.into_iter().find(|(_, currency)| *currency != journal.currency);
    wrong.map_or(Ok(()), |(account, _)| Err(another(account)))
}
