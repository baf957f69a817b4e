//! Moments as time since this process began to serve, in a form that fits an atomic.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// Time since this process began to serve; fits an atomic.
pub(super) fn now() -> Duration {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGUN.elapsed()
}

pub(super) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
