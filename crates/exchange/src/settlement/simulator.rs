//! A settlement system for sandboxes: it settles in cycles, as remittance texts ask it to.
//!
//! | remittance text contains | what happens |
//! |---|---|
//! | `SIMULATE REJECT AC04` | the payment is rejected with that ISO code |
//! | `SIMULATE DELAY` | its lot settles one cycle later |
//! | `SIMULATE RETURN AC04` | the payment settles, and its money comes back at once as a new credit, with that ISO code |
//!
//! It keeps nothing that a restart could lose: its answers and their times follow from the time when the exchange
//! decided to hand a lot over, and from the lot's payments. After a restart the exchange hands lots without an answer
//! over again, and the simulator answers as before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use payments::{LotId, MessageId};

use super::port::{
    AnswerListId, OutgoingLot, OutgoingPayments, PaymentReference, ReasonCode, SettlementAnswer, SettlementError,
    SettlementOutcome, SettlementSystem,
};
use crate::Clock;
use crate::bounds::SIMULATED_ANSWERS_IN_A_LIST;

const MARK: &str = "SIMULATE ";
const REJECT: &str = "REJECT";
const DELAY: &str = "DELAY";
const RETURN: &str = "RETURN";

/// The list of a lot about its delay; the lists of its payments follow, from 1.
const OF_THE_DELAY: u32 = 0;

/// Settles in cycles, as remittance texts ask it to.
pub(crate) struct Simulator {
    cycle: Duration,
    clock: Arc<dyn Clock>,
    /// Lots with lists that are not confirmed.
    lots: Mutex<BTreeMap<LotId, SimulatedLot>>,
}

struct SimulatedLot {
    decided_at: Timestamp,
    /// Its payments, in ranges that leave none between out.
    ordinals: Vec<(u32, u32)>,
    /// Those that do not just settle.
    asked: BTreeMap<u32, Asked>,
    confirmed: BTreeSet<u32>,
}

/// What a remittance text asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Rejection(ReasonCode),
    Delay,
    Return(ReasonCode),
}

impl Asked {
    fn read(remittance: &str) -> Option<Asked> {
        let mut words = remittance.split_once(MARK)?.1.split_whitespace();
        let (order, reason) = (words.next()?, words.next());
        let reason = reason.and_then(ReasonCode::new).unwrap_or(ReasonCode::NOT_SPECIFIED);
        match order {
            REJECT => Some(Asked::Rejection(reason)),
            DELAY => Some(Asked::Delay),
            RETURN => Some(Asked::Return(reason)),
            _ => None,
        }
    }
}

impl Simulator {
    pub(crate) fn new(cycle: Duration, clock: Arc<dyn Clock>) -> Simulator {
        Simulator { cycle, clock, lots: Mutex::default() }
    }

    fn lots(&self) -> MutexGuard<'_, BTreeMap<LotId, SimulatedLot>> {
        // The map is whole between any two statements.
        self.lots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether so many cycles have passed since the lot was handed over.
    fn has_passed(&self, cycles: u32, lot: &SimulatedLot, now: Timestamp) -> bool {
        let end = lot.decided_at.checked_add(self.cycle.saturating_mul(cycles));
        now >= end.unwrap_or(Timestamp::MAX)
    }

    /// The lists of a lot that are there by now and not confirmed.
    fn lists(&self, lot: &SimulatedLot, now: Timestamp) -> impl Iterator<Item = u32> {
        let is_delayed = lot.is_delayed();
        let first = if is_delayed { OF_THE_DELAY } else { OF_THE_DELAY + 1 };
        let last = match (self.has_passed(1, lot, now), self.has_passed(2, lot, now)) {
            (false, _) => None,
            (true, false) if is_delayed => Some(OF_THE_DELAY),
            (true, _) => Some(lot.last_list()),
        };
        let all = last.map(|last| first..=last).into_iter().flatten();
        all.filter(|list| !lot.confirmed.contains(list)).collect::<Vec<u32>>().into_iter()
    }
}

impl SimulatedLot {
    fn is_delayed(&self) -> bool {
        self.asked.values().any(|asked| *asked == Asked::Delay)
    }

    fn payments(&self) -> u32 {
        self.ordinals.iter().map(|(first, last)| last - first + 1).sum()
    }

    fn last_list(&self) -> u32 {
        OF_THE_DELAY + self.payments().div_ceil(SIMULATED_ANSWERS_IN_A_LIST)
    }

