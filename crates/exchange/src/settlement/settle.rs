//! Settlement: hands dispatched lots over, takes the settlement system's answers, books and confirms them.
//!
//! The chore asks the system in every round. The process may end after each step: see `port`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use payments::{Lot, LotId, Stage};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::answered::{Part, SETTLEMENT};
use super::answers::{Booked, Judged, Judgement, book_answers, judge_answers};
use super::inbox::Inbox;
use super::port::{AnswerListId, PaymentReference, SettlementAnswer, SettlementError, SettlementSystem};
use super::returns::book_returns;
use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{
    ANSWER_LISTS_AT_A_TIME, ANSWERS_IN_A_LIST_MAX, ANSWERS_TAKEN_TOGETHER, HANDED_OVER_AT_A_TIME,
    SETTLEMENT_ASKED_EVERY, WAITING_LOOKED_AT_EVERY,
};
use crate::execution::lots::{Parts, grouped};
use crate::span::spawn_blocking;
use crate::{Alarm, Exchange, Failure};

#[derive(Default)]
pub(crate) struct Settle {
    known: Dispatched,
    /// When the settlement system was last asked for answers.
    asked: Option<Instant>,
}

/// Dispatched lots, as far as the chore knows of them.
#[derive(Default)]
struct Dispatched {
    /// All that there were when the store was last asked, and those that this process dispatched since.
    lots: BTreeMap<LotId, Lot>,
    /// Those that this process has to hand over.
    new: BTreeSet<LotId>,
    looked: Option<Instant>,
}

impl Chore for Settle {
    fn name(&self) -> &'static str {
        "settle"
    }

    fn is_wanted(&self, round: &Round) -> bool {
        round.has(Stage::Dispatched) || round.looks_again(self.asked, SETTLEMENT_ASKED_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let begun = Instant::now();
            let more = exchange.settle_dispatched(&mut self.known, round).await?;
            self.asked = Some(begun);
            Ok(more)
        })
    }
}

impl Exchange {
    /// Hands over, takes, books and confirms everything pending. Returns whether there may be more.
    async fn settle_dispatched(&self, known: &mut Dispatched, round: &mut Round) -> Result<bool, Failure> {
        let mut inbox = self.inner.settlement.inbox.lock().await;
        self.learn_dispatched(known, &mut inbox, round).await?;
        round.waits_for_the_clock |= !known.lots.is_empty();
        let mut is_away = self.hand_over_new(known, &mut inbox, round).await;
        let dispatched = &known.lots;
        // What an earlier round could not book.
        inbox.look_again(dispatched);
        let mut more = self.book_unseen(&mut inbox, dispatched, round).await;
        match self.take_answers(&mut inbox, dispatched, round).await? {
            Ok(booked) => more |= booked,
            Err(error) => {
                self.note_away("it gives no answers", &error);
                is_away = true;
            }
        }
        if !is_away {
            self.inner.health.clear(Alarm::SettlementAway);
        }
        self.tell_of_refused(&mut inbox).await?;
        Ok(more)
    }

    /// Adds the lots that were dispatched in this round. At intervals it asks the store for all, since other nodes dispatch
    /// and settle lots too: to ask in each round would cost the more, the more lots wait for the settlement system.
    async fn learn_dispatched(
        &self,
        known: &mut Dispatched,
        inbox: &mut Inbox,
        round: &mut Round,
    ) -> Result<(), Failure> {
        if round.looks_again(known.looked, WAITING_LOOKED_AT_EVERY) {
            let begun = Instant::now();
            let all = self.lots(Stage::Dispatched).await?;
            inbox.keep_handed_over(&all);
            known.new = all.iter().map(|lot| lot.id).filter(|lot| !inbox.is_handed_over(*lot)).collect();
            known.lots = all.into_iter().map(|lot| (lot.id, lot)).collect();
            known.looked = Some(begun);
        }
        for lot in std::mem::take(&mut round.dispatched) {
            if !inbox.is_handed_over(lot.id) {
                known.new.insert(lot.id);
            }
            known.lots.insert(lot.id, lot);
        }
        Ok(())
    }

