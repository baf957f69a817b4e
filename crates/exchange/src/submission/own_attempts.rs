//! The attempts that this process has counted, and the place of each among others.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use payments::MessageId;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What this process knows of attempts.
#[derive(Default)]
pub(crate) struct Attempts {
    /// Large messages work side by side; one that is tried again works alone.
    gate: RwLock<()>,
    begun: Mutex<Begun>,
    /// The process was asked to stop: it begins nothing that another one left.
    is_stopping: AtomicBool,
}

#[derive(Default)]
pub(super) struct Begun {
    /// Submissions whose attempt was counted by this process and is not answered: worked on now, or interrupted while the
    /// store was away.
    pub(super) submissions: HashSet<MessageId>,
    /// The same of other work, by its name.
    pub(super) works: HashSet<String>,
}

/// The place of an attempt among others, held while it works.
pub(crate) enum Place<'g> {
    Beside(#[expect(dead_code, reason = "held, not used")] RwLockReadGuard<'g, ()>),
    Alone(#[expect(dead_code, reason = "held, not used")] RwLockWriteGuard<'g, ()>),
}

impl Attempts {
    pub(super) fn begun(&self) -> MutexGuard<'_, Begun> {
        // The sets are whole between any two statements.
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes whether the process is asked to stop.
    pub(crate) fn stopping(&self, is_stopping: bool) {
        self.is_stopping.store(is_stopping, Ordering::SeqCst);
    }

    /// Whether it was asked to stop.
    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::SeqCst)
    }

    /// Waits for a place among the large messages that are worked on.
    pub(crate) async fn place(&self, attempt: u32) -> Place<'_> {
        if attempt > 1 { Place::Alone(self.gate.write().await) } else { Place::Beside(self.gate.read().await) }
    }

    /// This process has an attempt counted for the submission.
    pub(crate) fn counted(&self, id: MessageId) {
        self.begun().submissions.insert(id);
    }

    /// The submission is answered, refused or set aside.
    pub(crate) fn ended(&self, id: MessageId) {
        self.begun().submissions.remove(&id);
    }
}
