//! Lots on which the background works: which there are, which take a step together, and whose steps are counted.

use std::collections::HashSet;

use jiff::civil::Date;
use payments::{Lot, Stage};
use rulebook::Route;
use store::Reading;

use crate::background::chore::Round;
use crate::background::suspects::work_on;
use crate::bounds::{LOTS_AT_A_TIME, LOTS_LOOKED_AT_MAX, LOTS_TOGETHER_MAX};
use crate::{Exchange, Failure};

/// Day that no execution date reaches: all lots of a stage.
const ANY_DATE: Date = Date::MAX;

impl Exchange {
    /// The lots of a stage, oldest first.
    pub(crate) async fn lots(&self, stage: Stage) -> Result<Vec<Lot>, Failure> {
        self.inner.store.read(move |reading| lots_in_stage(reading, stage, ANY_DATE)).await
    }

    /// Lots that are carried out in one step.
    pub(crate) fn to_carry_out(&self, lots: Vec<Lot>, round: &Round) -> Vec<Vec<Lot>> {
        let (mut groups, others) = round.suspects.alone(lots);
        groups.extend(together(others, self.inner.settings.execute_chunk_payments));
        groups
    }

    /// Lots that are settled between one count of attempts and the next.
    pub(crate) fn to_settle(lots: Vec<Lot>, round: &Round) -> Vec<Vec<Lot>> {
        let (mut groups, mut others) = round.suspects.alone(lots);
        while !others.is_empty() {
            let rest = others.split_off(others.len().min(LOTS_TOGETHER_MAX));
            groups.push(std::mem::replace(&mut others, rest));
        }
        groups
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

/// Lots as they are carried out: small ones of a route together, of whichever message. Those that only have to be
/// dispatched come first; oldest messages first.
fn together(mut lots: Vec<Lot>, payments_max: u32) -> Vec<Vec<Lot>> {
    lots.sort_by_key(|lot| (lot.route == Route::Internal, lot.id));
    let mut groups: Vec<Vec<Lot>> = Vec::new();
    let mut payments: u32 = 0;
    for lot in lots {
        // A dispatch reads no payments.
        let more = if lot.route == Route::Internal { lot.open_count() } else { 0 };
        payments = payments.saturating_add(more);
        match groups.last_mut() {
            Some(group)
                if group[0].route == lot.route && group.len() < LOTS_TOGETHER_MAX && payments <= payments_max =>
            {
                group.push(lot);
            }
            _ => {
                payments = more;
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
        let page = reading.lots_in_stage(stage, date, lots.last().map(|lot| lot.id), LOTS_AT_A_TIME)?;
        let is_full = page.len() == LOTS_AT_A_TIME as usize;
        lots.extend(page);
        if !is_full || lots.len() >= LOTS_LOOKED_AT_MAX {
            return Ok(lots);
        }
    }
}