    /// Takes all answers, books the bookable ones, and confirms booked lists. Returns whether it booked anything.
    async fn take_answers(
        &self,
        inbox: &mut Inbox,
        dispatched: &BTreeMap<LotId, Lot>,
        round: &mut Round,
    ) -> Result<Result<bool, SettlementError>, Failure> {
        let (mut more, mut there) = (false, HashSet::new());
        let mut after: Option<AnswerListId> = None;
        loop {
            let before = after.clone();
            let page = match self.ask(move |system| system.waiting(before.as_ref(), ANSWER_LISTS_AT_A_TIME)).await? {
                Ok(page) => page,
                Err(error) => return Ok(Err(error)),
            };
            let Some(last) = page.last().cloned() else { break };
            let mut new: Vec<AnswerListId> = page.iter().filter(|list| !inbox.has(list)).cloned().collect();
            while !new.is_empty() {
                let taken = self.take(new.clone(), inbox).await?;
                more |= self.book_unseen(inbox, dispatched, round).await;
                match taken {
                    Ok(taken) => drop(new.drain(..taken)),
                    Err(error) => return Ok(Err(error)),
                }
            }
            there.extend(page);
            after = Some(last);
            let finished = inbox.finished();
            let confirmed = finished.clone();
            let confirm =
                move |system: &dyn SettlementSystem| confirmed.iter().try_for_each(|list| system.confirm(list));
            if !finished.is_empty()
                && let Err(error) = self.ask(confirm).await?
            {
                return Ok(Err(error));
            }
            finished.iter().for_each(|list| inbox.forget(list));
        }
        inbox.keep(&there);
        Ok(Ok(more))
    }

    /// Hands over what this process has not handed over yet. Returns whether the settlement system is away.
    async fn hand_over_new(&self, known: &mut Dispatched, inbox: &mut Inbox, round: &mut Round) -> bool {
        let (mut is_away, now) = (false, self.now());
        let new = known.new.iter().filter(|lot| !round.leaves_alone(**lot, now));
        let new = new.filter_map(|lot| known.lots.get(lot)).cloned().collect();
        for lots in self.to_settle(new, round) {
            let (lots, begun) = self.begin_lots(lots, round).await;
            for lots in grouped(lots, usize::MAX, HANDED_OVER_AT_A_TIME as usize, |lot| lot.count as usize) {
                is_away = self.hand_over_together(lots.iter().map(|lot| lot.id).collect(), inbox, round).await;
                self.inner.progress.step();
                if is_away {
                    break;
                }
            }
            self.end_lots(begun).await;
            if is_away {
                break;
            }
        }
        known.new.retain(|lot| !inbox.is_handed_over(*lot));
        is_away
    }

    /// Hands lots over that are read together. Returns whether the settlement system is away.
    async fn hand_over_together(&self, lots: Vec<LotId>, inbox: &mut Inbox, round: &mut Round) -> bool {
        let mut parts = Parts::of(lots);
        while let Some(lots) = parts.next() {
            let span = span_of(&lots);
            let handed_over = match self.hand_over(lots.clone()).instrument(span).await {
                Ok(handed_over) => handed_over,
                Err(failure) => {
                    let failed = parts.failed(lots, &failure);
                    failed.into_iter().map(|lot| (lot, Err(failure.clone()))).collect()
                }
            };
            for (lot, result) in handed_over {
                match result {
                    Ok(Ok(())) => inbox.note_handed_over(lot),
                    Ok(Err(error)) => {
                        self.note_away("it takes no lots", &error);
                        return true;
                    }
                    Err(failure) => {
                        round.unless_failed(lot, Err(failure), self.now());
                    }
                }
            }
        }
        false
    }

    /// Raises the alarm. Health names the failing step; only the log has the system's error, once.
    fn note_away(&self, what: &str, error: &SettlementError) {
        if !self.inner.health.stands(Alarm::SettlementAway) {
            tracing::error!(%error, "the settlement system is away: {what}");
        }
        self.inner.health.raise(Alarm::SettlementAway, what);
    }

