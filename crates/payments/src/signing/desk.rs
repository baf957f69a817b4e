//! What a decision knows beside the portions: the accounts' policies, and the sums of their days.
//!
//! The exchange loads it for the accounts and days of one message under the accounts' locks, and writes back what changed
//! in the same transaction, as with a [`ledger::Book`].

use std::collections::BTreeMap;

use jiff::civil::Date;
use ledger::AccountId;
use money::Currency;

use super::card::{Level, Levels};
use super::policy::Policy;
use super::portion::{Portion, SigningState};
use super::refusal::SigningError;

/// An account as far as signing knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskAccount {
    /// Its currency.
    pub currency: Currency,
    /// Its policy.
    pub policy: Policy,
}

/// Sums of an account's day, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DaySums {
    /// Of what is authorised, with or without signatures, and was not refused since: the use of the day's limit.
    pub authorised: i64,
    /// Of what waits and has a signature of a level, for each level.
    pub awaiting: [i64; Level::ALL.len()],
}

/// The desk at which people sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Desk {
    /// The accounts.
    pub accounts: BTreeMap<AccountId, DeskAccount>,
    /// The sums of their days; a day without an entry has none.
    pub sums: BTreeMap<(AccountId, Date), DaySums>,
}

impl Desk {
    pub(super) fn account(&self, account: AccountId) -> Result<&DeskAccount, SigningError> {
        self.accounts.get(&account).ok_or(SigningError::UnknownAccount(account))
    }

    pub(super) fn sums_of(&self, account: AccountId, day: Date) -> DaySums {
        self.sums.get(&(account, day)).copied().unwrap_or_default()
    }

    /// What counts for a band of the level when so much more is signed.
    pub(super) fn sum_at(&self, account: AccountId, day: Date, level: Level, more: i64) -> Result<i64, SigningError> {
        let DaySums { authorised, awaiting } = self.sums_of(account, day);
        let before = authorised.checked_add(awaiting[level.place()]).ok_or(SigningError::Overflow)?;
        before.checked_add(more).ok_or(SigningError::Overflow)
    }

    /// The levels that the portion needs: what it was found to need before, and what the sum of its day needs now.
    pub(super) fn needs(&self, portion: &Portion) -> Result<Levels, SigningError> {
        let DaySums { authorised, .. } = self.sums_of(portion.account, portion.day);
        let sum = authorised.checked_add(portion.total).ok_or(SigningError::Overflow)?;
        Ok(self.account(portion.account)?.policy.needs(sum).and(portion.needs))
    }

    /// The levels at which signatures are still missing; none for what does not wait.
    ///
    /// # Errors
    /// When the desk does not know the account, or a sum is too large.
    pub fn levels_missing(&self, portion: &Portion) -> Result<Levels, SigningError> {
        if portion.state == SigningState::Awaiting {
            return Ok(self.needs(portion)?.without(portion.signed_levels()));
        }
        Ok(Levels::NONE)
    }

    /// The portion waits with a signature of the level.
    pub(super) fn add_waiting(&mut self, portion: &Portion, level: Level) -> Result<(), SigningError> {
        let sums = self.sums.entry((portion.account, portion.day)).or_default();
        let sum = &mut sums.awaiting[level.place()];
        *sum = sum.checked_add(portion.total).ok_or(SigningError::Overflow)?;
        Ok(())
    }

    /// So much of the portion waits no more, at none of the levels at which it is signed.
    pub(super) fn take_waiting(&mut self, portion: &Portion, minor: i64) -> Result<(), SigningError> {
        let sums = self.sums.entry((portion.account, portion.day)).or_default();
        for level in portion.signed_levels().iter() {
            let left = sums.awaiting[level.place()].checked_sub(minor).filter(|left| *left >= 0);
            sums.awaiting[level.place()] = left.ok_or(SigningError::SumsDiffer(portion.account))?;
        }
        Ok(())
    }

    /// The portion is authorised.
    pub(super) fn add_authorised(&mut self, portion: &Portion) -> Result<(), SigningError> {
        let sums = self.sums.entry((portion.account, portion.day)).or_default();
        sums.authorised = sums.authorised.checked_add(portion.total).ok_or(SigningError::Overflow)?;
        Ok(())
    }
}
