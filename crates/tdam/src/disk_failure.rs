//! The end of a service whose store writes no more: nothing that was accepted can be finished. Opening the store again, which
//! the next start does, copies its log into the database, syncs that, and so finds out what was written.

use std::time::Duration;

use exchange::Alarm;
use store::StoreError;

use crate::serving::Serving;
use crate::terminal::Failure;

/// So long clients have to hear of it.
const STOP_MAX: Duration = Duration::from_secs(2);

/// Stops the service; returns what its process ends with.
pub(crate) async fn stop(serving: Serving, error: &StoreError) -> Failure {
    serving.exchange().health().raise(Alarm::WriterStopped, "the disk did not confirm what was written");
    if tokio::time::timeout(STOP_MAX, serving.stop()).await.is_err() {
        tracing::warn!("requests were broken off");
    }
    let text = format!(
        "the service stops, because its disk did not confirm what was written ({error}). Look at the disk; then start the \
         service again: it finds out what was written, and clients that send again get their answers"
    );
    tracing::error!("{text}");
    Failure::Halted(text)
}
