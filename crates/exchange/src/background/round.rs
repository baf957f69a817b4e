//! The background work: what nobody waits for. It is woken by this process, and by news of what other nodes have written;
//! and it looks by itself at every tick, since what is due by the clock is told by nobody, and news can be missed.
//!
//! All that it does is decided from what is stored and written in one transaction a step, so it can stop or be killed
//! between any two steps and goes on where it was.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use payments::{Lot, LotId, Stage};
use rulebook::Route;
use store::{News, Reach, Reading};
use tokio::sync::watch;
use tokio::time::Instant;

use super::suspects::Suspects;
use crate::bounds::{
    LEFT_ALONE, LEFT_ALONE_BRIEFLY, LOTS_AT_A_TIME, LOTS_LOOKED_AT_MAX, LOTS_TOGETHER_MAX, NEWS_GATHERED,
    TAKE_UP_EVERY, TAKEN_UP_MAX,
};
use crate::{Exchange, Failure, local_time_of_receipt};

/// Day that no execution date reaches: all lots of a stage.
const ANY_DATE: Date = Date::MAX;

/// The chores, as their attempts are counted.
const RETENTION: &str = "retention";
const FALL_DUE: &str = "fall due";

/// What the work remembers between rounds. Nothing that matters after a restart.
#[derive(Default)]
pub(crate) struct Memory {
    left_alone: HashMap<LotId, Timestamp>,
    pub(super) suspects: Suspects,
    /// Dispatched lots of which the simulator was asked to delay one.
    pub(crate) delayed: HashMap<LotId, bool>,
    /// Whether the last round left something that nobody but the clock brings on.
    waits_for_the_clock: bool,
    looked_for_unanswered: Option<Instant>,
    /// The audit tells of everything in the directory.
    has_adopted: bool,
    pub(crate) looked_for_old_bodies: Option<Instant>,
}

impl Exchange {
    /// Works in the background until `stop` becomes true: answers what a restart left unanswered, executes what is
    /// due, dispatches and settles. Returns when submissions that were begun have been answered.
    pub async fn work(&self, stop: watch::Receiver<bool>) {
        self.inner.attempts.stopping(false);
        let mut asked = stop.clone();
        // At once, not when the round is over: a round may take longer than the asking supervisor waits before it kills the process.
        let taking_back = async {
            let _ = asked.wait_for(|stop| *stop).await;
            self.inner.attempts.stopping(true);
            self.take_attempts_back().await;
        };
        tokio::join!(self.work_until(stop), taking_back);
        self.inner.progress.end();
        // What requests began meanwhile.
        self.take_attempts_back().await;
        self.inner.in_flight.idle().await;
        self.inner.attempts.stopping(false);
        self.write_refusals(true).await;
    }

    async fn work_until(&self, mut stop: watch::Receiver<bool>) {
        let mut memory = Memory::default();
        let mut news = self.inner.store.news();
        self.inner.progress.step();
        while !*stop.borrow_and_update() {
            let looked = Instant::now();
            match self.round(&mut memory).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(failure) => tracing::warn!(code = failure.code.id(), "the background work was interrupted"),
            }
            self.inner.progress.step();
            let pause = self.pause(news.reach(), &memory);
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                () = self.inner.work.notified() => {}
                () = gathered(&mut news, looked) => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// How long the work may rest when nobody wakes it.
    fn pause(&self, news: Reach, memory: &Memory) -> Duration {
        let settings = &self.inner.settings;
        if news == Reach::Everybody && !memory.waits_for_the_clock { settings.tick_with_news } else { settings.tick }
    }

    /// Does in the background's stead all that there is to do at this moment.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn work_now(&self) -> Result<(), Failure> {
        // Nobody ended before: nothing is suspected.
        let mut memory = Memory { suspects: Suspects::none(), ..Memory::default() };
        while self.round(&mut memory).await? {}
        Ok(())
    }

    /// Does all there is to do now. Returns whether there may be more.
    pub(crate) async fn round(&self, memory: &mut Memory) -> Result<bool, Failure> {
        self.write_refusals(false).await;
        if !memory.has_adopted {
            self.adopt_directory().await?;
            memory.has_adopted = true;
        }
        self.take_up_unanswered(memory).await?;
        let is_first = memory.suspects.are_unknown();
        self.look_at_attempts(memory).await?;
        if self.begin_chore(RETENTION, is_first, memory).await? {
            // What cannot be removed now keeps no payment waiting.
            if let Err(failure) = self.remove_old_bodies(memory).await {
                tracing::warn!(code = failure.code.id(), "old bodies stay for now");
            }
            self.end_chore(RETENTION, is_first).await;
        }
        let mut more = false;
        if self.begin_chore(FALL_DUE, is_first, memory).await? {
            let fallen_due = self.let_fall_due().await;
            self.end_chore(FALL_DUE, is_first).await;
            more = fallen_due?;
        }
        let mut held = self.lots(Stage::Held).await?;
        if !memory.suspects.are_none() {
            let dispatched = self.lots(Stage::Dispatched).await?;
            memory.suspects.keep(held.iter().chain(&dispatched));
        }
        held.retain(|lot| !memory.is_left_alone(lot, self.now()));
        for lots in self.to_carry_out(held, memory) {
            let (lots, begun) = self.begin_lots(lots, memory).await;
            if !lots.is_empty() {
                more |= self.carry_out_together(&lots, memory).await;
            }
            self.end_lots(begun).await;
            self.inner.progress.step();
        }
        let mut dispatched = self.lots(Stage::Dispatched).await?;
        memory.waits_for_the_clock = !dispatched.is_empty();
        memory.forget_delays(&dispatched);
        dispatched.retain(|lot| !memory.is_left_alone(lot, self.now()));
        let mut answered = Vec::new();
        for lot in dispatched {
            match self.has_answer(&lot, memory).await {
                Ok(true) => answered.push(lot),
                not => more |= memory.unless_failed(&lot, not, self.now()),
            }
            self.inner.progress.step();
        }
        for lots in Exchange::to_settle(answered, memory) {
            let (lots, begun) = self.begin_lots(lots, memory).await;
            for lot in lots {
                let done = self.settle_chunk(&lot).await;
                more |= memory.unless_failed(&lot, done, self.now());
                self.inner.progress.step();
            }
            self.end_lots(begun).await;
        }
        Ok(more)
    }

