//! The event loops that commands run in.

use std::future::Future;
use std::pin::Pin;

use crate::terminal::{Exit, Failure};
use crate::threads::BLOCKING_THREADS_MAX;

/// Runs a service, with a thread for each core. The future loses its type here: otherwise the compiler builds the event loop for
/// each command, each time with all that the command awaits.
pub(super) fn service(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let command: Pin<Box<dyn Future<Output = _> + '_>> = Box::pin(command);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().max_blocking_threads(BLOCKING_THREADS_MAX).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("the system gives no event loop: {error}")))?;
    runtime.block_on(command)
}

/// Runs a client's calls: one thread is enough for one connection.
pub(super) fn in_runtime<T>(calls: impl Future<Output = T>) -> Result<T, Failure> {
    let calls: Pin<Box<dyn Future<Output = T> + '_>> = Box::pin(calls);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("the system gives no event loop: {error}")))?;
    Ok(runtime.block_on(calls))
}
