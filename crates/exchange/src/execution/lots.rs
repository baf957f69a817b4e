//! Lots on which the background works: which there are, which take a step together, and whose steps are counted.

use std::collections::HashSet;

use jiff::civil::Date;
use payments::{Lot, Stage};
use rulebook::Route;
use store::Reading;

use crate::background::chore::Round;
use crate::background::suspects::work_on;
use crate::bounds::{LOTS_AT_A_TIME, LOTS_LOOKED_AT_MAX};
use crate::{Exchange, Failure};

/// Day that no execution date reaches: all lots of a stage.
pub(crate) const ANY_DATE: Date = Date::MAX;

impl Exchange {
    /// The lots of a stage, oldest first.
    pub(crate) async fn lots(&self, stage: Stage) -> Result<Vec<Lot>, Failure> {
        self.inner.store.read(move |reading| lots_in_stage(reading, stage, ANY_DATE)).await
    }

    /// Lots that are carried out in one step.
    pub(crate) fn to_carry_out(&self, lots: Vec<Lot>, round: &Round) -> Vec<Vec<Lot>> {
        let (mut groups, others) = round.suspects.alone(lots);
        let (internal, to_dispatch): (Vec<Lot>, Vec<Lot>) =
            by_age(others).partition(|lot| lot.route == Route::Internal);
        // First those that only have to be dispatched: that reads no payments.
        groups.extend(self.grouped(to_dispatch, |_| 0));
        groups.extend(self.grouped(internal, |lot| lot.open_count() as usize));
        groups
    }

    /// Lots that are settled between one count of attempts and the next.
    pub(crate) fn to_settle(&self, lots: Vec<Lot>, round: &Round) -> Vec<Vec<Lot>> {
        let (mut groups, others) = round.suspects.alone(lots);
        groups.extend(self.grouped(others, |_| 0));
        groups
    }

    /// Lots that take a step together, in their order: as many as may and have no more payments than a transaction takes; or
    /// one with more.
    pub(crate) fn grouped<L>(&self, lots: Vec<L>, payments: impl Fn(&L) -> usize) -> Vec<Vec<L>> {
        let settings = &self.inner.settings;
        grouped(lots, settings.lots_together_max as usize, settings.execute_chunk_payments as usize, payments)
    }

    /// Counts the beginning of a step on lots, as far as they are suspected. Returns the lots that may take the step,
    /// and the counted work.
    pub(crate) async fn begin_lots(&self, mut lots: Vec<Lot>, round: &mut Round) -> (Vec<Lot>, HashSet<String>) {
        let suspected = lots.iter().filter(|lot| round.suspects.includes(lot.id));
        let mut works: Vec<String> = suspected.map(|lot| work_on(lot.id)).collect();
        if works.is_empty() {
            return (lots, HashSet::new());
        }
        // In one order on all nodes.
        works.sort();
        match self.begin_works(works).await {
            Ok(begun) => {
                lots.retain(|lot| !round.suspects.includes(lot.id) || begun.contains(&work_on(lot.id)));
                (lots, begun)
            }
            Err(failure) => {
                for lot in &lots {
                    round.unless_failed(lot.id, Err(failure.clone()), self.now());
                }
                (Vec::new(), HashSet::new())
            }
        }
    }

    /// The step has ended, and the process lives.
    pub(crate) async fn end_lots(&self, begun: HashSet<String>) {
        if !begun.is_empty() {
            self.end_works(begun).await;
        }
    }
}

/// Oldest messages first.
fn by_age(mut lots: Vec<Lot>) -> impl Iterator<Item = Lot> {
    lots.sort_by_key(|lot| lot.id);
    lots.into_iter()
}

/// Groups of lots in their order: so many, with so many payments together; or one with more.
pub(crate) fn grouped<L>(
    lots: Vec<L>,
    lots_max: usize,
    payments_max: usize,
    payments: impl Fn(&L) -> usize,
) -> Vec<Vec<L>> {
    let (mut groups, mut sum): (Vec<Vec<L>>, usize) = (Vec::new(), 0);
    for lot in lots {
        let more = payments(&lot);
        sum = sum.saturating_add(more);
        match groups.last_mut() {
            Some(group) if group.len() < lots_max && sum <= payments_max => group.push(lot),
            _ => {
                sum = more;
                groups.push(vec![lot]);
            }
        }
    }
    groups
}

/// Lots on which a step is taken together. When it fails for all, each half takes it alone, and so on, until the step fails
/// for a lot by itself: that one has failed, and no other.
pub(crate) struct Parts<L>(Vec<Vec<L>>);

impl<L: Clone> Parts<L> {
    pub(crate) fn of(lots: Vec<L>) -> Parts<L> {
        Parts(if lots.is_empty() { Vec::new() } else { vec![lots] })
    }

    /// The lots that take the step next: those before the others go first.
    pub(crate) fn next(&mut self) -> Option<Vec<L>> {
        self.0.pop()
    }

    /// The step failed for these lots. Returns those that have failed by it; the others take it again.
    pub(crate) fn failed(&mut self, mut lots: Vec<L>, failure: &Failure) -> Vec<L> {
        if lots.len() < 2 || failure.is_temporary() {
            return lots;
        }
        let second = lots.split_off(lots.len().div_ceil(2));
        self.0.extend([second, lots]);
        Vec::new()
    }
}

/// The lots of a stage up to a date, oldest first, up to a bound: waiting lots do not block others.
pub(crate) fn lots_in_stage(reading: &mut dyn Reading, stage: Stage, date: Date) -> Result<Vec<Lot>, Failure> {
    let mut lots: Vec<Lot> = Vec::new();
    loop {
        let page = reading.lots_in_stage(stage, date, lots.last(), LOTS_AT_A_TIME)?;
        let is_full = page.len() == LOTS_AT_A_TIME as usize;
        lots.extend(page);
        if !is_full || lots.len() >= LOTS_LOOKED_AT_MAX {
            return Ok(lots);
        }
    }
}
