//! The exchange: one value that the layers above hold. Its use cases stand in the files named after them.

use std::sync::{Arc, Mutex};

use rulebook::Language;
use store::Store;
use tokio::sync::Notify;

use crate::access::refusals::Refusals;
use crate::clock::watch::ClockWatch;
use crate::health::{Health, Progress};
use crate::reports::order::PageCursors;
use crate::room::RoomView;
use crate::settlement::inbox::Settlement;
use crate::settlement::port::SettlementSystem;
use crate::settlement::simulator::Simulator;
use crate::submission::attempts::Attempts;
use crate::submission::in_flight::InFlight;
use crate::submission::memory::MemoryBudget;
use crate::{AccountOverview, Caller, Clock, Failure, Heartbeat, Operator, Settings};
use ledger::AccountState;
use money::Money;
use store::AccessMode;

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
    /// What messages may keep in memory.
    pub(crate) memory: Arc<MemoryBudget>,
    /// Wakes the background work.
    pub(crate) work: Notify,
    pub(crate) settlement: Settlement,
    /// Where the pages of reports begin, as far as they were read.
    pub(crate) page_cursors: PageCursors,
    /// The room for the data as it was last seen.
    pub(crate) room: Mutex<RoomView>,
    /// Refused requests that the audit does not tell of yet.
    pub(crate) refusals: Refusals,
    pub(crate) health: Health,
    /// How far the background work has come.
    pub(crate) progress: Progress,
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
        let inner = Inner {
            store,
            attempts: Attempts::default(),
            memory: MemoryBudget::new(settings.memory),
            settings,
            clock,
            clock_watch,
            in_flight: InFlight::default(),
            work: Notify::new(),
            settlement: Settlement::new(system),
            page_cursors: PageCursors::default(),
            room: Mutex::default(),
            refusals: Refusals::default(),
            health,
            progress: Progress::default(),
        };
        Exchange { inner: Arc::new(inner) }
    }

    /// The accounts that the caller may see: those of its client.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn accounts(&self, caller: &Caller) -> Result<Vec<AccountOverview>, Failure> {
        let client = caller.client();
        let accounts = self.inner.store.read(move |reading| reading.accounts_of(client).map_err(Failure::from)).await?;
        let may_manage = caller.may_manage();
        accounts
            .into_iter()
            .map(|account| {
                let ledger = &account.ledger;
                let available = ledger.available().ok_or_else(|| {
                    Failure::unexpected(format_args!("account {} has more on hold than can be counted", ledger.id.0))
                })?;
                Ok(AccountOverview {
                    balance: ledger.balance(),
                    held: Money::new(ledger.held, ledger.currency),
                    available: Money::new(available, ledger.currency),
                    limits: ledger.limits,
                    state: ledger.state,
                    may_debit: may_manage && ledger.state == AccountState::Open,
                    iban: account.iban,
                    owner_name: account.owner_name,
                    kind: account.kind,
                })
            })
            .collect()
    }

    /// Whether the caller is connected, and for how long it will be.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn heartbeat(&self, caller: &Caller) -> Result<Heartbeat, Failure> {
        let business_day = self.inner.store.read(|reading| reading.business_day().map_err(Failure::from)).await?;
        let identity = caller.identity();
        let mode: AccessMode = identity.user.mode;
        Ok(Heartbeat {
            client: identity.client.name.clone(),
            online_user: identity.user.id,
            online_user_name: identity.user.name.clone(),
            mode,
            certificate_not_after: identity.certificate.not_after,
            registration_valid_until: identity.user.registration_valid_until,
            business_day,
            now: self.now(),
        })
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

    /// What the Treasury's staff may do.
    #[must_use]
    pub fn operator(&self) -> Operator {
        Operator::new(self.clone())
    }
}
