//! What the invariants speak of, from the rows: for a database at rest.

use ledger::AccountId;
use money::Currency;
use payments::invariants::{DailyUseFact, DayFact, Facts, PaymentFact};
use rusqlite::{Connection, Rows};

use super::codec::failed;
use super::query::{list, prepare};
use super::{ledger as accounts, lots};
use crate::StoreError;
use crate::codec::{Columns, unpacked_payment};

pub(super) fn facts(connection: &Connection) -> Result<Facts, StoreError> {
    let mut facts = Facts::new();
    for account in accounts::all(connection)? {
        facts.account(&account);
    }
    for lot in lots::all(connection)? {
        facts.lot(&lot);
    }
    daily_use(connection, &mut facts)?;
    entries(connection, &mut facts)?;
    days(connection, &mut facts)?;
    payments(connection, &mut facts)?;
    Ok(facts)
}

/// The limit in force when the use grew is not kept, so it is not stated.
fn daily_use(connection: &Connection, facts: &mut Facts) -> Result<(), StoreError> {
    list(connection, "SELECT account, date, minor FROM daily_use", [], |row| {
        let (account, date, minor) = (AccountId(row.integer()?), row.date()?, row.integer()?);
        facts.daily_use(DailyUseFact { account, date, minor, limit: None });
        Ok(())
    })
    .map(drop)
}

/// From the entries themselves, not from the totals of days, which are to be checked.
fn entries(connection: &Connection, facts: &mut Facts) -> Result<(), StoreError> {
    const SQL: &str = "SELECT e.account, a.currency, e.booking_date, sum(e.minor)
        FROM entry e LEFT JOIN account a ON a.id = e.account GROUP BY e.account, e.booking_date";
    list(connection, SQL, [], |row| {
        let account = AccountId(row.integer()?);
        let currency = row.text_if_any()?.map_or(Ok(Currency::EUR), |code| Currency::new(&code));
        let currency = currency.map_err(|error| StoreError::Corrupt(error.to_string()))?;
        facts.entries(account, currency, row.date()?, i128::from(row.integer()?));
        Ok(())
    })
    .map(drop)
}

/// A day's balances as statements give them: from the totals of days.
fn days(connection: &Connection, facts: &mut Facts) -> Result<(), StoreError> {
    const SQL: &str = "SELECT account, date, credit - debit FROM account_day ORDER BY account, date";
    let mut last: Option<(AccountId, i64)> = None;
    list(connection, SQL, [], |row| {
        let (account, date, change) = (AccountId(row.integer()?), row.date()?, row.integer()?);
        let opening = last.filter(|(of, _)| *of == account).map_or(0, |(_, closing)| closing);
        let closing = opening.checked_add(change).ok_or(StoreError::TooBig("balance"))?;
        facts.day(DayFact { account, date, opening, closing });
        last = Some((account, closing));
        Ok(())
    })
    .map(drop)
}

/// Both in the order of payments' ids, so one walk beside the other puts them together.
fn payments(connection: &Connection, facts: &mut Facts) -> Result<(), StoreError> {
    const PAYMENTS: &str = "SELECT p.id, p.lot, p.minor,
            EXISTS (SELECT 1 FROM refusal r WHERE r.message = f.message AND r.first = p.id & 0xffffffff
                AND (r.lot IS NULL OR r.lot = p.lot))
            OR EXISTS (SELECT 1 FROM refusal r WHERE r.message = f.message AND r.first < r.last
                AND r.first <= p.id & 0xffffffff AND r.last >= p.id & 0xffffffff
                AND (r.lot IS NULL OR r.lot = p.lot))
        FROM flip f JOIN payment p ON p.id BETWEEN f.message << 32 AND (f.message << 32) + 0xffffffff
        ORDER BY p.id";
    const DEBITS: &str = "SELECT source_id, count(*), sum(minor) FROM entry
        WHERE source = 0 AND minor < 0 GROUP BY source_id ORDER BY source_id";
    let mut payments = prepare(connection, PAYMENTS)?;
    let mut payments = payments.query([]).map_err(failed)?;
    let mut debits = prepare(connection, DEBITS)?;
    let mut debits = debits.query([]).map_err(failed)?;
    let mut debit = next_debit(&mut debits)?;
    while let Some(row) = payments.next().map_err(failed)? {
        let mut row = Columns::of(row);
        let id = row.integer()?;
        while debit.is_some_and(|debit| debit.payment < id) {
            debit = next_debit(&mut debits)?;
        }
        let own = debit.filter(|debit| debit.payment == id);
        facts.payment(PaymentFact {
            id: unpacked_payment(id),
            lot: row.small_if_any()?,
            minor: row.integer()?,
            debits: own.map_or(0, |debit| debit.count),
            debited: own.map_or(0, |debit| debit.minor),
            refused: row.flag()?,
        });
    }
    Ok(())
}

/// The entries of a payment on the payer's account.
#[derive(Clone, Copy)]
struct Debit {
    payment: i64,
    count: u32,
    minor: i64,
}

fn next_debit(rows: &mut Rows<'_>) -> Result<Option<Debit>, StoreError> {
    let Some(row) = rows.next().map_err(failed)? else { return Ok(None) };
    let mut row = Columns::of(row);
    Ok(Some(Debit { payment: row.integer()?, count: row.small()?, minor: row.integer()? }))
}
