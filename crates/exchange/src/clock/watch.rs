//! The clocks as a transaction sees them, and what earlier looks at them showed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use store::{ClockRecord, Reading};

use super::guard::{ClockGuard, Look, Verdict};
use crate::{Clock, Failure};

/// The clocks at one moment, and what they say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocks {
    /// The time by which the business day goes.
    pub(crate) reference: Timestamp,
    /// The machine's clock.
    pub(crate) shown: Timestamp,
    pub(crate) record: ClockRecord,
    /// How far apart the two may have been read.
    pub(super) slack: SignedDuration,
    pub(crate) verdict: Verdict,
}

impl Clocks {
    pub(crate) fn is_sandbox(&self) -> bool {
        self.record.is_sandbox == Some(true)
    }
}

/// Looks at the clocks, and remembers what earlier looks showed. Jobs of the store hold this and not the exchange: the last
/// clone of a store closes it only where no thread of its own drops that.
#[derive(Clone)]
pub(crate) struct ClockWatch {
    clock: Arc<dyn Clock>,
    guard: Arc<Mutex<ClockGuard>>,
}

impl ClockWatch {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> ClockWatch {
        ClockWatch { clock, guard: Arc::default() }
    }

    /// The clocks as a transaction or a snapshot sees them.
    pub(crate) fn look<R: Reading + ?Sized>(&self, reading: &mut R) -> Result<Clocks, Failure> {
        let asked = self.clock.monotonic();
        let record = reading.clock()?;
        // Both at one moment, after the answer: that took no longer than since the question.
        let (shown, monotonic) = (self.clock.now(), self.clock.monotonic());
        let slack = SignedDuration::try_from(monotonic.saturating_sub(asked)).unwrap_or(SignedDuration::MAX);
        let look = Look { shown, monotonic, record, slack };
        let verdict = self.guard().judge(&look);
        Ok(Clocks { reference: ClockGuard::reference(&look), shown, record, slack, verdict })
    }

    pub(super) fn guard(&self) -> MutexGuard<'_, ClockGuard> {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
