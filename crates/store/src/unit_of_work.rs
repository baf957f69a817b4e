//! Rows that a transaction loaded for decisions, so that it writes back only changes, and only to loaded rows.

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger::{Account, AccountId, AccountRole, Book, DailyUse};

use crate::StoreError;

#[derive(Debug, Default)]
pub(crate) struct Loaded {
    accounts: BTreeMap<AccountId, Account>,
    daily_use: BTreeMap<(AccountId, Date), DailyUse>,
}

/// The changes of a decision.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// Account, balance, held.
    pub(crate) accounts: Vec<(AccountId, i64, i64)>,
    pub(crate) daily_use: Vec<(AccountId, Date, DailyUse)>,
}

impl Loaded {
    pub(crate) fn remember(&mut self, accounts: &[Account], daily_use: &[(AccountId, Date, DailyUse)]) {
        self.accounts.extend(accounts.iter().map(|account| (account.id, account.clone())));
        self.daily_use.extend(daily_use.iter().map(|&(account, date, used)| ((account, date), used)));
    }

    pub(crate) fn account(&self, id: AccountId) -> Option<&Account> {
        self.accounts.get(&id)
    }

    /// The changes, which count as loaded from now on.
    pub(crate) fn changes(&mut self, book: &Book) -> Result<Changes, StoreError> {
        let mut changes = Changes::default();
        for account in book.accounts() {
            let Some(before) = self.accounts.get_mut(&account.id) else {
                let text = format!("account {} was not loaded in this transaction", account.id.0);
                return Err(StoreError::Refused(text));
            };
            if (before.balance, before.held) != (account.balance, account.held) {
                if account.role == AccountRole::Customer && account.balance < account.held {
                    return Err(StoreError::Refused(format!("account {} would be below zero", account.id.0)));
                }
                changes.accounts.push((account.id, account.balance, account.held));
                (before.balance, before.held) = (account.balance, account.held);
            }
        }
        for (account, date, used) in book.daily_use() {
            // An account loaded without this date would overwrite what others use of it.
            let Some(before) = self.daily_use.get_mut(&(account, date)) else {
                let text = format!("the use of {date} by account {} was not loaded in this transaction", account.0);
                return Err(StoreError::Refused(text));
            };
            if *before != used {
                changes.daily_use.push((account, date, used));
                *before = used;
            }
        }
        Ok(changes)
    }
}
