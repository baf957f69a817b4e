//! Rows that a transaction loaded for decisions, so that it writes back only changes, and only to loaded rows.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger::{Account, AccountId, AccountRole, Book, DailyUse, Limits};

use crate::StoreError;

#[derive(Debug, Default)]
pub(crate) struct Loaded {
    accounts: BTreeMap<AccountId, Account>,
    daily_use: BTreeMap<(AccountId, Date), DailyUse>,
    /// Limits of one date in place of the account's own. No decision changes them.
    day_limits: BTreeMap<(AccountId, Date), Limits>,
}

/// What a date means for an account: the use of its limit, and the limits that hold on it in place of the account's own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnDate {
    pub(crate) account: AccountId,
    pub(crate) date: Date,
    pub(crate) used: DailyUse,
    pub(crate) limits: Option<Limits>,
}

/// A book of rows.
pub(crate) fn book_of(business_day: Date, accounts: Vec<Account>, dates: &[OnDate]) -> Book {
    let used = dates.iter().map(|of| (of.account, of.date, of.used)).collect();
    let limits = dates.iter().filter_map(|of| Some((of.account, of.date, of.limits?)));
    Book::new(business_day, accounts, used).with_day_limits(limits)
}

/// The changes of a decision.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Account, balance, held.
    pub(crate) accounts: Vec<(AccountId, i64, i64)>,
    pub(crate) daily_use: Vec<(AccountId, Date, DailyUse)>,
}

impl Loaded {
    pub(crate) fn remember(&mut self, accounts: &[Account], dates: &[OnDate]) {
        self.accounts.extend(accounts.iter().map(|account| (account.id, account.clone())));
        self.daily_use.extend(dates.iter().map(|of| ((of.account, of.date), of.used)));
        self.day_limits.extend(dates.iter().filter_map(|of| Some(((of.account, of.date), of.limits?))));
    }

    pub(crate) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// Whether an account was loaded with the use of its limits on these dates.
    pub(crate) fn has(&self, id: AccountId, dates: &[Date]) -> bool {
        self.accounts.contains_key(&id) && dates.iter().all(|date| self.daily_use.contains_key(&(id, *date)))
    }

    /// Remembers what a book has and this has not; what is here may have changed since.
    pub(crate) fn remember_missing(&mut self, book: &Book) {
        for account in book.accounts() {
            self.accounts.entry(account.id).or_insert_with(|| account.clone());
        }
        for (account, date, used) in book.daily_use() {
            self.daily_use.entry((account, date)).or_insert(used);
        }
        self.day_limits.extend(book.day_limits().map(|(account, date, limits)| ((account, date), limits)));
    }

    /// A book of some accounts, with the use of their limits on these dates. Unknown accounts are left out.
    pub(crate) fn book(&self, business_day: Date, accounts: &[AccountId], dates: &[Date]) -> Book {
        let of_book: Vec<Account> = accounts.iter().filter_map(|id| self.accounts.get(id)).cloned().collect();
        let keys = of_book.iter().flat_map(|account| dates.iter().map(|date| (account.id, *date)));
        let on_date = |(account, date)| {
            let used = *self.daily_use.get(&(account, date))?;
            Some(OnDate { account, date, used, limits: self.day_limits.get(&(account, date)).copied() })
        };
        let on_dates: Vec<OnDate> = keys.filter_map(on_date).collect();
        book_of(business_day, of_book, &on_dates)
    }

    /// The changes, which count as loaded from now on.
    pub(crate) fn changes(&mut self, book: &Book) -> Result<Changes, StoreError> {
        let changes = self.changes_to(book)?;
        self.apply(&changes);
        Ok(changes)
    }

    /// The changes that make of what is loaded what a book has.
    pub(crate) fn changes_to(&self, book: &Book) -> Result<Changes, StoreError> {
        let mut changes = Changes::default();
        for account in book.accounts() {
            let Some(before) = self.accounts.get(&account.id) else {
                let text = format!("account {} was not loaded in this transaction", account.id.0);
                return Err(StoreError::Refused(text));
            };
            if (before.balance, before.held) != (account.balance, account.held) {
                if account.role == AccountRole::Customer && account.balance < account.held {
                    return Err(StoreError::Refused(format!("account {} would be below zero", account.id.0)));
                }
                changes.accounts.push((account.id, account.balance, account.held));
            }
        }
        for (account, date, used) in book.daily_use() {
            // An account loaded without this date would overwrite what others use of it.
            let Some(before) = self.daily_use.get(&(account, date)) else {
                let text = format!("the use of {date} by account {} was not loaded in this transaction", account.0);
                return Err(StoreError::Refused(text));
            };
            if *before != used {
                changes.daily_use.push((account, date, used));
            }
        }
        Ok(changes)
    }

    /// Changes what is loaded.
    pub(crate) fn apply(&mut self, changes: &Changes) {
        for &(id, balance, held) in &changes.accounts {
            if let Some(account) = self.accounts.get_mut(&id) {
                (account.balance, account.held) = (balance, held);
            }
        }
        self.daily_use.extend(changes.daily_use.iter().map(|&(account, date, used)| ((account, date), used)));
    }
}
