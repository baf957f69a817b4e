//! Whether the background work moves.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// When the background work last ended a step.
#[derive(Debug)]
pub(crate) struct Progress {
    began: Instant,
    /// Milliseconds after `began`, plus one; 0 while no work runs.
    last: AtomicU64,
}

impl Default for Progress {
    fn default() -> Progress {
        Progress { began: Instant::now(), last: AtomicU64::new(0) }
    }
}

impl Progress {
    /// The work ended a step, or found nothing to do.
    pub(crate) fn step(&self) {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        self.last.store(now + 1, Ordering::Release);
    }

    /// No work runs any more, and none should.
    pub(crate) fn end(&self) {
        self.last.store(0, Ordering::Release);
    }

    pub(super) fn age(&self) -> Option<Duration> {
        let last = self.last.load(Ordering::Acquire).checked_sub(1)?;
        Some(self.began.elapsed().saturating_sub(Duration::from_millis(last)))
    }
}
