//! Accounts and books for the ledger's tests.
use jiff::civil::Date;
use ledger::{Account, AccountId, AccountRole, AccountState, Book, Limits};
use money::Currency;

pub(crate) const TODAY: Date = Date::constant(2026, 11, 23);
pub(crate) const TOMORROW: Date = Date::constant(2026, 11, 24);
pub(crate) const PAYER: AccountId = AccountId(1);
pub(crate) const PAYEE: AccountId = AccountId(2);
pub(crate) const HOUSE: AccountId = AccountId(9);

pub(crate) fn account(id: AccountId, balance: i64) -> Account {
    Account {
        id,
        currency: Currency::EUR,
        role: if id == HOUSE { AccountRole::House } else { AccountRole::Customer },
        state: AccountState::Open,
        balance,
        held: 0,
        limits: Limits::default(),
    }
}

pub(crate) fn book(accounts: Vec<Account>) -> Book {
    Book::new(TODAY, accounts, Vec::new())
}
