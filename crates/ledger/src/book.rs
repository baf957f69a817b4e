//! The accounts that one operation involves, and the operations on them.
//!
//! Every operation first decides and then changes: a refused one leaves the book as it was, so a caller can try, look
//! at the reason and continue. An operation decides on the balances, holds, limits and states that the caller loaded
//! inside its transaction; the book never loads anything itself.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;

use crate::{Account, AccountId, AccountRole, AccountState, DailyUse, Growth, Journal, JournalError, Limits};

/// A working set: the accounts involved, the use of their daily limits, and the business day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// The business day of the decision, as the store had it inside the transaction.
    pub business_day: Date,
    accounts: BTreeMap<AccountId, Account>,
    daily_use: BTreeMap<(AccountId, Date), DailyUse>,
    day_limits: BTreeMap<(AccountId, Date), Limits>,
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
    /// More of a day's limit would be freed than is used.
    FreedBeyondUse(AccountId),
    /// An amount to hold, release or reserve is negative.
    NegativeAmount(AccountId),
    /// The journal is in another currency than the account.
    OtherCurrency(AccountId),
    /// Amounts do not fit 64 bits.
    Overflow(AccountId),
    /// A journal that does not balance.
    Journal(JournalError),
}

impl fmt::Display for BookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BookError::UnknownAccount(AccountId(id)) => write!(f, "account {id} is not known"),
            BookError::NotOpen(AccountId(id), AccountState::Blocked) => write!(f, "account {id} is blocked"),
            BookError::NotOpen(AccountId(id), _) => write!(f, "account {id} is closed"),
            BookError::InsufficientFunds(AccountId(id)) => write!(f, "account {id} has not enough available"),
            BookError::OverPaymentLimit(AccountId(id)) => write!(f, "over the payment limit of account {id}"),
            BookError::OverDailyLimit(AccountId(id)) => write!(f, "over the daily limit of account {id}"),
            BookError::ReleaseBeyondHold(AccountId(id)) => write!(f, "account {id} has less on hold than is released"),
            BookError::FreedBeyondUse(AccountId(id)) => write!(f, "account {id} used less of its limit than is freed"),
            BookError::NegativeAmount(AccountId(id)) => write!(f, "a negative amount for account {id}"),
            BookError::OtherCurrency(AccountId(id)) => write!(f, "account {id} is kept in another currency"),
            BookError::Overflow(AccountId(id)) => write!(f, "an amount of account {id} does not fit 64 bits"),
            BookError::Journal(error) => write!(f, "the journal cannot be booked: {error}"),
        }
    }
}

impl std::error::Error for BookError {}

impl Book {
    /// A working set of accounts with the use of their daily limits.
    #[must_use]
    pub fn new(business_day: Date, accounts: Vec<Account>, daily_use: Vec<(AccountId, Date, DailyUse)>) -> Book {
        Book {
            business_day,
            accounts: accounts.into_iter().map(|account| (account.id, account)).collect(),
            daily_use: daily_use.into_iter().map(|(account, date, used)| ((account, date), used)).collect(),
            day_limits: BTreeMap::new(),
        }
    }

