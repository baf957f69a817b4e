//! Resources that clients share: places, bytes, turns. Whatever amount some take, there is room for the next one.
//!
//! The rule is that of dynamic thresholds (Choudhury and Hahne, 1998): a holder gets more only if it holds afterwards
//! no more than was free before. One greedy holder gets half of everything, two get a third each, and so on; a newcomer
//! always finds room. The rule needs no list of clients and no weights.
//!
//! [`Shares`] answers at once; use it where a client can come back later. [`Turns`] lets holders wait in line, one line
//! a holder, and serves the lines in rotation.

mod clients;
mod turns;

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use exchange::Failure;
use rulebook::Code;

use crate::bounds;

pub(crate) use clients::{ClientShares, Place, TREASURY};
pub(crate) use turns::{Turn, Turns};

/// An amount that holders share.
pub(crate) struct Shares<K> {
    budget: &'static str,
    total: u64,
    /// The most that one holder gets, however much is free.
    each_max: u64,
    held: Mutex<Holdings<K>>,
}

struct Holdings<K> {
    taken: u64,
    by_holder: HashMap<K, u64>,
}

/// The share of a holder; dropping it gives it back.
pub(crate) struct Share<K: Copy + Eq + Hash> {
    of: Arc<Shares<K>>,
    holder: K,
    amount: u64,
}

/// A holder has used up its share of a budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShareExceeded {
    /// The budget's name, as the documentation and the answer give it.
    pub(crate) budget: &'static str,
    /// Whether it holds anything of it. If not, others have taken it all: that is no fault of this holder.
    pub(crate) has_any: bool,
}

impl From<ShareExceeded> for Failure {
    /// A client that has used its share gets the name of the budget; a client without any share gets 503, since the
    /// service is full.
    fn from(ShareExceeded { budget, has_any }: ShareExceeded) -> Failure {
        if !has_any {
            tracing::warn!(budget, "the server sends a client away that holds nothing");
            return Failure::new(Code::Unavailable).with_retry_after(bounds::RETRY_AFTER);
        }
        let failure = Failure::new(Code::TooManyRequests).with_detail(budget);
        failure.with_expected(bounds::RETRY_AFTER.as_secs().to_string()).with_retry_after(bounds::RETRY_AFTER)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Counts are whole between any two statements.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<K: Copy + Eq + Hash> Shares<K> {
    pub(crate) fn new(budget: &'static str, total: u64, each_max: u64) -> Arc<Shares<K>> {
        let held = Holdings { taken: 0, by_holder: HashMap::new() };
        Arc::new(Shares { budget, total, each_max, held: Mutex::new(held) })
    }

    /// Takes an amount, or says that the holder has its share.
    pub(crate) fn take(self: &Arc<Self>, holder: K, amount: u64) -> Result<Share<K>, ShareExceeded> {
        let mut share = Share { of: Arc::clone(self), holder, amount: 0 };
        share.grow(amount)?;
        Ok(share)
    }

    /// Whether the holder could take anything more now.
    pub(crate) fn room(&self, holder: K) -> Result<(), ShareExceeded> {
        let held = lock(&self.held);
        match self.allows(&held, holder, 1) {
            true => Ok(()),
            false => Err(ShareExceeded { budget: self.budget, has_any: held.by_holder.contains_key(&holder) }),
        }
    }

    fn allows(&self, held: &Holdings<K>, holder: K, amount: u64) -> bool {
        let mine = held.by_holder.get(&holder).copied().unwrap_or(0).saturating_add(amount);
        mine <= self.each_max && mine <= self.total.saturating_sub(held.taken)
    }
}

impl<K: Copy + Eq + Hash> Share<K> {
    /// Takes more.
    pub(crate) fn grow(&mut self, amount: u64) -> Result<(), ShareExceeded> {
        let mut held = lock(&self.of.held);
        if !self.of.allows(&held, self.holder, amount) {
            let has_any = held.by_holder.contains_key(&self.holder);
            return Err(ShareExceeded { budget: self.of.budget, has_any });
        }
        held.taken += amount;
        if amount > 0 {
            *held.by_holder.entry(self.holder).or_default() += amount;
        }
        self.amount += amount;
        Ok(())
    }
}

impl<K: Copy + Eq + Hash> Drop for Share<K> {
    fn drop(&mut self) {
        if self.amount == 0 {
            return;
        }
        let mut held = lock(&self.of.held);
        held.taken -= self.amount;
        if let Some(mine) = held.by_holder.get_mut(&self.holder) {
            *mine -= self.amount;
            if *mine == 0 {
                held.by_holder.remove(&self.holder);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_greedy_holder_leaves_room_for_the_next_one() {
        let shares = Shares::new("test", 12, 12);
        let take_all = |holder| std::iter::from_fn(|| shares.take(holder, 1).ok()).collect::<Vec<_>>();
        let first = take_all(1);
        assert_eq!(first.len(), 6, "half of all");
        let second = take_all(2);
        assert_eq!(second.len(), 3, "half of what is left");
        assert_eq!(take_all(3).len(), 2, "the third finds room too");
        drop(first);
        assert!(shares.take(2, 1).is_ok(), "what is given back can be taken");
        drop(second);
        assert_eq!(lock(&shares.held).by_holder.len(), 0, "nobody is remembered who holds nothing");
    }

    #[test]
    fn nobody_gets_more_than_the_most_for_one() {
        let shares = Shares::new("test", 100, 3);
        let mut share = shares.take(1, 2).unwrap();
        assert_eq!(share.grow(2), Err(ShareExceeded { budget: "test", has_any: true }));
        assert!(share.grow(1).is_ok() && shares.room(1).is_err() && shares.room(2).is_ok());
    }
}
