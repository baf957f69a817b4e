//! What all requests share: the exchange, the bounds, and the work that outlives a request.

use std::sync::Arc;

use exchange::{Exchange, Failure};
use rulebook::Code;
use tokio_util::task::TaskTracker;

use crate::Limits;
use crate::load::{BodyBytes, Load};

/// What all requests share.
pub(crate) struct Service {
    exchange: Exchange,
    limits: Limits,
    load: Load,
    body_bytes: Arc<BodyBytes>,
    authority_pem: Option<String>,
    documentation_base: Option<String>,
    work: TaskTracker,
}

impl Service {
    pub(crate) fn new(
        exchange: Exchange,
        limits: Limits,
        authority_pem: Option<String>,
        documentation_base: Option<String>,
    ) -> Service {
        Service {
            exchange,
            load: Load::new(limits.requests_in_flight_max),
            body_bytes: Arc::new(BodyBytes::new(limits.body_bytes_in_flight_max)),
            limits,
            authority_pem,
            documentation_base,
            work: TaskTracker::new(),
        }
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn load(&self) -> &Load {
        &self.load
    }

    pub(crate) fn body_bytes(&self) -> &Arc<BodyBytes> {
        &self.body_bytes
    }

    pub(crate) fn authority_pem(&self) -> Option<&str> {
        self.authority_pem.as_deref()
    }

    /// Where the catalogue's entry of a code can be read without certificate.
    pub(crate) fn documentation(&self, code: Code) -> Option<String> {
        let base = self.documentation_base.as_deref()?.trim_end_matches('/');
        Some(format!("{base}{}", protocol::routes::catalogue_entry(code.id())))
    }

    /// Carries something through even if the client that asked for it goes away. A stop waits for it.
    pub(crate) async fn carry_through<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        match self.work.spawn(work).await {
            Ok(outcome) => outcome,
            Err(error) => {
                tracing::error!(%error, "a task of the exchange ended abnormally");
                Err(Failure::new(Code::InternalError))
            }
        }
    }

    /// Waits for what [`Service::carry_through`] carries, but not for ever.
    pub(crate) async fn finish_work(&self) {
        self.work.close();
        if tokio::time::timeout(self.limits.stop_time_max, self.work.wait()).await.is_err() {
            tracing::warn!(tasks = self.work.len(), "stopped before everything accepted was finished");
        }
    }
}
