//! The loop of the background work. This process wakes it, and so do news of other nodes' writes. It also polls at
//! every tick, since nothing announces what falls due by the clock, and news can get lost.

use std::collections::HashSet;
use std::time::Duration;

use store::{News, Reach};
use tokio::sync::watch;
use tokio::time::Instant;

use super::chore::{Chore, Round};
use super::chores;
use super::suspects::Suspects;
use crate::bounds::NEWS_GATHERED;
use crate::{Exchange, Failure};

/// The chores of one loop, and what they share.
struct Work {
    chores: Vec<Box<dyn Chore>>,
    round: Round,
}

impl Work {
    fn new(suspects: Suspects) -> Work {
        Work { chores: chores::all(), round: Round::new(suspects) }
    }

    /// Does all there is to do now. Returns whether there may be more.
    ///
    /// # Errors
    /// When the store is away, or nothing is left to do but what a chore could not do.
    async fn round(&mut self, exchange: &Exchange) -> Result<bool, Failure> {
        let is_first = self.round.suspects.are_unknown();
        let waited_for_the_clock = std::mem::take(&mut self.round.waits_for_the_clock);
        let (mut more, mut failed) = (false, None);
        for chore in &mut self.chores {
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
        let mut work = Work::new(Suspects::none());
        while work.round(self).await? {}
        Ok(())
    }

    async fn work_until(&self, mut stop: watch::Receiver<bool>) {
        let mut work = Work::new(Suspects::default());
        let mut news = self.inner.store.news();
        self.inner.progress.step();
        while !*stop.borrow_and_update() {
            let looked = Instant::now();
            match work.round(self).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(failure) => tracing::warn!(code = failure.code.id(), "the background work was interrupted"),
            }
            self.inner.progress.step();
            let pause = self.pause(news.reach(), &work.round);
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { break },
                () = self.inner.work.notified() => {}
                () = gathered(&mut news, looked) => {}
                () = tokio::time::sleep(pause) => {}
            }
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

/// Waits for news, and then until they are worth looking at once more.
async fn gathered(news: &mut News, looked: Instant) {
    news.changed().await;
    tokio::time::sleep_until(looked + NEWS_GATHERED).await;
}
