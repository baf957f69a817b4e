//! The reason why the store writes no more.
//!
//! After a sync error the content of the disk is unknown: the kernel may have dropped what it could not write, and
//! calls the next sync a success (<https://wiki.postgresql.org/wiki/Fsync_Errors>). So the store stops writing; only
//! the next opening, which copies the log into the database and syncs that, finds out what happened.

use std::thread;

use tokio::sync::watch;

use crate::StoreError;

/// Set once, for good.
#[derive(Debug)]
pub(super) struct Halt(watch::Sender<Option<StoreError>>);

impl Default for Halt {
    fn default() -> Halt {
        Halt(watch::Sender::new(None))
    }
}

impl Halt {
    /// Stops writing.
    pub(super) fn halt(&self, error: StoreError) {
        self.0.send_if_modified(|halted| {
            let first = halted.is_none();
            halted.get_or_insert(error);
            first
        });
    }

    pub(super) fn reason(&self) -> Option<StoreError> {
        self.0.borrow().clone()
    }

    pub(super) async fn halted(&self) -> StoreError {
        let mut halted = self.0.subscribe();
        let reason = halted.wait_for(Option::is_some).await.ok().and_then(|reason| reason.clone());
        // Invariant: the sender lives as long as `self`.
        reason.unwrap_or_else(|| StoreError::Unavailable("the store is closed".to_owned()))
    }
}

/// Halts when its thread panics.
pub(super) struct Guard<'h>(pub(super) &'h Halt);

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.halt(StoreError::Unavailable("a thread of the store panicked".to_owned()));
        }
    }
}
