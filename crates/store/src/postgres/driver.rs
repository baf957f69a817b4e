//! Decides which thread moves the bytes of a connection while a caller waits for an answer.
//!
//! A thread of the store drives its own connection while it waits: so an answer costs no change of threads, and the
//! transaction frees its locks sooner. The store's own small runtime drives a connection that many threads borrow, some
//! of which must not drive anything (they belong to a caller's runtime).

use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::StoreError;
use crate::blocking::wait_for;

/// A runtime that is ended without waiting, since a store may be dropped on a thread that must not block.
pub(super) struct Background(Option<Runtime>);

impl Background {
    pub(super) fn new(runtime: Runtime) -> Background {
        Background(Some(runtime))
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

pub(super) enum Driver {
    /// The store's runtime.
    Shared(Handle),
    /// The thread that waits.
    Waiting(Background),
}

impl Driver {
    /// For a connection that stays with one thread, which belongs to no runtime.
    pub(super) fn waiting() -> Result<Driver, StoreError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| StoreError::Unavailable(format!("no runtime: {error}")))?;
        Ok(Driver::Waiting(Background::new(runtime)))
    }

    fn own(&self) -> Option<&Runtime> {
        match self {
            Driver::Waiting(Background(runtime)) => runtime.as_ref(),
            Driver::Shared(_) => None,
        }
    }

    /// Waits on this thread.
    pub(super) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        match self {
            Driver::Shared(handle) => {
                let _context = handle.enter();
                wait_for(future)
            }
            Driver::Waiting(_) => match self.own() {
                Some(runtime) => runtime.block_on(future),
                // Taken by `drop` alone.
                None => unreachable!("a runtime that has ended"),
            },
        }
    }

    /// Waits for so long at most.
    pub(super) fn wait<T>(&self, patience: Duration, future: impl Future<Output = T>) -> Option<T> {
        self.run(async { tokio::time::timeout(patience, future).await.ok() })
    }

    /// Lets bytes move that can move at once. Nothing to do where the store's runtime does that.
    pub(super) fn tick(&self) {
        if let Some(runtime) = self.own() {
            // First the runtime wakes the connection's task, then the task runs.
            runtime.block_on(async {
                tokio::task::yield_now().await;
                tokio::task::yield_now().await;
            });
        }
    }
}
