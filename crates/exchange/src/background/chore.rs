//! What a chore is: a value that does, in each round, what there is to do at that moment.
//!
//! A chore keeps what it remembers between rounds in its own fields, and nothing that matters after a restart. All that it
//! does is decided from what is stored and written in one transaction a step, so it can stop or be killed between any two
//! steps and goes on where it was.

use std::collections::HashMap;
use std::pin::Pin;

use jiff::Timestamp;
use payments::LotId;

use super::suspects::Suspects;
use crate::bounds::{LEFT_ALONE, LEFT_ALONE_BRIEFLY};
use crate::{Exchange, Failure};

/// What a chore is about to do. Its result says whether there may be more to do at once.
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

    /// Does what there is to do now.
    fn run<'a>(&'a mut self, exchange: &'a Exchange, round: &'a mut Round) -> Doing<'a>;
}

/// What the chores of one loop share.
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
                tracing::error!(%lot, code, "a lot is left alone for a while");
                LEFT_ALONE
            };
            self.left_alone.insert(lot, now.saturating_add(pause).unwrap_or(Timestamp::MAX));
            false
        })
    }
}