    /// Takes lists of answers, until there are enough to book. Returns how many.
    async fn take(
        &self,
        lists: Vec<AnswerListId>,
        inbox: &mut Inbox,
    ) -> Result<Result<usize, SettlementError>, Failure> {
        let read = self.ask(move |system| read_lists(system, lists)).await?;
        let mut taken = 0;
        for (list, answers) in read {
            // What is taken already is booked first: what has no room beside it makes the inbox forget what waits.
            let has_room = answers.as_ref().map_or(true, |answers| inbox.has_room(answers.len()));
            if taken > 0 && !has_room {
                break;
            }
            match answers {
                _ if inbox.has(&list) => {}
                Ok(answers) if answers.len() > ANSWERS_IN_A_LIST_MAX => {
                    let why = format!("it has {} answers, and {ANSWERS_IN_A_LIST_MAX} are read", answers.len());
                    inbox.note_unreadable(list, &why);
                }
                Ok(answers) => inbox.take(list, answers),
                Err(SettlementError::Unreadable(why)) => {
                    tracing::error!(%list, why, "a list of answers cannot be read");
                    inbox.note_unreadable(list, &why);
                }
                Err(error) => return Ok(Err(error)),
            }
            taken += 1;
        }
        Ok(Ok(taken))
    }

    /// Books taken answers, many lots together. Returns whether it booked anything.
    async fn book_unseen(&self, inbox: &mut Inbox, dispatched: &BTreeMap<LotId, Lot>, round: &mut Round) -> bool {
        let now = self.now();
        let (open, others): (Vec<LotId>, Vec<LotId>) =
            inbox.unseen().into_iter().partition(|id| dispatched.contains_key(id));
        // These are dispatched no more, as far as the chore knows: mostly they wait for nothing but what came back.
        let mut more = self.book_all(others, inbox, round).await;
        let open = open.iter().filter(|id| !round.leaves_alone(**id, now));
        let open = open.filter_map(|id| dispatched.get(id)).cloned().collect();
        for lots in self.to_settle(open, round) {
            let (lots, begun) = self.begin_lots(lots, round).await;
            more |= self.book_all(lots.iter().map(|lot| lot.id).collect(), inbox, round).await;
            self.end_lots(begun).await;
        }
        more
    }

    /// Books the answers for lots as far as they go. A lot on which that fails keeps no other. Returns whether anything was
    /// booked.
    async fn book_all(&self, mut lots: Vec<LotId>, inbox: &mut Inbox, round: &mut Round) -> bool {
        let (mut more, payments_max) = (false, self.inner.settings.execute_chunk_payments as usize);
        lots.retain(|lot| !round.leaves_alone(*lot, self.now()));
        for lots in self.grouped(lots, |lot| inbox.count_of(*lot, payments_max)) {
            let mut parts = Parts::of(lots);
            while let Some(lots) = parts.next() {
                let span = span_of(&lots);
                match self.book_together(&lots, inbox).instrument(span).await {
                    Ok(done) => more |= done,
                    Err(failure) => {
                        for lot in parts.failed(lots, &failure) {
                            round.unless_failed(lot, Err(failure.clone()), self.now());
                        }
                    }
                }
                self.inner.progress.step();
            }
        }
        more
    }

