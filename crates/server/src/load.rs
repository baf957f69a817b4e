//! How much is worked on at once. What is too much is sent away with 503 and a time to come back, not queued in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use exchange::Failure;
use rulebook::Code;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::bounds;

/// Requests in flight.
pub(crate) struct Load {
    turns: Semaphore,
}

impl Load {
    pub(crate) fn new(requests_max: usize) -> Load {
        Load { turns: Semaphore::new(requests_max) }
    }

    /// Waits for this request's turn, shortly.
    pub(crate) async fn turn(&self) -> Result<SemaphorePermit<'_>, Failure> {
        match tokio::time::timeout(bounds::TURN_WAIT_MAX, self.turns.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(overloaded()),
        }
    }
}

/// Bytes of all bodies that are arriving.
pub(crate) struct BodyBytes {
    max: u64,
    taken: AtomicU64,
}

/// The share that one body has taken of [`BodyBytes`]; given back when the body is done.
pub(crate) struct BodyShare {
    all: Arc<BodyBytes>,
    taken: u64,
}

impl BodyBytes {
    pub(crate) fn new(max: u64) -> BodyBytes {
        BodyBytes { max, taken: AtomicU64::new(0) }
    }

    /// The share of a body of which nothing has arrived.
    pub(crate) fn share(self: &Arc<BodyBytes>) -> BodyShare {
        BodyShare { all: Arc::clone(self), taken: 0 }
    }
}

impl BodyShare {
    /// More has arrived.
    pub(crate) fn grow(&mut self, bytes: u64) -> Result<(), Failure> {
        let before = self.all.taken.fetch_add(bytes, Ordering::Relaxed);
        self.taken += bytes;
        if before.saturating_add(bytes) > self.all.max { Err(overloaded()) } else { Ok(()) }
    }
}

impl Drop for BodyShare {
    fn drop(&mut self) {
        self.all.taken.fetch_sub(self.taken, Ordering::Relaxed);
    }
}

fn overloaded() -> Failure {
    Failure::new(Code::Unavailable).with_retry_after(bounds::RETRY_AFTER)
}
