//! The background work: what nobody waits for. It is woken by a flip or an operator's act, and looks by itself at
//! every tick.
//!
//! All that it does is decided from what is stored and written in one transaction a step, so it can stop or be killed
//! between any two steps and goes on where it was.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use payments::{Lot, LotId, Stage};
use rulebook::Route;
use store::Reading;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::bounds::{LOTS_AT_A_TIME, LOTS_LOOKED_AT_MAX, SET_ASIDE, SET_ASIDE_BRIEFLY, TAKE_UP_EVERY, TAKEN_UP_MAX};
use crate::{Exchange, Failure, local_time_of_receipt};

/// Day that no execution date reaches: all lots of a stage.
const ANY_DATE: Date = Date::MAX;

/// What the work remembers between rounds. Nothing that matters after a restart.
#[derive(Default)]
pub(crate) struct Memory {
    set_aside: HashMap<LotId, Timestamp>,
    /// Dispatched lots of which the simulator was asked to delay one.
    pub(crate) delayed: HashMap<LotId, bool>,
    looked_for_unanswered: Option<Instant>,
    pub(crate) looked_for_old_bodies: Option<Instant>,
}

impl Exchange {
    /// Works in the background until `stop` becomes true: answers what a restart left unanswered, executes what is
    /// due, dispatches and settles. Returns when submissions that were begun have been answered.
    pub async fn work(&self, mut stop: watch::Receiver<bool>) {
        let mut memory = Memory::default();
        while !*stop.borrow_and_update() {
            match self.round(&mut memory).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(failure) => tracing::warn!(code = failure.code.id(), "the background work was interrupted"),
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                () = self.inner.work.notified() => {}
                () = tokio::time::sleep(self.inner.settings.tick) => {}
            }
        }
        self.inner.running.idle().await;
    }

    /// Does in the background's stead all that there is to do at this moment.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn work_now(&self) -> Result<(), Failure> {
        let mut memory = Memory::default();
        while self.round(&mut memory).await? {}
        Ok(())
    }

    /// Does all there is to do now. Returns whether there may be more.
    pub(crate) async fn round(&self, memory: &mut Memory) -> Result<bool, Failure> {
        self.take_up_unanswered(memory).await?;
        // What cannot be removed now keeps no payment waiting.
        if let Err(failure) = self.remove_old_bodies(memory).await {
            tracing::warn!(code = failure.code.id(), "old bodies stay for now");
        }
        let mut more = self.let_fall_due().await?;
        let held = self.lots(Stage::Held).await?;
        for lot in held {
            if memory.is_set_aside(&lot, self.now()) {
                continue;
            }
            let done = match lot.route {
                Route::Internal => self.execute_chunk(lot.id).await,
                Route::Sepa => self.dispatch_lot(lot.id).await,
            };
            more |= memory.unless_failed(&lot, done, self.now());
        }
        for lot in self.lots(Stage::Dispatched).await? {
            if memory.is_set_aside(&lot, self.now()) {
                continue;
            }
            let done = self.settle_chunk(&lot, memory).await;
            more |= memory.unless_failed(&lot, done, self.now());
        }
        Ok(more)
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
            if self.inner.running.find(id).is_some() {
                continue;
            }
            // One that cannot be answered now keeps neither the others nor the rest of the work waiting.
            if let Err(failure) = self.take_up(submission).await {
                tracing::warn!(submission = id.0, code = failure.code.id(), "a submission stays unanswered for now");
            }
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
    fn is_set_aside(&self, lot: &Lot, now: Timestamp) -> bool {
        self.set_aside.get(&lot.id).is_some_and(|until| now < *until)
    }

    /// Whether a step was taken. What failed is left alone for a while: not for long when the store was away, which is no
    /// fault of the lot.
    fn unless_failed(&mut self, lot: &Lot, done: Result<bool, Failure>, now: Timestamp) -> bool {
        done.unwrap_or_else(|failure| {
            let code = failure.code.id();
            let pause = if failure.is_temporary() {
                tracing::warn!(lot = %lot.id, code, "a lot waits for the store");
                SET_ASIDE_BRIEFLY
            } else {
                tracing::error!(lot = %lot.id, code, "a lot is left alone for a while");
                SET_ASIDE
            };
            self.set_aside.insert(lot.id, now.saturating_add(pause).unwrap_or(Timestamp::MAX));
            false
        })
    }
}
