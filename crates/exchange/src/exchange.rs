//! The exchange: one value that the layers above hold. The files named after the use cases hold them.

use std::fmt;
use std::sync::{Arc, Mutex, RwLock};

use jiff::Timestamp;
use rulebook::Language;
use store::{AuditLine, RevocationList, Store};
use tokio::sync::{Notify, watch};

use crate::access::known_callers::KnownCallers;
use crate::access::outside::OutsideAuthorities;
use crate::access::refusals::Refusals;
use crate::certificates::authority_state::AuthorityState;
use crate::clock::watch::ClockWatch;
use crate::evidence::kept_certificates::KeptCertificates;
use crate::health::{Health, Progress};
use crate::measures::Measures;
use crate::reports::cursor::PageCursors;
use crate::room::RoomView;
use crate::settings::Issuing;
use crate::settlement::inbox::Settlement;
use crate::settlement::port::SettlementSystem;
use crate::settlement::simulator::Simulator;
use crate::submission::in_flight::InFlight;
use crate::submission::memory::MemoryBudget;
use crate::submission::own_attempts::Attempts;
use crate::submission::read_aheads::ReadAheads;
use crate::{Clock, Settings};

/// The exchange. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Exchange {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) clock_watch: ClockWatch,
    /// Submissions that this process works on.
    pub(crate) in_flight: InFlight,
    /// What this process knows of attempts at submissions and other work.
    pub(crate) attempts: Attempts,
    /// Bodies that are read while they arrive.
    pub(crate) read_aheads: ReadAheads,
    /// What messages may keep in memory.
    pub(crate) memory: Arc<MemoryBudget>,
    /// Wakes the background work.
    pub(crate) work: Notify,
    /// Wakes who sends letters.
    pub(crate) letters: Notify,
    pub(crate) settlement: Settlement,
    /// Where the pages of reports begin, as far as they were read.
    pub(crate) page_cursors: PageCursors,
    /// The room for the data as it was last seen.
    pub(crate) room: Mutex<RoomView>,
    /// Who has called, as far as the node may rely on it.
    pub(crate) known_callers: KnownCallers,
    /// Certificates that the store has, for evidence.
    pub(crate) kept_certificates: KeptCertificates,
    /// Refused requests that are not in the audit chain yet.
    pub(crate) refusals: Refusals,
    /// What the node signs certificates and lists with.
    pub(crate) issuing: RwLock<Option<Arc<Issuing>>>,
    pub(crate) authority_state: Mutex<AuthorityState>,
    /// Authorities of other houses.
    pub(crate) outside: OutsideAuthorities,
    /// The newest revocation list of each authority that this node knows.
    pub(crate) revocation_lists: watch::Sender<Vec<Arc<RevocationList>>>,
    pub(crate) health: Health,
    /// How far the background work has come.
    pub(crate) progress: Progress,
    pub(crate) measures: Measures,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").finish_non_exhaustive()
    }
}

impl Exchange {
    /// An exchange over a store, with simulated settlement. Nothing happens in the background until [`Exchange::work`]
    /// runs.
    #[must_use]
    pub fn new(store: Store, settings: Settings, clock: Arc<dyn Clock>) -> Exchange {
        let simulator = Simulator::new(settings.settlement.cycle, Arc::clone(&clock));
        Exchange::with_settlement(store, settings, clock, Arc::new(simulator))
    }

    /// The same with a settlement system behind it.
    #[must_use]
    pub fn with_settlement(
        store: Store,
        settings: Settings,
        clock: Arc<dyn Clock>,
        system: Arc<dyn SettlementSystem>,
    ) -> Exchange {
        let health = Health::starting(Arc::clone(&clock));
        let clock_watch = ClockWatch::new(Arc::clone(&clock));
        let measures = Measures::new(store.telemetry(), clock.now(), clock.monotonic());
        let issuing = settings.issuing.clone().map(Arc::new);
        let outside = OutsideAuthorities::of(settings.outside_authorities.clone());
        let inner = Inner {
            store,
            attempts: Attempts::default(),
            read_aheads: ReadAheads::default(),
            memory: MemoryBudget::new(settings.memory),
            settings,
            clock,
            clock_watch,
            in_flight: InFlight::default(),
            work: Notify::new(),
            letters: Notify::new(),
            settlement: Settlement::new(system),
            page_cursors: PageCursors::default(),
            room: Mutex::default(),
            known_callers: KnownCallers::default(),
            kept_certificates: KeptCertificates::default(),
            refusals: Refusals::default(),
            issuing: RwLock::new(issuing),
            authority_state: Mutex::default(),
            outside,
            revocation_lists: watch::Sender::default(),
            health,
            progress: Progress::default(),
            measures,
        };
        Exchange { inner: Arc::new(inner) }
    }

    /// How the house names itself.
    #[must_use]
    pub fn house_name(&self, language: Language) -> &str {
        let identification = &self.inner.settings.identification;
        match language {
            Language::Latvian => &identification.name_lv,
            Language::English => &identification.name_en,
        }
    }

    pub(crate) fn audit_line(&self, actor: &str, action: &str, detail: impl Into<String>) -> AuditLine {
        AuditLine { at: self.now(), actor: actor.to_owned(), action: action.to_owned(), detail: detail.into() }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}
