//! The loop of the background work. This process wakes it, and so do news of other nodes' writes and changes of rights. It also polls at
//! every tick, since nothing announces what falls due by the clock, and news can get lost.

use std::collections::HashSet;
use std::time::Duration;

use payments::Stage;
use store::{Reach, Reading};
use tokio::sync::watch;
use tokio::time::Instant;

use super::chore::{Chore, Round};
use super::chores;
use super::suspects::Suspects;
use crate::bounds::ROUNDS_APART;
use crate::execution::lots::ANY_DATE;
use crate::{Exchange, Failure};

/// The chores of one loop, and what they share.
struct Work {
    chores: Vec<Box<dyn Chore>>,
    round: Round,
}

impl Work {
    fn new(round: Round) -> Work {
        Work { chores: chores::all(), round }
    }

    /// Does all there is to do now. Returns whether there may be more.
    ///
    /// # Errors
    /// When the store is away, or nothing is left to do but what a chore could not do.
    async fn round(&mut self, exchange: &Exchange) -> Result<bool, Failure> {
        let is_first = self.round.suspects.are_unknown();
        let waited_for_the_clock = std::mem::take(&mut self.round.waits_for_the_clock);
        let (mut more, mut failed) = (false, None);
        self.round.begin(exchange.stages_with_work().await?);
        for chore in &mut self.chores {
            if !chore.is_wanted(&self.round) {
                continue;
            }
            let (name, counted) = (chore.name(), is_first && chore.is_counted());
            if self.round.suspects.has_set_aside(name) || counted && !exchange.begin_chore(name).await? {
                continue;
            }
            let done = exchange.measure_chore(name, chore.run(exchange, &mut self.round)).await;
            if counted {
                exchange.end_chore(name).await;
            }
            match done {
                Ok(left) => more |= left,
                // While the store is away no other chore gets further.
                Err(failure) if failure.is_temporary() => {
                    self.round.waits_for_the_clock |= waited_for_the_clock;
                    return Err(failure);
                }
                Err(failure) => {
                    tracing::error!(chore = name, code = failure.code.id(), "a chore was interrupted");
                    failed = Some(failure);
                }
            }
            exchange.inner.progress.step();
        }
        match failed {
            Some(failure) if !more => Err(failure),
            _ => Ok(more),
        }
    }
}

impl Exchange {
    /// Works in the background until `stop` becomes true: answers submissions that a restart left, executes due lots,
    /// dispatches and settles. Returns when all begun submissions have answers.
    pub async fn work(&self, stop: watch::Receiver<bool>) {
        self.inner.attempts.stopping(false);
        let mut asked = stop.clone();
        // At once, not when the round is over: a round may take longer than the supervisor waits before it kills the process.
        let taking_back = async {
            // A sender that is gone means the same.
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

    /// Runs all pending background work now.
    ///
    /// # Errors
    /// When the store is away, or a chore could not do its work.
    pub async fn work_now(&self) -> Result<(), Failure> {
        // No process ended before: nothing is suspected.
        let mut work = Work::new(Round::thorough(Suspects::none()));
        while work.round(self).await? {}
        Ok(())
    }

    async fn work_until(&self, mut stop: watch::Receiver<bool>) {
        let mut work = Work::new(Round::new(Suspects::default()));
        let mut news = self.inner.store.news();
        // What another process revokes has to be published at once.
        let mut rights = self.inner.store.rights_versions();
        self.inner.progress.step();
        while !*stop.borrow_and_update() {
            let begun = Instant::now();
            let may_be_more = match work.round(self).await {
                Ok(more) => more,
                Err(failure) => {
                    tracing::warn!(code = failure.code.id(), "the background work was interrupted");
                    false
                }
            };
            self.inner.progress.step();
            if !may_be_more {
                let pause = self.pause(news.reach(), &work.round);
                tokio::select! {
                    changed = stop.changed() => if changed.is_err() { break } else { continue },
                    () = self.inner.work.notified() => {}
                    () = news.changed() => {}
                    Ok(()) = rights.changed() => {}
                    () = tokio::time::sleep(pause) => {}
                }
            }
            // Each of many small messages wakes the work; those that come now are taken together.
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                () = tokio::time::sleep_until(begun + ROUNDS_APART) => {}
            }
        }
    }

    /// The stages in which lots wait for a chore: those that are due by the business day, and those that are in execution. One
    /// look for a round, so that a round without work costs no more.
    async fn stages_with_work(&self) -> Result<HashSet<Stage>, Failure> {
        let look = |reading: &mut dyn Reading| {
            let day = reading.business_day()?;
            let due = reading.stages_with_lots(&[Stage::Scheduled, Stage::AwaitingFunds], day)?;
            let begun = reading.stages_with_lots(&[Stage::Held, Stage::Dispatched], ANY_DATE)?;
            Ok::<_, Failure>(due.into_iter().chain(begun).collect())
        };
        match self.inner.store.read(look).await {
            Err(failure) if failure.is_temporary() => Err(failure),
            // The chores find out what is wrong.
            stages => Ok(stages
                .unwrap_or_else(|_| [Stage::Scheduled, Stage::AwaitingFunds, Stage::Held, Stage::Dispatched].into())),
        }
    }

    /// Pause between two rounds while nothing wakes the work.
    fn pause(&self, news: Reach, round: &Round) -> Duration {
        let settings = &self.inner.settings;
        if news == Reach::Everybody && !round.waits_for_the_clock { settings.tick_with_news } else { settings.tick }
    }

    /// Counts an attempt at a chore. `false` when it is set aside, or another node is at it.
    async fn begin_chore(&self, chore: &str) -> Result<bool, Failure> {
        Ok(self.begin_works(vec![chore.to_owned()]).await?.contains(chore))
    }

    /// The chore has ended, and the process lives.
    async fn end_chore(&self, chore: &str) {
        self.end_works(HashSet::from([chore.to_owned()])).await;
    }
}