    /// Carries lots out in one transaction; when that cannot be done, each in its own, so that one that is damaged does
    /// not keep the others. Returns whether a step was taken.
    async fn carry_out_together(&self, lots: &[Lot], memory: &mut Memory) -> bool {
        let carry_out = |lots: &[Lot]| self.carry_out(lots[0].route, lots.iter().map(|lot| lot.id).collect());
        let failure = match carry_out(lots).await {
            Ok(done) => return done,
            Err(failure) => failure,
        };
        let mut more = false;
        for lot in lots {
            let done = match lots {
                [_, _, ..] if !failure.is_temporary() => carry_out(std::slice::from_ref(lot)).await,
                _ => Err(failure.clone()),
            };
            more |= memory.unless_failed(lot, done, self.now());
        }
        more
    }

    async fn take_up_unanswered(&self, memory: &mut Memory) -> Result<(), Failure> {
        if memory.looked_for_unanswered.is_some_and(|looked| looked.elapsed() < TAKE_UP_EVERY) {
            return Ok(());
        }
        memory.looked_for_unanswered = Some(Instant::now());
        let unanswered =
            self.inner.store.read(|reading| reading.left_over_submissions(TAKEN_UP_MAX).map_err(Failure::from)).await?;
        for submission in unanswered {
            let id = submission.id;
            if self.inner.attempts.is_stopping() {
                break;
            }
            if self.inner.in_flight.find(id).is_some() {
                continue;
            }
            // One that cannot be answered now keeps neither the others nor the rest of the work waiting.
            if let Err(failure) = self.take_up(submission).await {
                tracing::warn!(submission = id.0, code = failure.code.id(), "a submission stays unanswered for now");
            }
            self.inner.progress.step();
        }
        Ok(())
    }

    /// The lots of a stage, oldest first.
    async fn lots(&self, stage: Stage) -> Result<Vec<Lot>, Failure> {
        self.inner.store.read(move |reading| lots_in_stage(reading, stage, ANY_DATE)).await
    }

    /// Whether the last moment of the business day for a route is over.
    pub(crate) fn cut_off_passed(&self, route: Route, business_day: Date, now: Timestamp) -> bool {
        let now = local_time_of_receipt(&self.inner.settings, now, business_day);
        let cut_off = self.inner.settings.guideline.cut_offs.of(route);
        now > business_day.to_datetime(cut_off)
    }
}

/// Waits for news, and then until they are worth looking at once more.
async fn gathered(news: &mut News, looked: Instant) {
    news.changed().await;
    tokio::time::sleep_until(looked + NEWS_GATHERED).await;
}

/// Lots as they are carried out: small ones of one message and route together. Oldest messages first.
pub(super) fn together(mut lots: Vec<Lot>, payments_max: u32) -> Vec<Vec<Lot>> {
    lots.sort_by_key(|lot| (lot.id.message, lot.route));
    let mut groups: Vec<Vec<Lot>> = Vec::new();
    let mut payments: u32 = 0;
    for lot in lots {
        payments = payments.saturating_add(lot.open_count());
        match groups.last_mut() {
            Some(group)
                if group[0].id.message == lot.id.message
                    && group[0].route == lot.route
                    && group.len() < LOTS_TOGETHER_MAX
                    && payments <= payments_max =>
            {
                group.push(lot);
            }
            _ => {
                payments = lot.open_count();
                groups.push(vec![lot]);
            }
        }
    }
    groups
}

/// The lots of a stage up to a date, oldest first, up to a bound: those that wait keep nobody else waiting.
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

impl Memory {
    fn is_left_alone(&self, lot: &Lot, now: Timestamp) -> bool {
        self.suspects.is_set_aside(lot.id) || self.left_alone.get(&lot.id).is_some_and(|until| now < *until)
    }

    /// Forgets what was remembered of lots that have come to their end.
    fn forget_delays(&mut self, dispatched: &[Lot]) {
        if self.delayed.len() > dispatched.len() {
            let dispatched: HashSet<LotId> = dispatched.iter().map(|lot| lot.id).collect();
            self.delayed.retain(|lot, _| dispatched.contains(lot));
        }
    }

    /// Whether a step was taken. What failed is left alone for a while: not for long when the store was away, which is no
    /// fault of the lot.
    pub(super) fn unless_failed(&mut self, lot: &Lot, done: Result<bool, Failure>, now: Timestamp) -> bool {
        done.unwrap_or_else(|failure| {
            let code = failure.code.id();
            let pause = if failure.is_temporary() {
                tracing::warn!(lot = %lot.id, code, "a lot waits for the store");
                LEFT_ALONE_BRIEFLY
            } else {
                tracing::error!(lot = %lot.id, code, "a lot is left alone for a while");
                LEFT_ALONE
            };
            self.left_alone.insert(lot.id, now.saturating_add(pause).unwrap_or(Timestamp::MAX));
            false
        })
    }
}
