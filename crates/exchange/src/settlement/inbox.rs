//! Answers of the settlement system that the exchange has taken and not booked yet.
//!
//! Nothing here outlives the process: a list of answers stays with the settlement system until the exchange has booked
//! all of it, so the exchange reads forgotten answers again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Bound;
use std::sync::Arc;

use payments::{Lot, LotId};
use rulebook::check::Excerpt;
use tokio::sync::Mutex;

use super::answered::{Answered, AnswersOfLot, AnswersOfLots, End, Part};
use super::port::{AnswerListId, PaymentReference, SettlementAnswer, SettlementOutcome, SettlementSystem};
use crate::bounds::{ANSWERS_WAITING_MAX, REFUSED_ANSWERS_NAMED_MAX};

/// The settlement system, and the answers taken from it.
pub(crate) struct Settlement {
    pub(crate) system: Arc<dyn SettlementSystem>,
    pub(crate) inbox: Mutex<Inbox>,
}

impl Settlement {
    pub(crate) fn new(system: Arc<dyn SettlementSystem>) -> Settlement {
        Settlement { system, inbox: Mutex::default() }
    }
}

/// A list by its number: as long as it is open.
type ListNumber = u32;

/// Answers that are taken and not booked yet.
#[derive(Default)]
pub(crate) struct Inbox {
    /// Dispatched lots that this process has handed over.
    handed_over: HashSet<LotId>,
    numbers: HashMap<AnswerListId, ListNumber>,
    lists: BTreeMap<ListNumber, OpenList>,
    next_number: ListNumber,
    answers: BTreeMap<Place, SettlementOutcome>,
    /// Lots with answers not assessed since they came, or since the lot moved on.
    unseen: BTreeSet<LotId>,
    /// How far lots with answers that wait had come in the last round; `None` where they are dispatched no more.
    came_to: HashMap<LotId, Option<u32>>,
}

/// Where an answer stands. Answers for one payment stand together, and those for a lot in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    lot: LotId,
    ordinal: u32,
    part: Part,
    list: ListNumber,
}

/// A list that is not confirmed.
struct OpenList {
    id: AnswerListId,
    /// Its answers that wait to be booked.
    waiting: usize,
    /// How many of its answers cannot be true; 1 for a list that cannot be read.
    refused: usize,
    /// The first few lines that are not in the audit chain yet.
    untold: Vec<String>,
}

impl Inbox {
    pub(crate) fn is_handed_over(&self, lot: LotId) -> bool {
        self.handed_over.contains(&lot)
    }

    pub(crate) fn note_handed_over(&mut self, lot: LotId) {
        self.handed_over.insert(lot);
    }

    /// Forgets that lots were handed over which are dispatched no more.
    pub(crate) fn keep_handed_over(&mut self, dispatched: &[Lot]) {
        if self.handed_over.len() > dispatched.len() {
            let dispatched: HashSet<LotId> = dispatched.iter().map(|lot| lot.id).collect();
            self.handed_over.retain(|lot| dispatched.contains(lot));
        }
    }

    /// Whether a list was taken already.
    pub(crate) fn has(&self, list: &AnswerListId) -> bool {
        self.numbers.contains_key(list)
    }

    /// Whether so many answers more may wait.
    pub(crate) fn has_room(&self, answers: usize) -> bool {
        self.answers.len() + answers <= ANSWERS_WAITING_MAX
    }

    /// Takes a list. When more answers wait than may, first forgets all waiting ones: the bookable ones are booked, and
    /// the exchange reads the rest again.
    pub(crate) fn take(&mut self, id: AnswerListId, answers: Vec<SettlementAnswer>) {
        if !self.has_room(answers.len()) && !self.answers.is_empty() {
            tracing::warn!(waiting = self.answers.len(), "answers of the settlement system are read again later");
            self.forget_waiting();
        }
        let list = self.open(id);
        for SettlementAnswer { payment, outcome } in answers {
            let Ok(reference) = payment.parse::<PaymentReference>() else {
                self.refuse(list, &payment, outcome, "no payment is called so");
                continue;
            };
            let PaymentReference { lot, ordinal } = reference;
            let place = Place { lot, ordinal, part: part_of(outcome), list };
            let other = self.of_payment_part(lot, ordinal, place.part).next();
            if let Some(other) = other.map(|(_, outcome)| *outcome).filter(|other| *other != outcome) {
                self.refuse(list, &payment, outcome, &format!("it is {other} by an answer that came before"));
                continue;
            }
            if self.answers.insert(place, outcome).is_none() {
                self.list(list).waiting += 1;
            }
            self.unseen.insert(lot);
        }
    }