    /// The same for some lots, a transaction at a time.
    async fn book_together(&self, lots: &[LotId], inbox: &mut Inbox) -> Result<bool, Failure> {
        let (mut more, now, limit) = (false, self.now(), self.inner.settings.execute_chunk_payments);
        let mut open: Vec<LotId> = lots.to_vec();
        loop {
            let mut answers = inbox.of_lots(&open);
            answers.retain(|(_, answers)| answers.values().any(|answered| answered.end.is_some()));
            if answers.is_empty() {
                break;
            }
            let book = move |writing: &mut dyn store::Writing| book_answers(writing, &answers, limit, now);
            let booked = self.inner.store.write_behind(book).await?;
            more |= !booked.is_empty();
            for Booked { lot, ended, returned } in &booked {
                ended.iter().for_each(|ordinal| inbox.booked(*lot, *ordinal, Part::End));
                returned.iter().for_each(|ordinal| inbox.booked(*lot, *ordinal, Part::Return));
            }
            open = booked.iter().map(|booked| booked.lot).collect();
            self.inner.progress.step();
        }
        let mut left = inbox.of_lots(lots);
        left.retain(|(_, answers)| !answers.is_empty());
        if !left.is_empty() {
            let judged = self.inner.store.read(move |reading| judge_answers(reading, &left)).await?;
            more |= self.conclude(judged, inbox).await?;
        }
        lots.iter().for_each(|lot| inbox.seen(*lot));
        Ok(more)
    }

    /// Books returned money, and notes repeated and impossible answers. Returns whether it booked anything.
    async fn conclude(&self, judged: Vec<(LotId, Judged)>, inbox: &mut Inbox) -> Result<bool, Failure> {
        let mut returns = Vec::new();
        for (lot, judged) in judged {
            for (ordinal, part, judgement) in judged {
                match judgement {
                    Judgement::Known => inbox.booked(lot, ordinal, part),
                    Judgement::GiveBack(reason) => returns.push((PaymentReference { lot, ordinal }, reason)),
                    Judgement::Refused(why) => inbox.refused(lot, ordinal, part, &why),
                }
            }
        }
        let (now, limit) = (self.now(), self.inner.settings.execute_chunk_payments.max(1) as usize);
        for returns in returns.chunks(limit) {
            let booked = returns.to_vec();
            let book = move |writing: &mut dyn store::Writing| book_returns(writing, &booked, now);
            self.inner.store.write_behind(book).await?;
            let booked = returns.iter().map(|(reference, _)| reference);
            booked.for_each(|reference| inbox.booked(reference.lot, reference.ordinal, Part::Return));
        }
        Ok(!returns.is_empty())
    }

    /// Raises or clears the alarm, and writes a line for each list that is not in the audit chain yet.
    async fn tell_of_refused(&self, inbox: &mut Inbox) -> Result<(), Failure> {
        let (answers, lists) = inbox.refusals();
        let reason = format!("answers: {answers}, in lists: {lists}; the audit names them");
        self.inner.health.set(Alarm::SettlementAnswersRefused, (answers > 0).then_some(reason));
        for (list, detail) in inbox.untold() {
            let line = self.audit_line(SETTLEMENT, "settlement.answers-refused", &detail);
            let append = move |writing: &mut dyn store::Writing| writing.append_audit(&line).map_err(Failure::from);
            self.inner.store.write_behind(append).await?;
            inbox.note_told(&list);
        }
        Ok(())
    }

    /// Asks the settlement system, on a thread that may block.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn SettlementSystem) -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let system = Arc::clone(&self.inner.settlement.system);
        spawn_blocking(move || question(&*system)).await.map_err(|error| Failure::unexpected(error))
    }
}

/// What came of reading a list.
type ReadList = (AnswerListId, Result<Vec<SettlementAnswer>, SettlementError>);

/// Reads lists until there are enough answers to book, or the system is away.
fn read_lists(system: &dyn SettlementSystem, lists: Vec<AnswerListId>) -> Vec<ReadList> {
    let (mut read, mut answers) = (Vec::new(), 0_usize);
    for list in lists {
        let of_list = system.read(&list);
        let is_away = matches!(&of_list, Err(error) if !matches!(error, SettlementError::Unreadable(_)));
        answers = answers.saturating_add(of_list.as_ref().map_or(0, Vec::len));
        read.push((list, of_list));
        if is_away || answers >= ANSWERS_TAKEN_TOGETHER {
            break;
        }
    }
    read
}

/// Of a step on lots; the first one stands for the others.
fn span_of(lots: &[LotId]) -> tracing::Span {
    tracing::info_span!("lot", lot = %lots[0], lots = lots.len())
}
