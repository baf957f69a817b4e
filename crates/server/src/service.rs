//! State that all requests share: the exchange, the bounds, and the work that outlives a request.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use exchange::{Exchange, Failure};
use protocol::SupportContact;
use rulebook::{Code, Language};
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::measures::Measures;
use crate::pages_ahead::PagesAhead;
use crate::quota_settings::QuotaSettings;
use crate::quotas::Quotas;
use crate::shares::ClientShares;
use crate::{Libraries, Limits, Support};

/// What all requests share.
pub(crate) struct Service {
    exchange: Exchange,
    limits: Limits,
    shares: ClientShares,
    quotas: Quotas,
    answer_folder: PathBuf,
    authority_pem: Option<ArcSwap<String>>,
    documentation_base: Option<String>,
    support: Support,
    libraries: ArcSwap<Libraries>,
    work: TaskTracker,
    measures: Measures,
    pages_ahead: Arc<PagesAhead>,
}

/// What everybody may know.
#[derive(Default)]
pub(crate) struct Published {
    pub(crate) authority_pem: Option<String>,
    pub(crate) documentation_base: Option<String>,
    pub(crate) support: Support,
    pub(crate) libraries: Libraries,
}

impl Service {
    pub(crate) fn new(
        exchange: Exchange,
        limits: Limits,
        quotas: QuotaSettings,
        answer_folder: PathBuf,
        published: Published,
    ) -> Service {
        let Published { authority_pem, documentation_base, support, libraries } = published;
        Service {
            measures: Measures::new(exchange.telemetry()),
            shares: ClientShares::new(&limits),
            quotas: Quotas::new(quotas, exchange.telemetry()),
            exchange,
            limits,
            answer_folder,
            authority_pem: authority_pem.map(ArcSwap::from_pointee),
            documentation_base,
            support,
            libraries: ArcSwap::from_pointee(libraries),
            work: TaskTracker::new(),
            pages_ahead: Arc::default(),
        }
    }

    pub(crate) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// What the server measures.
    pub(crate) fn measures(&self) -> &Measures {
        &self.measures
    }

    /// What clients share.
    pub(crate) fn shares(&self) -> &ClientShares {
        &self.shares
    }

    /// Pages of reports that clients will probably ask for next.
    pub(crate) fn pages_ahead(&self) -> &Arc<PagesAhead> {
        &self.pages_ahead
    }

    /// What online users and addresses may use over time.
    pub(crate) fn quotas(&self) -> &Quotas {
        &self.quotas
    }

    /// Where answers that wait to be read lie.
    pub(crate) fn answer_folder(&self) -> &Path {
        &self.answer_folder
    }

    pub(crate) fn authority_pem(&self) -> Option<Arc<String>> {
        self.authority_pem.as_ref().map(ArcSwap::load_full)
    }

    pub(crate) fn set_authority_pem(&self, authority_pem: String) {
        if let Some(served) = &self.authority_pem {
            served.store(Arc::new(authority_pem));
        }
    }

    /// The client libraries.
    pub(crate) fn libraries(&self) -> Arc<Libraries> {
        self.libraries.load_full()
    }

    pub(crate) fn set_libraries(&self, libraries: Libraries) {
        self.libraries.store(Arc::new(libraries));
    }

    /// Where the catalogue's entry of a code can be read without certificate.
    pub(crate) fn documentation(&self, code: Code) -> Option<String> {
        let base = self.documentation_base.as_deref()?.trim_end_matches('/');
        Some(format!("{base}{}", protocol::routes::catalogue_entry(code.id())))
    }

    /// Where people find help, as far as it is known.
    pub(crate) fn support(&self, language: Language) -> Option<SupportContact> {
        let contact = match language {
            Language::Latvian => &self.support.latvian,
            Language::English => &self.support.english,
        };
        Some(contact.clone()).filter(|contact| !contact.is_empty())
    }

    /// Carries something through even if the client that asked for it goes away. A stop waits for it.
    pub(crate) async fn carry_through<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) -> Result<T, Failure> {
        match self.work.spawn(work.in_current_span()).await {
            Ok(outcome) => outcome,
            Err(error) => Err(Failure::unexpected(format_args!("a task of the exchange ended abnormally: {error}"))),
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