    /// Notes a list that cannot be read.
    pub(crate) fn note_unreadable(&mut self, id: AnswerListId, why: &str) {
        let number = self.open(id);
        let list = self.list(number);
        list.refused = 1;
        list.untold.push(Excerpt::of(why).as_str().to_owned());
    }

    /// Marks lots that moved on since the last round for another assessment: their waiting answers may be next now.
    /// Another node may have moved them on, with answers that this one never had.
    pub(crate) fn look_again(&mut self, dispatched: &BTreeMap<LotId, Lot>) {
        let mut came_to = HashMap::new();
        let mut next = self.answers.first_key_value().map(|(place, _)| place.lot);
        while let Some(lot) = next {
            let now = dispatched.get(&lot).map(|lot| lot.executed_below);
            if self.came_to.get(&lot) != Some(&now) {
                self.unseen.insert(lot);
            }
            came_to.insert(lot, now);
            let last = Place { lot, ordinal: u32::MAX, part: Part::Return, list: ListNumber::MAX };
            next = self.answers.range((Bound::Excluded(last), Bound::Unbounded)).next().map(|(place, _)| place.lot);
        }
        self.came_to = came_to;
    }

    /// Lots whose answers need an assessment.
    pub(crate) fn unseen(&self) -> Vec<LotId> {
        self.unseen.iter().copied().collect()
    }

    /// The answers for a lot.
    fn of_lot(&self, lot: LotId) -> AnswersOfLot {
        let mut answers = AnswersOfLot::new();
        for (place, outcome) in self.answers.range(first_of(lot, 0)..).take_while(|(place, _)| place.lot == lot) {
            let answered: &mut Answered = answers.entry(place.ordinal).or_default();
            match *outcome {
                SettlementOutcome::Delayed => answered.is_delayed = true,
                SettlementOutcome::Settled => answered.end = Some(End::Settled),
                SettlementOutcome::Rejected(reason) => answered.end = Some(End::Rejected(reason)),
                SettlementOutcome::Returned(reason) => answered.returned = Some(reason),
            }
        }
        answers
    }

    /// The answers for lots.
    pub(crate) fn of_lots(&self, lots: &[LotId]) -> AnswersOfLots {
        lots.iter().map(|lot| (*lot, self.of_lot(*lot))).collect()
    }

    /// How many answers there are for a lot, counted up to a bound.
    pub(crate) fn count_of(&self, lot: LotId, most: usize) -> usize {
        self.answers.range(first_of(lot, 0)..).take_while(|(place, _)| place.lot == lot).take(most).count()
    }

    /// What could be done with the answers for a lot has been done.
    pub(crate) fn seen(&mut self, lot: LotId) {
        self.unseen.remove(&lot);
    }

    /// Part of the answers for a payment is booked.
    pub(crate) fn booked(&mut self, lot: LotId, ordinal: u32, part: Part) {
        for (place, _) in self.remove(lot, ordinal, part) {
            self.list(place.list).waiting -= 1;
        }
    }

    /// Part of the answers for a payment cannot be true.
    pub(crate) fn refused(&mut self, lot: LotId, ordinal: u32, part: Part, why: &str) {
        let payment = PaymentReference { lot, ordinal }.to_string();
        for (place, outcome) in self.remove(lot, ordinal, part) {
            self.list(place.list).waiting -= 1;
            self.refuse(place.list, &payment, outcome, why);
        }
    }

    /// Lists that are to be confirmed: all of their answers are booked.
    pub(crate) fn finished(&self) -> Vec<AnswerListId> {
        let finished = self.lists.values().filter(|list| list.waiting == 0 && list.refused == 0);
        finished.map(|list| list.id.clone()).collect()
    }

