//! A job as the writer queues it: a closure whose types only its caller knows.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::oneshot;
use tracing::Span;

use crate::figures::PlaceInLine;
use crate::lines::Owner;
use crate::{StoreError, Writing};

/// A job with its place in the queue, which it gives up when it is taken.
pub(crate) struct Queued {
    pub(crate) job: Box<dyn Job>,
    pub(crate) place: PlaceInLine,
    /// It may use the reserve of the disk.
    pub(crate) with_reserve: bool,
    /// Whose line it stands in.
    pub(crate) of: Owner,
}

/// Numbers of jobs, for the log.
static JOBS: AtomicU64 = AtomicU64::new(1);

/// A job without its types.
pub(crate) trait Job: Send {
    /// Runs it, perhaps again. `true`: it wants to be committed.
    fn run(&mut self, session: &mut dyn Writing) -> bool;
    /// Its result is final: what it said when it ran, or this error instead.
    fn answer(self: Box<Self>, error: Option<StoreError>);
}

/// A job with its types, its last result, the way to its caller, and the span of the log that it belongs to.
pub(crate) struct Typed<T, E, F> {
    job: F,
    span: Span,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Typed<T, E, F>
where
    F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    pub(crate) fn boxed(job: F, answer: oneshot::Sender<Result<T, E>>) -> Box<dyn Job> {
        let number = JOBS.fetch_add(1, Ordering::Relaxed);
        // A thread of the store runs it: what it logs belongs to the request, submission or chore that asked for it.
        let span = tracing::info_span!("job", job = number);
        let span = if span.is_disabled() { Span::current() } else { span };
        Box::new(Typed { job, span, result: None, answer })
    }
}

impl<T, E, F> Job for Typed<T, E, F>
where
    F: FnMut(&mut dyn Writing) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, session: &mut dyn Writing) -> bool {
        let _span = self.span.enter();
        let ran = catch_unwind(AssertUnwindSafe(|| (self.job)(session)));
        let result = ran.unwrap_or_else(|panic| Err(E::from(panicked(panic.as_ref()))));
        self.result.insert(result).is_ok()
    }

    fn answer(self: Box<Self>, error: Option<StoreError>) {
        let result = match (error, self.result) {
            (None, Some(result)) => result,
            (Some(error), _) => Err(E::from(error)),
            (None, None) => Err(E::from(closed())),
        };
        // Nobody waits for it any more: fine.
        let _ = self.answer.send(result);
    }
}

/// What callers hear when there is no writer any more.
pub(crate) fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}

/// What a panic said.
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    StoreError::JobPanicked(text.unwrap_or("without a text").to_owned())
}
