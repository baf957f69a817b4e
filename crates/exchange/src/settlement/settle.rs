//! Settlement: hands dispatched lots over, takes the settlement system's answers, books and confirms them.
//!
//! The chore asks the system in every round. The process may end after each step: see `port`.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use payments::{Lot, LotId, Stage};

use super::answered::{Part, SETTLEMENT};
use super::answers::{Assessment, Judgement, assess, book_answers};
use super::inbox::Inbox;
use super::port::{AnswerListId, SettlementError, SettlementSystem};
use super::returns::book_returns;
use crate::background::chore::{Chore, Doing, Round};
use crate::bounds::{ANSWER_LISTS_AT_A_TIME, ANSWERS_IN_A_LIST_MAX};
use crate::{Alarm, Exchange, Failure};

pub(crate) struct Settle;

impl Chore for Settle {
    fn name(&self) -> &'static str {
        "settle"
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(exchange.settle_dispatched(round))
    }
}

impl Exchange {
    /// Hands over, takes, books and confirms everything pending. Returns whether there may be more.
    async fn settle_dispatched(&self, round: &mut Round) -> Result<bool, Failure> {
        let mut dispatched = self.lots(Stage::Dispatched).await?;
        round.waits_for_the_clock |= !dispatched.is_empty();
        let mut inbox = self.inner.settlement.inbox.lock().await;
        inbox.keep_handed_over(&dispatched);
        dispatched.retain(|lot| !round.leaves_alone(lot.id, self.now()));
        let mut is_away = self.hand_over_new(&dispatched, &mut inbox, round).await;
        let dispatched: BTreeMap<LotId, Lot> = dispatched.into_iter().map(|lot| (lot.id, lot)).collect();
        // What an earlier round could not book.
        inbox.look_again(&dispatched);
        let mut more = self.book_unseen(&mut inbox, &dispatched, round).await;
        match self.take_answers(&mut inbox, &dispatched, round).await? {
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
            for list in page {
                if !inbox.has(&list) {
                    if let Err(error) = self.take(&list, inbox).await? {
                        return Ok(Err(error));
                    }
                    more |= self.book_unseen(inbox, dispatched, round).await;
                }
                there.insert(list);
            }
            after = Some(last);
            let finished = inbox.finished();
            let confirmed = finished.clone();
            let confirm =
                move |system: &dyn SettlementSystem| confirmed.iter().try_for_each(|list| system.confirm(list));
            if let Err(error) = self.ask(confirm).await? {
                return Ok(Err(error));
            }
            finished.iter().for_each(|list| inbox.forget(list));
        }
        inbox.keep(&there);
        Ok(Ok(more))
    }

