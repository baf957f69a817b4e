//! A chore: a value that does, in each round, the work pending at that moment.
//!
//! A chore keeps its memory between rounds in its own fields, and nothing that matters after a restart. It decides from
//! stored data and writes each step in one transaction, so it can stop or be killed between any two steps and resumes
//! where it was.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::time::Duration;

use jiff::Timestamp;
use payments::{Lot, LotId, Stage};
use tokio::time::Instant;

use super::suspects::Suspects;
use crate::bounds::{LEFT_ALONE, LEFT_ALONE_BRIEFLY};
use crate::{Exchange, Failure};

/// The work of a chore in a round. Its result says whether more work may be pending.
pub(crate) type Doing<'a> = Pin<Box<dyn Future<Output = Result<bool, Failure>> + Send + 'a>>;

/// A kind of work that no request waits for.
pub(crate) trait Chore: Send {
    /// Its name in the log, and under which its attempts are counted.
    fn name(&self) -> &'static str;

    /// Whether an attempt at the whole chore is counted in the first round after a start, so that a chore that ends the
    /// process is set aside. One that counts each of its steps itself needs no such count.
    fn is_counted(&self) -> bool {
        false
    }

    /// Whether there may be pending work, as far as the round shows it and the chore remembers. It costs nothing to ask.
    fn is_wanted(&self, _: &Round) -> bool {
        true
    }

    /// Does the pending work.
    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a>;
}

/// State that the chores of one loop share.
pub(crate) struct Round {
    /// Work that may have ended an earlier process.
    pub(crate) suspects: Suspects,
    /// Lots on which a step failed, and until when they are left alone.
    left_alone: HashMap<LotId, Timestamp>,
    /// Something is left that only the clock brings on.
    pub(crate) waits_for_the_clock: bool,
    /// The stages in which there are lots that are due, as the look at the beginning of the round shows them, and those into
    /// which chores have moved lots since.
    stages: HashSet<Stage>,
    /// Lots that were dispatched in this round.
    pub(crate) dispatched: Vec<Lot>,
    /// Chores look at everything in each round, and not only at intervals at what waits.
    is_thorough: bool,
}

impl Round {
    pub(super) fn new(suspects: Suspects) -> Round {
        Round {
            suspects,
            left_alone: HashMap::new(),
            waits_for_the_clock: false,
            stages: HashSet::new(),
            dispatched: Vec::new(),
            is_thorough: false,
        }
    }

    /// The same for work that is done to its end at once.
    pub(super) fn thorough(suspects: Suspects) -> Round {
        Round { is_thorough: true, ..Round::new(suspects) }
    }

    /// Begins the next round, with lots in these stages.
    pub(super) fn begin(&mut self, stages: HashSet<Stage>) {
        // Money may have come without news, and the cut-off comes by itself.
        self.waits_for_the_clock |= stages.contains(&Stage::AwaitingFunds);
        self.stages = stages;
        self.dispatched.clear();
    }

    /// Whether there are lots in a stage.
    pub(crate) fn has(&self, stage: Stage) -> bool {
        self.stages.contains(&stage)
    }

    /// Lots were moved into a stage.
    pub(crate) fn moved_to(&mut self, stage: Stage) {
        self.stages.insert(stage);
    }

    /// Whether it is time again to look at all that waits.
    pub(crate) fn looks_again(&self, looked: Option<Instant>, every: Duration) -> bool {
        self.is_thorough || looked.is_none_or(|looked| looked.elapsed() >= every)
    }

    /// Whether no step is taken on a lot now.
    pub(crate) fn leaves_alone(&self, lot: LotId, now: Timestamp) -> bool {
        self.suspects.is_set_aside(lot) || self.left_alone.get(&lot).is_some_and(|until| now < *until)
    }

    /// Whether a step was taken on a lot. After a failure the lot is left alone for a while: not for long when the store was
    /// away, which is no fault of the lot.
    pub(crate) fn unless_failed(&mut self, lot: LotId, done: Result<bool, Failure>, now: Timestamp) -> bool {
        done.unwrap_or_else(|failure| {
            let code = failure.code.id();
            let pause = if failure.is_temporary() {
                tracing::warn!(%lot, code, "a lot waits for the store");
                LEFT_ALONE_BRIEFLY
            } else {
                tracing::error!(%lot, code, "the node skips a lot for a while");
                LEFT_ALONE
            };
            self.left_alone.insert(lot, now.saturating_add(pause).unwrap_or(Timestamp::MAX));
            false
        })
    }
}
