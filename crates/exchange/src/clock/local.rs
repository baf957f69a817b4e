//! The security clock: certificates, signatures, time of receipt. The exchange does not read the business day from it.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use jiff::civil::DateTime;
use jiff::{Timestamp, ZonedDateTime};
use rulebook::calendar::TREASURY_TIME_ZONE;

/// Gives the time. A trait, because tests and sandboxes must be able to set it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Elapsed time since some moment, independent of changes of the clock.
    fn monotonic(&self) -> Duration {
        static BEGINNING: OnceLock<Instant> = OnceLock::new();
        BEGINNING.get_or_init(Instant::now).elapsed()
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A moment as local time of the Treasury (Europe/Riga).
#[must_use]
pub fn local_time(moment: Timestamp) -> DateTime {
    zoned(moment).datetime()
}

/// The same with its offset, as messages state it.
pub(crate) fn zoned(moment: Timestamp) -> ZonedDateTime {
    moment.to_zoned_datetime(TREASURY_TIME_ZONE.clone())
}
