//! What a process may rely on without asking the store: identities of callers and the business day, as of a version.
//!
//! A row of the store counts changes of rights: its triggers count, so that whatever changes a certificate, an online
//! user, a client's settings or the business day is counted, also a statement by hand or a node of another version. A
//! process confirms the version at least twice a second and relies on what it has read for [`bounds::RIGHTS_USED_MAX`]
//! from the moment before it asked. Then it asks, or refuses.
//!
//! The call that changes rights returns when no process relies on the old ones any more: this one has confirmed the new
//! version, and each other node has acknowledged it, or [`bounds::RIGHTS_LEASE`] is over since the commit. The clock of
//! the lease runs while the machine sleeps.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use telemetry::metrics::store as metrics;
use telemetry::{Counter, Telemetry};
use tokio::sync::watch;

use crate::{StoreError, bounds};

/// Counts changes of rights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RightsVersion(pub i64);

/// What a confirmation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rights {
    /// The version of all identities.
    pub version: RightsVersion,
    /// The business day; `None` before the first one was set.
    pub business_day: Option<Date>,
}

/// What the store answered to a confirmation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Confirmation {
    pub(crate) rights: Rights,
    /// Whether others wait for this process before they rely on its forgetting: only then may it rely on the rights.
    pub(crate) is_leased: bool,
}

/// The last attempt to confirm.
#[derive(Debug)]
struct Attempt {
    sent: Duration,
    ended: Duration,
    result: Result<Rights, StoreError>,
}

/// The rights that this process relies on, and until when.
#[derive(Debug)]
pub(crate) struct RightsLease {
    held: Mutex<Option<(Rights, Duration)>>,
    /// One at a time asks; the others take its answer.
    asking: tokio::sync::Mutex<Option<Attempt>>,
    versions: watch::Sender<RightsVersion>,
    is_used: AtomicBool,
    confirmed: Counter,
    failed: Counter,
}

/// Time since the machine started, with its sleep.
pub(crate) fn elapsed() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}

impl RightsLease {
    pub(crate) fn new(telemetry: &Telemetry) -> RightsLease {
        let confirmations = |result| telemetry.counter(&metrics::RIGHTS_CONFIRMATIONS, [result]);
        RightsLease {
            held: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            versions: watch::Sender::default(),
            is_used: AtomicBool::new(false),
            confirmed: confirmations("confirmed"),
            failed: confirmations("failed"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Rights, Duration)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What may be relied on now.
    pub(crate) fn held(&self) -> Option<Rights> {
        let (rights, sent) = (*self.lock())?;
        (elapsed().saturating_sub(sent) < bounds::RIGHTS_USED_MAX).then_some(rights)
    }

    /// Whether this process has relied on rights at all.
    pub(crate) fn is_used(&self) -> bool {
        self.is_used.load(Ordering::Acquire)
    }

    pub(crate) fn versions(&self) -> watch::Receiver<RightsVersion> {
        self.versions.subscribe()
    }

    /// From now on this process relies on nothing that it does not confirm anew.
    pub(crate) fn forget(&self) {
        *self.lock() = None;
    }

    /// Another version is in force: what was read under an older one holds no longer. Before this node says so to others.
    pub(crate) fn supersede(&self, version: RightsVersion) {
        let mut held = self.lock();
        if held.is_some_and(|(rights, _)| rights.version != version) {
            *held = None;
        }
        drop(held);
        self.versions.send_if_modified(|known| std::mem::replace(known, version) != version);
    }

    /// Asks the store. Who arrives while another asks takes that answer, unless it must be `newer` than its arrival.
    pub(crate) async fn confirm(
        &self,
        newer: bool,
        ask: impl Future<Output = Result<Confirmation, StoreError>>,
    ) -> Result<Rights, StoreError> {
        let arrived = elapsed();
        let mut last = self.asking.lock().await;
        if let Some(attempt) = &*last
            && (if newer { attempt.sent } else { attempt.ended }) > arrived
        {
            return attempt.result.clone();
        }
        self.is_used.store(true, Ordering::Release);
        let sent = elapsed();
        let asked = ask.await;
        let result = asked.map(|Confirmation { rights, is_leased }| {
            self.supersede(rights.version);
            *self.lock() = is_leased.then_some((rights, sent));
            rights
        });
        match &result {
            Ok(_) => self.confirmed.inc(),
            Err(error) => {
                tracing::debug!(%error, "the node could not confirm its rights");
                self.failed.inc()
            }
        };
        *last = Some(Attempt { sent, ended: elapsed(), result: result.clone() });
        result
    }
}
