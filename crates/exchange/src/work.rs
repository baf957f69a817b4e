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

use crate::bounds::{
    LEFT_ALONE, LEFT_ALONE_BRIEFLY, LOTS_AT_A_TIME, LOTS_LOOKED_AT_MAX, LOTS_TOGETHER_MAX, NEWS_GATHERED,
    TAKE_UP_EVERY, TAKEN_UP_MAX,
};
use crate::{Alarm, Exchange, Failure, local_time_of_receipt};

/// Day that no execution date reaches: all lots of a stage.
const ANY_DATE: Date = Date::MAX;

/// The chores, as their attempts are counted.
const RETENTION: &str = "retention";
const FALL_DUE: &str = "fall due";

/// The name under which attempts at a lot are counted.
fn work_on(lot: LotId) -> String {
    lot.to_string()
}

/// What the work remembers between rounds. Nothing that matters after a restart.
#[derive(Default)]
pub(crate) struct Memory {
    left_alone: HashMap<LotId, Timestamp>,
    /// Work that was there when this process began, and may have ended the one before: it is tried one at a time, with its
    /// attempt counted first. `None` before the first round.
    suspects: Option<HashSet<LotId>>,
    /// Names of work that is set aside, by whichever node.
    set_aside: HashSet<String>,
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
        // At once, not when the round is over: it may take longer than whoever asked waits before it kills the process.
        let taking_back = async {
            let _ = asked.wait_for(|stop| *stop).await;
            self.inner.attempts.stopping(true);
            self.take_attempts_back().await;
        };
        tokio::join!(self.work_until(stop), taking_back);
        self.inner.progress.end();
        // What requests began meanwhile.
        self.take_attempts_back().await;
        self.inner.running.idle().await;
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
        let mut memory = Memory { suspects: Some(HashSet::new()), ..Memory::default() };
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
        let is_first = memory.suspects.is_none();
        memory.set_aside = self.look_at_set_aside().await?;
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
        if is_first {
            let dispatched = self.lots(Stage::Dispatched).await?;
            memory.suspects = Some(held.iter().chain(&dispatched).map(|lot| lot.id).collect());
        }
        held.retain(|lot| !memory.is_left_alone(lot, self.now()));
        let (suspects, held): (Vec<Lot>, Vec<Lot>) = held.into_iter().partition(|lot| memory.suspects(lot));
        for lot in suspects {
            let step = self.carry_out(lot.route, vec![lot.id]);
            more |= self.step_on_suspect(&lot, memory, step).await;
        }
        for lots in together(held, self.inner.settings.execute_chunk_payments) {
            more |= self.carry_out_together(&lots, memory).await;
            self.inner.progress.step();
        }
        let dispatched = self.lots(Stage::Dispatched).await?;
        memory.waits_for_the_clock = !dispatched.is_empty();
        memory.forget_delays(&dispatched);
        for lot in dispatched {
            if memory.is_left_alone(&lot, self.now()) {
                continue;
            }
            let done = match self.has_answer(&lot, memory).await {
                Ok(true) if memory.suspects(&lot) => {
                    let step = self.settle_chunk(&lot);
                    more |= self.step_on_suspect(&lot, memory, step).await;
                    continue;
                }
                Ok(true) => self.settle_chunk(&lot).await,
                not => not,
            };
            more |= memory.unless_failed(&lot, done, self.now());
            self.inner.progress.step();
        }
        Ok(more)
    }

    /// A step on a lot that may have ended the process before: its attempt is counted first. Returns whether it was taken.
    async fn step_on_suspect(
        &self,
        lot: &Lot,
        memory: &mut Memory,
        step: impl Future<Output = Result<bool, Failure>>,
    ) -> bool {
        let work = work_on(lot.id);
        let done = match self.begin_work(&work).await {
            Ok(true) => {
                let done = step.await;
                self.end_work(&work).await;
                if let (Ok(_), Some(suspects)) = (&done, &mut memory.suspects) {
                    suspects.remove(&lot.id);
                }
                done
            }
            not => not,
        };
        memory.unless_failed(lot, done, self.now())
    }

    /// Whether a chore may begin: it is not set aside, and in the first round its attempt is counted.
    async fn begin_chore(&self, chore: &str, is_first: bool, memory: &Memory) -> Result<bool, Failure> {
        if memory.set_aside.contains(chore) {
            return Ok(false);
        }
        if is_first { self.begin_work(chore).await } else { Ok(true) }
    }

    async fn end_chore(&self, chore: &str, is_first: bool) {
        if is_first {
            self.end_work(chore).await;
        }
    }

    /// Looks at what is set aside, by whichever node, and raises or clears the alarm. Returns the names of work that is no
    /// submission.
    async fn look_at_set_aside(&self) -> Result<HashSet<String>, Failure> {
        let read = |reading: &mut dyn Reading| {
            Ok::<_, Failure>((reading.set_aside_submissions(1)?.len(), reading.work_attempts()?))
        };
        let (submissions, attempts) = self.inner.store.read(read).await?;
        let works: HashSet<String> =
            attempts.into_iter().filter(|work| work.set_aside_at.is_some()).map(|work| work.work).collect();
        match (submissions, works.len()) {
            (0, 0) => self.inner.health.clear(Alarm::SetAside),
            (0, works) => self.inner.health.raise(Alarm::SetAside, format_args!("lots or chores: {works}")),
            (_, 0) => self.inner.health.raise(Alarm::SetAside, "at least one submission"),
            (_, works) => self
                .inner
                .health
                .raise(Alarm::SetAside, format_args!("at least one submission, and lots or chores: {works}")),
        }
        Ok(works)
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
            if self.inner.running.find(id).is_some() {
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
fn together(mut lots: Vec<Lot>, payments_max: u32) -> Vec<Vec<Lot>> {
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
        let is_set_aside = !self.set_aside.is_empty() && self.set_aside.contains(&work_on(lot.id));
        is_set_aside || self.left_alone.get(&lot.id).is_some_and(|until| now < *until)
    }

    fn suspects(&self, lot: &Lot) -> bool {
        self.suspects.as_ref().is_some_and(|suspects| suspects.contains(&lot.id))
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
    fn unless_failed(&mut self, lot: &Lot, done: Result<bool, Failure>, now: Timestamp) -> bool {
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