    /// Takes its next payment.
    fn add(&mut self, ordinal: u32, remittance: &str) {
        match self.ordinals.last_mut() {
            Some((_, last)) if *last + 1 == ordinal => *last = ordinal,
            _ => self.ordinals.push((ordinal, ordinal)),
        }
        if let Some(asked) = Asked::read(remittance) {
            self.asked.insert(ordinal, asked);
        }
    }

    fn answers(&self, id: LotId, list: u32) -> Vec<SettlementAnswer> {
        let answer =
            |ordinal, outcome| SettlementAnswer { payment: PaymentReference { lot: id, ordinal }.to_string(), outcome };
        if list == OF_THE_DELAY {
            let delayed = self.asked.iter().filter(|(_, asked)| **asked == Asked::Delay);
            return delayed.map(|(ordinal, _)| answer(*ordinal, SettlementOutcome::Delayed)).collect();
        }
        let begin = (list - 1).saturating_mul(SIMULATED_ANSWERS_IN_A_LIST);
        let ordinals = self.ordinals.iter().flat_map(|(first, last)| *first..=*last);
        let mut answers = Vec::new();
        for ordinal in ordinals.skip(begin as usize).take(SIMULATED_ANSWERS_IN_A_LIST as usize) {
            match self.asked.get(&ordinal) {
                Some(Asked::Rejection(reason)) => answers.push(answer(ordinal, SettlementOutcome::Rejected(*reason))),
                Some(Asked::Return(reason)) => answers.extend([
                    answer(ordinal, SettlementOutcome::Settled),
                    answer(ordinal, SettlementOutcome::Returned(*reason)),
                ]),
                Some(Asked::Delay) | None => answers.push(answer(ordinal, SettlementOutcome::Settled)),
            }
        }
        answers
    }
}

impl SettlementSystem for Simulator {
    fn hand_over(&self, lot: &OutgoingLot, payments: &mut dyn OutgoingPayments) -> Result<(), SettlementError> {
        if self.lots().contains_key(&lot.id) {
            return Ok(());
        }
        let (decided_at, confirmed) = (lot.decided_at, BTreeSet::new());
        let mut taken = SimulatedLot { decided_at, ordinals: Vec::new(), asked: BTreeMap::new(), confirmed };
        payments.each(&mut |payment| {
            taken.add(payment.reference.ordinal, payment.details.remittance);
            Ok(())
        })?;
        self.lots().entry(lot.id).or_insert(taken);
        Ok(())
    }

    fn waiting(&self, after: Option<&AnswerListId>, limit: usize) -> Result<Vec<AnswerListId>, SettlementError> {
        let after = after.map(place_of).transpose()?;
        let (lots, now) = (self.lots(), self.clock.now());
        let begun = match after {
            Some((lot, _)) => lots.range(lot..),
            None => lots.range(..),
        };
        let lists = begun.flat_map(|(id, lot)| self.lists(lot, now).map(move |list| (*id, list)));
        let next = lists.filter(|place| after.is_none_or(|after| after < *place));
        Ok(next.take(limit).map(|(lot, list)| named(lot, list)).collect())
    }

    fn read(&self, list: &AnswerListId) -> Result<Vec<SettlementAnswer>, SettlementError> {
        let (id, number) = place_of(list)?;
        let lots = self.lots();
        // One that was confirmed meanwhile has nothing to say any more.
        Ok(lots.get(&id).map(|lot| lot.answers(id, number)).unwrap_or_default())
    }

    fn confirm(&self, list: &AnswerListId) -> Result<(), SettlementError> {
        let (id, number) = place_of(list)?;
        let mut lots = self.lots();
        let Some(lot) = lots.get_mut(&id) else { return Ok(()) };
        lot.confirmed.insert(number);
        if (OF_THE_DELAY + 1..=lot.last_list()).all(|list| lot.confirmed.contains(&list)) {
            lots.remove(&id);
        }
        Ok(())
    }
}

fn named(lot: LotId, list: u32) -> AnswerListId {
    AnswerListId(format!("{}-{}-{list}", lot.message.0, lot.number))
}

fn place_of(list: &AnswerListId) -> Result<(LotId, u32), SettlementError> {
    let mut parts = list.0.split('-');
    let mut place = || {
        let (message, number) = (MessageId(parts.next()?.parse().ok()?), parts.next()?.parse().ok()?);
        Some((LotId { message, number }, parts.next()?.parse().ok()?))
    };
    place().ok_or_else(|| SettlementError::Unreadable(format!("the simulator has no list {list}")))
}
