//! The accounts that one operation involves, and what may be done to them.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use crate::{Account, AccountId, AccountState, Journal, JournalError};

/// A working set: the accounts involved, the use of their daily limits, and the business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// The business day of the decision, as the store had it inside the transaction.
    pub business_day: Date,
    accounts: BTreeMap<AccountId, Account>,
    daily_use: BTreeMap<(AccountId, Date), i64>,
}

/// Why the ledger refuses an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookError {
    /// The account was not loaded, or does not exist.
    UnknownAccount(AccountId),
    /// The account is blocked or closed.
    NotOpen(AccountId, AccountState),
    /// What is available does not cover the amount.
    InsufficientFunds(AccountId),
    /// The amount is over the limit of one payment.
    OverPaymentLimit(AccountId),
    /// The amount is over what the day's limit leaves.
    OverDailyLimit(AccountId),
    /// More would be released than is held.
    ReleaseBeyondHold(AccountId),
    /// Amounts do not fit 64 bits.
    Overflow(AccountId),
    /// A journal that does not balance.
    Journal(JournalError),
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for BookError {}

impl Book {
    /// A working set of accounts with the use of their daily limits.
    #[must_use]
    pub fn new(business_day: Date, accounts: Vec<Account>, daily_use: Vec<(AccountId, Date, i64)>) -> Book {
        Book {
            business_day,
            accounts: accounts.into_iter().map(|account| (account.id, account)).collect(),
            daily_use: daily_use.into_iter().map(|(account, date, minor)| ((account, date), minor)).collect(),
        }
    }

    /// The account as it stands in this working set.
    #[must_use]
    pub fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// All accounts, by id.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// The use of the daily limits, by account and execution date.
    pub fn daily_use(&self) -> impl Iterator<Item = (AccountId, Date, i64)> {
        self.daily_use.iter().map(|(&(account, date), &minor)| (account, date, minor))
    }

    /// Books a journal's entries on the loaded accounts.
    ///
    /// # Errors
    /// When the journal does not balance, or an account is missing or would overflow; nothing is changed then.
    pub fn book(&mut self, journal: &Journal) -> Result<(), BookError> {
        journal.check().map_err(BookError::Journal)?;
        let mut changed = self.accounts.clone();
        for entry in &journal.entries {
            let account = changed.get_mut(&entry.account).ok_or(BookError::UnknownAccount(entry.account))?;
            account.balance = account.balance.checked_add(entry.minor).ok_or(BookError::Overflow(entry.account))?;
        }
        self.accounts = changed;
        Ok(())
    }
}