    /// Hands over what this process has not handed over yet. Returns whether the settlement system is away.
    async fn hand_over_new(&self, dispatched: &[Lot], inbox: &mut Inbox, round: &mut Round) -> bool {
        let mut is_away = false;
        let new = dispatched.iter().filter(|lot| !inbox.is_handed_over(lot.id)).cloned().collect();
        for lots in Exchange::to_settle(new, round) {
            let (lots, begun) = self.begin_lots(lots, round).await;
            for lot in lots {
                match self.hand_over(lot.id).await {
                    Ok(Ok(())) => inbox.note_handed_over(lot.id),
                    Ok(Err(error)) => {
                        self.note_away("it takes no lots", &error);
                        is_away = true;
                    }
                    Err(failure) => {
                        round.unless_failed(lot.id, Err(failure), self.now());
                    }
                }
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
        is_away
    }

    /// Raises the alarm. Health names the failing step; only the log has the system's error, once.
    fn note_away(&self, what: &str, error: &SettlementError) {
        if !self.inner.health.stands(Alarm::SettlementAway) {
            tracing::error!(%error, "the settlement system is away: {what}");
        }
        self.inner.health.raise(Alarm::SettlementAway, what);
    }

    /// Takes a list of answers.
    async fn take(&self, list: &AnswerListId, inbox: &mut Inbox) -> Result<Result<(), SettlementError>, Failure> {
        let asked = list.clone();
        match self.ask(move |system| system.read(&asked)).await? {
            Ok(answers) if answers.len() > ANSWERS_IN_A_LIST_MAX => {
                let why = format!("it has {} answers, and {ANSWERS_IN_A_LIST_MAX} are read", answers.len());
                inbox.note_unreadable(list.clone(), &why);
            }
            Ok(answers) => inbox.take(list.clone(), answers),
            Err(SettlementError::Unreadable(why)) => {
                tracing::error!(%list, why, "a list of answers cannot be read");
                inbox.note_unreadable(list.clone(), &why);
            }
            Err(error) => return Ok(Err(error)),
        }
        Ok(Ok(()))
    }

    /// Books taken answers, lot by lot. Returns whether it booked anything.
    async fn book_unseen(&self, inbox: &mut Inbox, dispatched: &BTreeMap<LotId, Lot>, round: &mut Round) -> bool {
        let mut more = false;
        let mut open = Vec::new();
        for id in inbox.unseen() {
            match dispatched.get(&id) {
                Some(lot) => open.push(lot.clone()),
                // Nothing of it is booked but what came back.
                None if !round.leaves_alone(id, self.now()) => {
                    let done = self.book_lot(id, inbox).await;
                    more |= round.unless_failed(id, done, self.now());
                }
                None => {}
            }
        }
        for lots in Exchange::to_settle(open, round) {
            let (lots, begun) = self.begin_lots(lots, round).await;
            for lot in lots {
                if !round.leaves_alone(lot.id, self.now()) {
                    let done = self.book_lot(lot.id, inbox).await;
                    more |= round.unless_failed(lot.id, done, self.now());
                }
                self.inner.progress.step();
            }
            self.end_lots(begun).await;
        }
        more
    }

    /// Books the answers for a lot as far as they go, a transaction at a time. Returns whether anything was booked.
    async fn book_lot(&self, id: LotId, inbox: &mut Inbox) -> Result<bool, Failure> {
        let (mut more, now, limit) = (false, self.now(), self.inner.settings.execute_chunk_payments);
        loop {
            let answers = Arc::new(inbox.of_lot(id));
            let looked_at = Arc::clone(&answers);
            match self.inner.store.read(move |reading| assess(reading, id, &looked_at)).await? {
                Assessment::Bookable => {
                    let ended = answers.values().filter(|answered| answered.end.is_some()).count();
                    let limit = u32::try_from(ended).unwrap_or(u32::MAX).min(limit);
                    let book = move |writing: &mut dyn store::Writing| book_answers(writing, id, &answers, limit, now);
                    let booked = self.inner.store.write_behind(book).await?;
                    booked.ended.iter().for_each(|ordinal| inbox.booked(id, *ordinal, Part::End));
                    booked.returned.iter().for_each(|ordinal| inbox.booked(id, *ordinal, Part::Return));
                    more |= !booked.ended.is_empty();
                    self.inner.progress.step();
                }
                Assessment::Judged(judged) => {
                    more |= self.conclude(id, judged, inbox).await?;
                    inbox.seen(id);
                    return Ok(more);
                }
            }
        }
    }

    /// Books returned money, and notes repeated and impossible answers. Returns whether it booked anything.
    async fn conclude(
        &self,
        id: LotId,
        judged: Vec<(u32, Part, Judgement)>,
        inbox: &mut Inbox,
    ) -> Result<bool, Failure> {
        let mut returns = Vec::new();
        for (ordinal, part, judgement) in judged {
            match judgement {
                Judgement::Known => inbox.booked(id, ordinal, part),
                Judgement::GiveBack(reason) => returns.push((ordinal, reason)),
                Judgement::Refused(why) => inbox.refused(id, ordinal, part, &why),
            }
        }
        let (now, limit) = (self.now(), self.inner.settings.execute_chunk_payments.max(1) as usize);
        for returns in returns.chunks(limit) {
            let booked = returns.to_vec();
            let book = move |writing: &mut dyn store::Writing| book_returns(writing, id, &booked, now);
            self.inner.store.write_behind(book).await?;
            returns.iter().for_each(|(ordinal, _)| inbox.booked(id, *ordinal, Part::Return));
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
        tokio::task::spawn_blocking(move || question(&*system)).await.map_err(|error| Failure::unexpected(error))
    }
}
