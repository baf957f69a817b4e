//! Accounts as decisions need them: state, limits, balances and holds.

use jiff::civil::Date;
use ledger::{Account, AccountId, Book};

use crate::{StoreError, TreasuryAccount};

/// Reads accounts that a decision rests on. A transaction that runs again locks what it reads here until its end, so that
/// others who change the same accounts all the time are not in its way each time.
pub trait ReadAccounts {
    /// The accounts with these (compact) IBANs; unknown ones are left out. Any number in one call.
    fn accounts_by_iban(&mut self, ibans: &[&str]) -> Result<Vec<TreasuryAccount>, StoreError>;

    /// The accounts with these ids; unknown ones are left out. Any number in one call.
    fn accounts(&mut self, ids: &[AccountId]) -> Result<Vec<TreasuryAccount>, StoreError>;
}

/// Loads accounts for a decision, and writes back what it changed.
pub trait WriteBook: ReadAccounts {
    /// Loads accounts for a decision with the business day, with the use of their limits on these dates (0 where there
    /// was none yet), and with the limits that hold on one of the dates alone. Locks the business day, shared, and the accounts in the order of their ids, until the end of the
    /// transaction. Unknown accounts are left out.
    ///
    /// # Errors
    /// [`StoreError::Missing`] before the first business day was set.
    fn book(&mut self, accounts: &[AccountId], dates: &[Date]) -> Result<Book, StoreError>;

    /// Writes back what a decision changed in a book that came from [`WriteBook::book`] in this transaction.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for an account or a date's use that was not loaded, and for a customer below zero.
    fn save_book(&mut self, book: &Book) -> Result<(), StoreError>;
}

/// Changes accounts. Their balances and holds change by [`WriteBook::save_book`] alone.
pub trait WriteAccounts: WriteBook {
    /// Changes state and limits of an account. When another transaction has changed what this one read of it, the store runs
    /// the job again.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such account.
    fn update_account(&mut self, account: &Account) -> Result<(), StoreError>;
}
