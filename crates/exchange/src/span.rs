//! Spans of the log across threads: what a thread does for a request, submission or chore is logged within its span.

use tokio::task::JoinHandle;
use tracing::Span;

/// Runs work on a thread that may block, within the span of who asks for it.
pub(crate) fn spawn_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work))
}
