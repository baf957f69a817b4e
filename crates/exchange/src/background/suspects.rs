//! Work that may have ended the process before: it was there when this one began. Its attempts are counted before each step and
//! forgotten after it, so what stays counted is what a process ended with.
//!
//! Lots that no process ended with are counted and carried out together, since a restart may find many. One that a process
//! ended with works alone from then on, so the next end tells which it was.

use std::collections::HashSet;

use payments::{Lot, LotId};
use store::Reading;

use super::round::{Memory, together};
use crate::bounds::LOTS_TOGETHER_MAX;
use crate::{Alarm, Exchange, Failure};

/// The name under which attempts at a lot are counted.
fn work_on(lot: LotId) -> String {
    lot.to_string()
}

/// What the work remembers of suspects.
#[derive(Default)]
pub(super) struct Suspects {
    /// Lots that were there when this process began. `None` before the first round.
    lots: Option<HashSet<LotId>>,
    /// Names of work that a process ended with, or that another node is at.
    begun_before: HashSet<String>,
    /// Names of work that is set aside, by whichever node.
    set_aside: HashSet<String>,
}

impl Suspects {
    /// Nobody ended before: nothing is suspected.
    pub(super) fn none() -> Suspects {
        Suspects { lots: Some(HashSet::new()), ..Suspects::default() }
    }

    /// Whether the first round is still to come.
    pub(super) fn are_unknown(&self) -> bool {
        self.lots.is_none()
    }

    /// Whether it is known that there are none.
    pub(super) fn are_none(&self) -> bool {
        self.lots.as_ref().is_some_and(HashSet::is_empty)
    }

    /// A lot that was there when this process began is suspected as long as it is there.
    pub(super) fn keep<'l>(&mut self, there: impl Iterator<Item = &'l Lot>) {
        match &mut self.lots {
            Some(lots) => {
                let there: HashSet<LotId> = there.map(|lot| lot.id).collect();
                lots.retain(|lot| there.contains(lot));
            }
            none => *none = Some(there.map(|lot| lot.id).collect()),
        }
    }

    pub(super) fn is_set_aside(&self, lot: LotId) -> bool {
        !self.set_aside.is_empty() && self.set_aside.contains(&work_on(lot))
    }

    fn includes(&self, lot: LotId) -> bool {
        self.lots.as_ref().is_some_and(|lots| lots.contains(&lot))
    }

    /// Lots that a process ended with, each alone; and the others.
    fn alone(&self, lots: Vec<Lot>) -> (Vec<Vec<Lot>>, Vec<Lot>) {
        let ended_with = |lot: &Lot| {
            !self.begun_before.is_empty() && self.includes(lot.id) && self.begun_before.contains(&work_on(lot.id))
        };
        let (alone, others): (Vec<Lot>, Vec<Lot>) = lots.into_iter().partition(ended_with);
        (alone.into_iter().map(|lot| vec![lot]).collect(), others)
    }
}

impl Exchange {
    /// Lots that are carried out in one step.
    pub(super) fn to_carry_out(&self, lots: Vec<Lot>, memory: &Memory) -> Vec<Vec<Lot>> {
        let (mut groups, others) = memory.suspects.alone(lots);
        groups.extend(together(others, self.inner.settings.execute_chunk_payments));
        groups
    }

    /// Lots that are settled between one count of attempts and the next.
    pub(super) fn to_settle(lots: Vec<Lot>, memory: &Memory) -> Vec<Vec<Lot>> {
        let (mut groups, mut others) = memory.suspects.alone(lots);
        while !others.is_empty() {
            let rest = others.split_off(others.len().min(LOTS_TOGETHER_MAX));
            groups.push(std::mem::replace(&mut others, rest));
        }
        groups
    }

    /// Counts that a step on some lots begins, as far as they are suspected. Returns those with which it may, and what was
    /// counted.
    pub(super) async fn begin_lots(&self, mut lots: Vec<Lot>, memory: &mut Memory) -> (Vec<Lot>, HashSet<String>) {
        let suspected = lots.iter().filter(|lot| memory.suspects.includes(lot.id));
        let mut works: Vec<String> = suspected.map(|lot| work_on(lot.id)).collect();
        if works.is_empty() {
            return (lots, HashSet::new());
        }
        // In one order on all nodes.
        works.sort();
        match self.begin_works(works).await {
            Ok(begun) => {
                lots.retain(|lot| !memory.suspects.includes(lot.id) || begun.contains(&work_on(lot.id)));
                (lots, begun)
            }
            Err(failure) => {
                for lot in &lots {
                    memory.unless_failed(lot, Err(failure.clone()), self.now());
                }
                (Vec::new(), HashSet::new())
            }
        }
    }

    /// The step has ended, and the process lives.
    pub(super) async fn end_lots(&self, begun: HashSet<String>) {
        if !begun.is_empty() {
            self.end_works(begun).await;
        }
    }

    /// Whether a chore may begin: it is not set aside, and in the first round its attempt is counted.
    pub(super) async fn begin_chore(&self, chore: &str, is_first: bool, memory: &Memory) -> Result<bool, Failure> {
        if memory.suspects.set_aside.contains(chore) {
            return Ok(false);
        }
        Ok(!is_first || self.begin_works(vec![chore.to_owned()]).await?.contains(chore))
    }

    pub(super) async fn end_chore(&self, chore: &str, is_first: bool) {
        if is_first {
            self.end_works(HashSet::from([chore.to_owned()])).await;
        }
    }

    /// Looks at what is set aside, by whichever node, and raises or clears the alarm; and at what a process ended with.
    pub(super) async fn look_at_attempts(&self, memory: &mut Memory) -> Result<(), Failure> {
        let read = |reading: &mut dyn Reading| {
            Ok::<_, Failure>((reading.set_aside_submissions(1)?.len(), reading.work_attempts()?))
        };
        let (submissions, attempts) = self.inner.store.read(read).await?;
        let (set_aside, begun): (Vec<_>, Vec<_>) = attempts.into_iter().partition(|work| work.set_aside_at.is_some());
        match (submissions, set_aside.len()) {
            (0, 0) => self.inner.health.clear(Alarm::SetAside),
            (0, works) => self.inner.health.raise(Alarm::SetAside, format_args!("lots or chores: {works}")),
            (_, 0) => self.inner.health.raise(Alarm::SetAside, "at least one submission"),
            (_, works) => self
                .inner
                .health
                .raise(Alarm::SetAside, format_args!("at least one submission, and lots or chores: {works}")),
        }
        memory.suspects.set_aside = set_aside.into_iter().map(|work| work.work).collect();
        memory.suspects.begun_before = begun.into_iter().map(|work| work.work).collect();
        Ok(())
    }
}
