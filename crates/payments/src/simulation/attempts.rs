//! Attempts at forbidden operations: steps on lots that have moved on, senseless requests. Each must be refused without
//! a trace.

use jiff::Span;
use ledger::AccountId;
use rulebook::Route;

use super::moves::refused_as;
use super::orders::Order;
use super::treasury::{STALE, StoredPayment};
use super::{Outcome, Simulation};
use crate::bounds::STEP_PAYMENTS_MAX;
use crate::{AdmissionRequest, Lot, MessageId, SettlementItem, Stage, admit, open_business_day, settle};

impl Simulation {
    /// A step based on an outdated state.
    pub(super) fn stale_attempt(&mut self) -> Outcome {
        // Best a lot that is still being worked on: there the payments themselves must tell.
        let going_on = |old: &&Lot| {
            let now = self.treasury.lots.get(&old.id);
            now.is_some_and(|now| now.stage == old.stage && now.executed_below > old.executed_below)
        };
        let going_on: Vec<&Lot> = self.snapshots.iter().filter(going_on).collect();
        let old = match self.random.pick(&going_on) {
            Some(old) => Some((*old).clone()),
            None => self.random.pick(&self.snapshots).cloned(),
        };
        let Some(old) = old else { return Ok(()) };
        let Some(now) = self.treasury.lots.get(&old.id).cloned() else { return Ok(()) };
        if old.position() == now.position() {
            return Ok(());
        }
        let internal = old.route == Route::Internal;
        let chunk = |simulation: &mut Simulation, lot: &Lot| {
            if internal {
                simulation.execute_chunk(lot, old.executed_below)
            } else {
                simulation.settle_chunk(lot, old.executed_below)
            }
        };
        // The payments read earlier, the lot as it is: refused, unless the old place is where the lot still is.
        match chunk(self, &now)? {
            Ok(_) if old.executed_below < now.executed_below => {
                return Err(format!("{} executed payments below {} again", now.id, now.executed_below));
            }
            Ok(_) => {}
            Err(error) => self.count(&refused_as("stale payments", &error)),
        }
        // The old state, decided on today's book: the store must not take the decision.
        if let Ok((step, _)) = chunk(self, &old)? {
            match self.treasury.write_step(&step) {
                Err(problem) if problem == STALE => self.count("stale step not written"),
                Err(problem) => return Err(problem),
                Ok(()) => return Err(format!("a stale step of {} was written", old.id)),
            }
        }
        Ok(())
    }

    /// Requests that no caller should make, each refused without a trace.
    pub(super) fn contradiction(&mut self) -> Outcome {
        let order = Order::draw(&mut self.random, &self.treasury);
        let mut payments = order.drafts();
        let Some(spoilt) = payments.last_mut() else { return Ok(()) };
        match self.random.below(3) {
            0 => spoilt.minor = -self.random.between(0, 5),
            1 => spoilt.lot = u32::MAX,
            _ => payments.extend_from_within(payments.len() - 1..),
        }
        let debtors: Vec<AccountId> = order.lots.iter().map(|lot| lot.debtor).collect();
        let before = self.treasury.book(&debtors, &[self.treasury.day]);
        let mut book = before.clone();
        let request = AdmissionRequest {
            message: MessageId(self.next_message),
            acceptance: order.acceptance,
            lots: &order.lots,
            payments: &payments,
            occasion: self.occasion("nobody"),
        };
        match admit(&request, &mut book) {
            Err(error) if before == book => self.count(&refused_as("contradiction", &error)),
            _ => return Err("a request that contradicts itself was decided on".to_owned()),
        }
        self.settle_with_the_wrong_house()?;
        let back = self.treasury.day.saturating_sub(Span::new().days(1));
        match open_business_day(self.treasury.day, back) {
            Err(error) => self.count(&refused_as("contradiction", &error)),
            Ok(_) => return Err("the business day went back".to_owned()),
        }
        Ok(())
    }

    /// An answer that would be booked on the house's account of another currency.
    fn settle_with_the_wrong_house(&mut self) -> Outcome {
        let dispatched = self.treasury.lots_in(Stage::Dispatched, None);
        let Some(lot) = self.random.pick(&dispatched).and_then(|id| self.treasury.lots.get(id)) else { return Ok(()) };
        let payments = self.treasury.next_payments(lot, STEP_PAYMENTS_MAX);
        let to_item = |it: &StoredPayment| SettlementItem { ordinal: it.ordinal, minor: it.minor, line: 0 };
        let items: Vec<SettlementItem> = payments.iter().map(to_item).collect();
        let currency = self.treasury.accounts.get(&lot.debtor).map(|account| account.currency);
        let other = self.treasury.settlement.iter().find(|(house, _)| Some(**house) != currency);
        let Some((_, &house)) = other else { return Ok(()) };
        let before = self.treasury.book(&[lot.debtor, house], &[lot.execution_date]);
        let mut book = before.clone();
        match settle(lot, &items, &[], house, &mut book, self.occasion("settlement")) {
            Err(error) if before == book => self.count(&refused_as("wrong house", &error)),
            Err(error) => return Err(format!("{error}, and yet the book changed")),
            Ok(step) => return Err(format!("{} settled on an account of another currency", step.lot.id)),
        }
        Ok(())
    }
}
