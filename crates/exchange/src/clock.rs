//! The security clock: certificates, signatures, time of receipt. The business day is not read from it.

use jiff::Timestamp;

/// Tells the time. A trait, because tests and sandboxes must be able to set it.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
