//! Measures how fast a client reads an answer, by regular looks at the taken bytes.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::process_time::{millis, now};
use crate::bounds;

/// How much of one answer has been taken.
pub(super) struct Progress {
    bytes: AtomicU64,
    /// Bytes and time, in milliseconds, when it was last found to move.
    seen_bytes: AtomicU64,
    seen_at: AtomicU64,
}

impl Progress {
    pub(super) fn new() -> Progress {
        let begun = millis(now());
        Progress { bytes: AtomicU64::new(0), seen_bytes: AtomicU64::new(0), seen_at: AtomicU64::new(begun) }
    }

    /// So many bytes more were taken.
    pub(super) fn add(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Whether the client reads more slowly than it may.
    pub(super) fn is_too_slow(&self, now: Duration, window: Duration) -> bool {
        let since = now.saturating_sub(Duration::from_millis(self.seen_at.load(Ordering::Relaxed)));
        if since < window {
            return false;
        }
        let bytes = self.bytes.load(Ordering::Relaxed);
        let read = bytes.saturating_sub(self.seen_bytes.swap(bytes, Ordering::Relaxed));
        self.seen_at.store(millis(now), Ordering::Relaxed);
        let expected = bounds::ANSWER_RATE_MIN.saturating_mul(millis(since)) / 1000;
        read < expected
    }
}
