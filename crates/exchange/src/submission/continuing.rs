//! Work that goes on when the request that began it is over.
//!
//! The request itself drives the work, which costs no change of tasks. When the client hangs up, or has its receipt, the
//! runtime takes what is left of it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

/// Work under way. Dropped before its end, it becomes a task of its own.
pub(crate) struct Continuing<F>(Option<Pin<Box<F>>>)
where
    F: Future<Output = ()> + Send + 'static;

impl<F: Future<Output = ()> + Send + 'static> Continuing<F> {
    pub(crate) fn new(work: F) -> Continuing<F> {
        Continuing(Some(Box::pin(work)))
    }
}

impl<F: Future<Output = ()> + Send + 'static> Future for Continuing<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let Some(work) = &mut self.0 else { return Poll::Ready(()) };
        let ended = work.as_mut().poll(context);
        if ended.is_ready() {
            self.0 = None;
        }
        ended
    }
}

impl<F: Future<Output = ()> + Send + 'static> Drop for Continuing<F> {
    fn drop(&mut self) {
        // Without a runtime the process ends, and the work with it.
        if let (Some(work), Ok(runtime)) = (self.0.take(), Handle::try_current()) {
            runtime.spawn(work);
        }
    }
}
