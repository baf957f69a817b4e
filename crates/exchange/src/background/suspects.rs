//! Work that may have ended an earlier process: it existed when this one began. The chore counts its attempts before
//! each step and forgets them after it, so the counts that remain are of steps that ended a process.
//!
//! The chore counts and executes lots without such an end together, since a restart may find many. A lot with such an
//! end works alone from then on, so the next end identifies it.

use std::collections::HashSet;

use payments::{Lot, LotId};

/// The name under which attempts at a lot are counted.
pub(crate) fn work_on(lot: LotId) -> String {
    lot.to_string()
}

/// The background work's memory of suspects.
#[derive(Default)]
pub(crate) struct Suspects {
    /// Lots that were there when this process began. `None` before the first round.
    lots: Option<HashSet<LotId>>,
    /// Names of work that a process ended with, or that another node is at.
    pub(super) begun_before: HashSet<String>,
    /// Names of work that is set aside, by whichever node.
    pub(super) set_aside: HashSet<String>,
}

impl Suspects {
    /// No process ended before: nothing is suspected.
    pub(crate) fn none() -> Suspects {
        Suspects { lots: Some(HashSet::new()), ..Suspects::default() }
    }

    /// Whether the first round is still to come.
    pub(crate) fn are_unknown(&self) -> bool {
        self.lots.is_none()
    }

    /// Whether it is known that there are none.
    pub(crate) fn are_none(&self) -> bool {
        self.lots.as_ref().is_some_and(HashSet::is_empty)
    }

    /// A lot that was there when this process began is suspected as long as it is there.
    pub(crate) fn keep<'l>(&mut self, there: impl Iterator<Item = &'l Lot>) {
        match &mut self.lots {
            Some(lots) => {
                let there: HashSet<LotId> = there.map(|lot| lot.id).collect();
                lots.retain(|lot| there.contains(lot));
            }
            none => *none = Some(there.map(|lot| lot.id).collect()),
        }
    }

    /// Whether other work is set aside, by its name.
    pub(crate) fn has_set_aside(&self, work: &str) -> bool {
        self.set_aside.contains(work)
    }

    pub(crate) fn is_set_aside(&self, lot: LotId) -> bool {
        !self.set_aside.is_empty() && self.set_aside.contains(&work_on(lot))
    }

    pub(crate) fn includes(&self, lot: LotId) -> bool {
        self.lots.as_ref().is_some_and(|lots| lots.contains(&lot))
    }

    /// Lots that a process ended with, each alone; and the others.
    pub(crate) fn alone(&self, lots: Vec<Lot>) -> (Vec<Vec<Lot>>, Vec<Lot>) {
        let ended_with = |lot: &Lot| {
            !self.begun_before.is_empty() && self.includes(lot.id) && self.begun_before.contains(&work_on(lot.id))
        };
        let (alone, others): (Vec<Lot>, Vec<Lot>) = lots.into_iter().partition(ended_with);
        (alone.into_iter().map(|lot| vec![lot]).collect(), others)
    }
}