    /// Forgets a list: it is confirmed, or the settlement system has it no more.
    pub(crate) fn forget(&mut self, id: &AnswerListId) {
        let Some(number) = self.numbers.remove(id) else { return };
        if self.lists.remove(&number).is_some_and(|list| list.waiting > 0) {
            self.answers.retain(|place, _| place.list != number);
        }
    }

    /// Forgets lists that the settlement system has no more.
    pub(crate) fn keep(&mut self, there: &HashSet<AnswerListId>) {
        let gone: Vec<AnswerListId> = self.numbers.keys().filter(|list| !there.contains(list)).cloned().collect();
        gone.iter().for_each(|list| self.forget(list));
    }

    /// How many answers cannot be true, in how many lists.
    pub(crate) fn refusals(&self) -> (usize, usize) {
        let refused = self.lists.values().filter(|list| list.refused > 0);
        refused.fold((0, 0), |(answers, lists), list| (answers + list.refused, lists + 1))
    }

    /// Lists with refused answers that are not in the audit chain yet, and their lines.
    pub(crate) fn untold(&self) -> Vec<(AnswerListId, String)> {
        let untold = self.lists.values().filter(|list| !list.untold.is_empty());
        let line = |list: &OpenList| {
            let OpenList { id, refused, untold, .. } = list;
            (id.clone(), format!("list {} answers {refused}: {}", Excerpt::of(&id.0).as_str(), untold.join("; ")))
        };
        untold.map(line).collect()
    }

    /// Notes that the audit chain has the refused answers of a list.
    pub(crate) fn note_told(&mut self, list: &AnswerListId) {
        if let Some(list) = self.numbers.get(list).and_then(|number| self.lists.get_mut(number)) {
            list.untold.clear();
        }
    }

    fn open(&mut self, id: AnswerListId) -> ListNumber {
        let number = self.next_number;
        self.next_number += 1;
        self.numbers.insert(id.clone(), number);
        self.lists.insert(number, OpenList { id, waiting: 0, refused: 0, untold: Vec::new() });
        number
    }

    /// Invariant: answers stand here as long as their list does.
    fn list(&mut self, number: ListNumber) -> &mut OpenList {
        self.lists.get_mut(&number).expect("the list of an answer that waits is open")
    }

    fn refuse(&mut self, list: ListNumber, payment: &str, outcome: SettlementOutcome, why: &str) {
        let payment = Excerpt::of(payment);
        let list = self.list(list);
        list.refused += 1;
        if list.untold.len() < REFUSED_ANSWERS_NAMED_MAX {
            tracing::error!(list = %list.id, payment = payment.as_str(), %outcome, why, "an answer cannot be true");
            list.untold.push(format!("{} {outcome}, but {why}", payment.as_str()));
        }
    }

    fn of_payment_part(
        &self,
        lot: LotId,
        ordinal: u32,
        part: Part,
    ) -> impl Iterator<Item = (&Place, &SettlementOutcome)> {
        let first = Place { part, ..first_of(lot, ordinal) };
        let same = move |place: &Place| (place.lot, place.ordinal, place.part) == (lot, ordinal, part);
        self.answers.range(first..).take_while(move |(place, _)| same(place))
    }

    fn remove(&mut self, lot: LotId, ordinal: u32, part: Part) -> Vec<(Place, SettlementOutcome)> {
        let places: Vec<(Place, SettlementOutcome)> =
            self.of_payment_part(lot, ordinal, part).map(|(place, outcome)| (*place, *outcome)).collect();
        for (place, _) in &places {
            self.answers.remove(place);
        }
        places
    }

    /// Forgets what waits, and the lists that it stands in: they are read again.
    fn forget_waiting(&mut self) {
        self.answers.clear();
        self.unseen.clear();
        let lists = &mut self.lists;
        self.numbers.retain(|_, number| lists.get(number).is_some_and(|list| list.waiting == 0));
        lists.retain(|_, list| list.waiting == 0);
    }
}

fn first_of(lot: LotId, ordinal: u32) -> Place {
    Place { lot, ordinal, part: Part::Delay, list: 0 }
}

fn part_of(outcome: SettlementOutcome) -> Part {
    match outcome {
        SettlementOutcome::Delayed => Part::Delay,
        SettlementOutcome::Settled | SettlementOutcome::Rejected(_) => Part::End,
        SettlementOutcome::Returned(_) => Part::Return,
    }
}
