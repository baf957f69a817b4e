//! The event loops that commands run in.

use std::future::Future;

use crate::terminal::{Exit, Failure};

/// Runs a service, with a thread for each core.
pub(super) fn service<F: Future<Output = Result<Exit, Failure>>>(future: F) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("the system gives no event loop: {error}")))?;
    runtime.block_on(future)
}

/// Runs a client's calls: one thread is enough for one connection.
pub(super) fn in_runtime<F: Future>(future: F) -> Result<F::Output, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("the system gives no event loop: {error}")))?;
    Ok(runtime.block_on(future))
}
