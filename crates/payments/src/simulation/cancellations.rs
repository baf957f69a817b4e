//! The client cancels payments at any moment: of lots that wait, are under way, or are handed over already.

use super::moves::{Decided, refused_as, unchanged_if_refused};
use super::treasury::{Problem, StoredPayment};
use super::{Outcome, Simulation};
use crate::bounds::STEP_PAYMENTS_MAX;
use crate::{CancellationItem, Lot, Stage, cancel_lot, cancel_payments};

/// Once in so many cancellations payments are named that were executed before.
const EXECUTED_ONCE_IN: usize = 4;

impl Simulation {
    /// Cancels a lot's open payments, all of them or some. Refused if, and only if, it is too late.
    pub(super) fn cancel(&mut self) -> Outcome {
        let Some(lot) = self.lot_to_cancel() else { return Ok(()) };
        if has_begun(&lot) && self.random.once_in(EXECUTED_ONCE_IN) {
            return self.cancel_executed(&lot);
        }
        let items = if self.random.once_in(3) { Vec::new() } else { self.some_open(&lot) };
        match (self.decide_to_cancel(&lot, &items)?, lot.can_be_cancelled()) {
            (Ok((step, book)), true) => {
                self.count(if items.is_empty() { "lot cancelled" } else { "payments cancelled" });
                if step.lot.stage == lot.stage {
                    self.count(&format!("{:?} lot cancelled in part", lot.stage));
                }
                self.commit("cancellation", &step, &book)
            }
            (Err(error), false) => {
                self.count(&refused_as("cancellation", &error));
                Ok(())
            }
            (Ok(_), false) => Err(format!("{} was cancelled although it is {:?}", lot.id, lot.stage)),
            (Err(error), true) => Err(format!("{} could not be cancelled: {error}", lot.id)),
        }
    }

    /// A lot that is not finished. Few wait for funds, or are executed in part, at any moment; these are preferred.
    fn lot_to_cancel(&mut self) -> Option<Lot> {
        let rare: fn(&Lot) -> bool = match self.random.below(4) {
            0 => |lot| lot.stage == Stage::AwaitingFunds,
            1 => |lot| lot.stage == Stage::Held && has_begun(lot),
            _ => |_| true,
        };
        let open = || self.treasury.lots.values().filter(|lot| lot.stage < Stage::Completed).cloned();
        let mut lots: Vec<Lot> = open().filter(rare).collect();
        if lots.is_empty() {
            lots = open().collect();
        }
        self.random.pick(&lots).cloned()
    }

    /// A payment that was executed: refused, whatever the stage of its lot.
    fn cancel_executed(&mut self, lot: &Lot) -> Outcome {
        let ordinal = lot.executed_below - 1;
        let items = [CancellationItem { ordinal, minor: 1, line: 10 + ordinal }];
        match self.decide_to_cancel(lot, &items)? {
            Err(error) => self.count(&refused_as("cancellation", &error)),
            Ok(_) => return Err(format!("{} was cancelled below {}", lot.id, lot.executed_below)),
        }
        Ok(())
    }

    /// Some of a lot's open payments, at least one.
    fn some_open(&mut self, lot: &Lot) -> Vec<CancellationItem> {
        let open: Vec<StoredPayment> = self.treasury.next_payments(lot, STEP_PAYMENTS_MAX);
        let mut chosen: Vec<StoredPayment> = open.iter().filter(|_| self.random.once_in(3)).copied().collect();
        if chosen.is_empty() {
            chosen.extend(open.first());
        }
        let item = |payment: &StoredPayment| CancellationItem {
            ordinal: payment.ordinal,
            minor: payment.minor,
            line: 10 + payment.ordinal,
        };
        chosen.iter().map(item).collect()
    }

    /// Decides on these payments, or on the whole lot when there are none.
    fn decide_to_cancel(&self, lot: &Lot, items: &[CancellationItem]) -> Result<Decided, Problem> {
        let before = self.treasury.book(&[lot.debtor], &[lot.execution_date]);
        let mut book = before.clone();
        let occasion = self.occasion(&self.actor);
        let decided = if items.is_empty() {
            cancel_lot(lot, &mut book, occasion)
        } else {
            cancel_payments(lot, items, &mut book, occasion)
        };
        unchanged_if_refused(decided, &before, book)
    }
}

/// Whether some of its payments have been executed.
fn has_begun(lot: &Lot) -> bool {
    lot.executed_below > lot.first
}
