//! Threads that read large bodies. They need a processor for seconds, so they have a lower priority than the threads that
//! answer requests and write: another client's small message runs first, and they take what is left.

use tracing::Span;

use crate::Failure;
use crate::bounds::READING_NICENESS;

/// Runs work on a thread of its own at the lower priority, within the span of who asks for it.
pub(super) fn spawn(work: impl FnOnce() + Send + 'static) -> Result<(), Failure> {
    let span = Span::current();
    let thread = std::thread::Builder::new().name("tdam-reading".to_owned());
    let spawned = thread.spawn(move || {
        give_way();
        span.in_scope(work);
    });
    // The thread ends with the reading, or soon after no task waits for its chunks any more.
    spawned.map(drop).map_err(|error| Failure::unexpected(format_args!("no thread to read a message: {error}")))
}

/// On Linux a priority is that of a thread; elsewhere it would be that of the process. A thread cannot take it back, so
/// threads that other work shares must not.
fn give_way() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(READING_NICENESS) {
        tracing::debug!(%error, "a reading thread keeps the priority of the others");
    }
}
