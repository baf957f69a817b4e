//! A chore: a value that does, in each round, the work pending at that moment.
//!
//! A chore keeps its memory between rounds in its own fields, and nothing that matters after a restart. It decides from
//! stored data and writes each step in one transaction, so it can stop or be killed between any two steps and resumes
//! where it was.

use std::collections::HashMap;
use std::pin::Pin;

use jiff::Timestamp;
use payments::LotId;

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
}

impl Round {
    pub(super) fn new(suspects: Suspects) -> Round {
        Round { suspects, left_alone: HashMap::new(), waits_for_the_clock: false }
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