    /// The same with limits that hold for the payments of one execution date, in place of the account's own.
    #[must_use]
    pub fn with_day_limits(self, limits: impl IntoIterator<Item = (AccountId, Date, Limits)>) -> Book {
        let day_limits = limits.into_iter().map(|(account, date, limits)| ((account, date), limits)).collect();
        Book { day_limits, ..self }
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
    pub fn daily_use(&self) -> impl Iterator<Item = (AccountId, Date, DailyUse)> {
        self.daily_use.iter().map(|(&(account, date), &used)| (account, date, used))
    }

    /// The limits of one execution date that stand in place of an account's own, by account and date.
    pub fn day_limits(&self) -> impl Iterator<Item = (AccountId, Date, Limits)> {
        self.day_limits.iter().map(|(&(account, date), &limits)| (account, date, limits))
    }

    /// The limits for payments that are executed on `date`: those of the date, otherwise the account's own. `None`: the
    /// account is not loaded.
    #[must_use]
    pub fn limits_on(&self, id: AccountId, date: Date) -> Option<Limits> {
        let account = self.accounts.get(&id)?;
        Some(self.day_limits.get(&(id, date)).copied().unwrap_or(account.limits))
    }

    /// How much of the account's limit of `date` is used, in minor units; 0 where nothing was loaded.
    #[must_use]
    pub fn used_on(&self, id: AccountId, date: Date) -> i64 {
        self.daily_use.get(&(id, date)).map_or(0, |used| used.minor)
    }

    /// The account, when it takes part in payments.
    ///
    /// # Errors
    /// When it is not loaded, blocked or closed.
    pub fn open_account(&self, id: AccountId) -> Result<&Account, BookError> {
        let account = self.accounts.get(&id).ok_or(BookError::UnknownAccount(id))?;
        match account.state {
            AccountState::Open => Ok(account),
            state => Err(BookError::NotOpen(id, state)),
        }
    }

    /// Whether one payment of `minor` on `date` keeps within the limit of one payment.
    ///
    /// # Errors
    /// When it is over, or the account is not loaded.
    pub fn check_payment_limit(&self, id: AccountId, date: Date, minor: i64) -> Result<(), BookError> {
        match self.limits_on(id, date).ok_or(BookError::UnknownAccount(id))?.per_payment {
            Some(limit) if minor > limit => Err(BookError::OverPaymentLimit(id)),
            _ => Ok(()),
        }
    }

    /// Sets `minor` of what is available aside, for authorised payments that are due.
    ///
    /// # Errors
    /// When the account is not open, or (a customer's) has less available.
    pub fn hold(&mut self, id: AccountId, minor: i64) -> Result<(), BookError> {
        self.open_account(id)?;
        let account = positive(&mut self.accounts, id, minor)?;
        let held = account.held.checked_add(minor).ok_or(BookError::Overflow(id))?;
        if uncovered(account, account.balance, held)? {
            return Err(BookError::InsufficientFunds(id));
        }
        account.held = held;
        Ok(())
    }

    /// Releases `minor` of the hold, in any state of the account. The caller books it right after, or not at all.
    ///
    /// # Errors
    /// When less is held, or the account is not loaded.
    pub fn release(&mut self, id: AccountId, minor: i64) -> Result<(), BookError> {
        let account = positive(&mut self.accounts, id, minor)?;
        if minor > account.held {
            return Err(BookError::ReleaseBeyondHold(id));
        }
        account.held -= minor;
        Ok(())
    }

    /// Takes `minor` of the limit of `date`, and remembers which limit that was. The use is counted where
    /// there is no limit too, since a limit may be set later that day.
    ///
    /// # Errors
    /// When the limit leaves less, or the account is not loaded.
    pub fn reserve_limit(&mut self, id: AccountId, date: Date, minor: i64) -> Result<(), BookError> {
        positive(&mut self.accounts, id, minor)?;
        let limit = self.limits_on(id, date).and_then(|limits| limits.per_day);
        let to = self.used_on(id, date).checked_add(minor).ok_or(BookError::Overflow(id))?;
        if limit.is_some_and(|limit| to > limit) {
            return Err(BookError::OverDailyLimit(id));
        }
        if minor > 0 {
            let growth = limit.map(|limit| Growth { to, limit });
            self.daily_use.insert((id, date), DailyUse { minor: to, growth });
        }
        Ok(())
    }

    /// Gives back `minor` of the limit of `date`: payments that were accepted and will not be booked after all.
    ///
    /// # Errors
    /// When less was used, or the account is not loaded.
    pub fn free_limit(&mut self, id: AccountId, date: Date, minor: i64) -> Result<(), BookError> {
        positive(&mut self.accounts, id, minor)?;
        match self.daily_use.get_mut(&(id, date)) {
            Some(used) if minor <= used.minor => used.minor -= minor,
            None if minor == 0 => {}
            _ => return Err(BookError::FreedBeyondUse(id)),
        }
        Ok(())
    }

    /// Books a journal's entries on the loaded accounts. Their states do not matter: what settled, settled.
    ///
    /// # Errors
    /// When the journal does not balance; when an account is missing, kept in another currency or would overflow;
    /// when it would leave a customer it debits with less than it has on hold. Nothing is changed then.
    pub fn book(&mut self, journal: &Journal) -> Result<(), BookError> {
        let after = self.balances_after(journal, None)?;
        self.set_balances(after);
        Ok(())
    }

    /// Books a journal that `released` of the payer's hold pays for, and gives that much of the hold back: one step.
    ///
    /// # Errors
    /// As [`book`](Book::book) and [`release`](Book::release). Nothing is changed then.
    pub fn book_from_hold(&mut self, journal: &Journal, payer: AccountId, released: i64) -> Result<(), BookError> {
        let held = positive(&mut self.accounts, payer, released)?.held;
        if released > held {
            return Err(BookError::ReleaseBeyondHold(payer));
        }
        let after = self.balances_after(journal, Some((payer, held - released)))?;
        self.release(payer, released)?;
        self.set_balances(after);
        Ok(())
    }

    /// The balances that a journal would leave, of the accounts it touches; `holds` says what one account will have
    /// on hold then.
    fn balances_after(
        &self,
        journal: &Journal,
        holds: Option<(AccountId, i64)>,
    ) -> Result<Vec<(AccountId, i64)>, BookError> {
        journal.check().map_err(BookError::Journal)?;
        let mut nets: BTreeMap<AccountId, i128> = BTreeMap::new();
        for entry in &journal.entries {
            *nets.entry(entry.account).or_default() += i128::from(entry.minor);
        }
        let mut after = Vec::with_capacity(nets.len());
        for (id, net) in nets {
            let account = self.accounts.get(&id).ok_or(BookError::UnknownAccount(id))?;
            if account.currency != journal.currency {
                return Err(BookError::OtherCurrency(id));
            }
            let balance = i64::try_from(i128::from(account.balance) + net).map_err(|_| BookError::Overflow(id))?;
            let held = holds.filter(|(payer, _)| *payer == id).map_or(account.held, |(_, held)| held);
            if uncovered(account, balance, held)? && net < 0 {
                return Err(BookError::InsufficientFunds(id));
            }
            after.push((id, balance));
        }
        Ok(after)
    }

    fn set_balances(&mut self, after: Vec<(AccountId, i64)>) {
        for (id, balance) in after {
            if let Some(account) = self.accounts.get_mut(&id) {
                account.balance = balance;
            }
        }
    }
}

/// The account, for an operation with an amount that may not be negative.
fn positive(accounts: &mut BTreeMap<AccountId, Account>, id: AccountId, minor: i64) -> Result<&mut Account, BookError> {
    let account = accounts.get_mut(&id).ok_or(BookError::UnknownAccount(id))?;
    if minor < 0 { Err(BookError::NegativeAmount(id)) } else { Ok(account) }
}

/// Whether an account that must not would be left with less than it has on hold.
fn uncovered(account: &Account, balance: i64, held: i64) -> Result<bool, BookError> {
    let available = balance.checked_sub(held).ok_or(BookError::Overflow(account.id))?;
    Ok(account.role == AccountRole::Customer && available < 0)
}
