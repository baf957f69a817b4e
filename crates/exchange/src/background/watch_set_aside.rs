//! Looks at work that any node has set aside, and raises or clears the alarm; and at steps that ended a process.

use store::Reading;
use tokio::time::Instant;

use super::chore::{Chore, Doing, Round};
use crate::bounds::SET_ASIDE_LOOKED_AT_EVERY;
use crate::{Alarm, Exchange, Failure};

#[derive(Default)]
pub(super) struct WatchSetAside {
    looked: Option<Instant>,
}

impl Chore for WatchSetAside {
    fn name(&self) -> &'static str {
        "watch set-aside work"
    }

    fn is_wanted(&self, round: &Round) -> bool {
        round.looks_again(self.looked, SET_ASIDE_LOOKED_AT_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let begun = Instant::now();
            let done = exchange.watch_set_aside(round).await?;
            self.looked = Some(begun);
            Ok(done)
        })
    }
}

impl Exchange {
    async fn watch_set_aside(&self, round: &mut Round) -> Result<bool, Failure> {
        let read = |reading: &mut dyn Reading| {
            Ok::<_, Failure>((reading.set_aside_submissions(1)?.len(), reading.work_attempts()?))
        };
        let (submissions, attempts) = self.inner.store.read(read).await?;
        let (set_aside, begun): (Vec<_>, Vec<_>) = attempts.into_iter().partition(|work| work.set_aside_at.is_some());
        match (submissions, set_aside.len()) {
            (0, 0) => self.inner.health.clear(Alarm::SetAside),
            (0, works) => self.inner.health.raise(Alarm::SetAside, format_args!("lots or chores: {works}")),
            (_, 0) => self.inner.health.raise(Alarm::SetAside, "at least one submission"),
            (_, works) => self
                .inner
                .health
                .raise(Alarm::SetAside, format_args!("at least one submission, and lots or chores: {works}")),
        }
        round.suspects.set_aside = set_aside.into_iter().map(|work| work.work).collect();
        round.suspects.begun_before = begun.into_iter().map(|work| work.work).collect();
        Ok(false)
    }
}
