//! The end of a service whose store writes no more: it cannot finish accepted work. The next start opens the store
//! again, copies its log into the database and syncs that, and so finds out what was written.

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
        tracing::warn!("the service broke off requests");
    }
    let text = format!(
        "the service stops, because its disk did not confirm what was written ({error}). Look at the disk; then start the \
         service again: it finds out what was written, and clients that send again get their answers"
    );
    tracing::error!("{text}");
    Failure::Halted(text)
}
