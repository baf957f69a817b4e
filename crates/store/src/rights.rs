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
    is_leased: bool,
    result: Result<Rights, StoreError>,
}

impl Attempt {
    /// Whether its answer serves a caller that arrived at this moment. One of a question that was sent before may be older than
    /// a change that had returned by then, unless who changed rights still waited for this process.
    fn serves(&self, arrived: Duration, newer: bool) -> bool {
        let is_relied_on = self.is_leased && elapsed().saturating_sub(self.sent) < bounds::RIGHTS_USED_MAX;
        self.sent > arrived || !newer && self.ended > arrived && (is_relied_on || self.result.is_err())
    }
}

/// What this process knows of rights.
#[derive(Debug, Default)]
struct Known {
    /// What it relies on, and when it asked for it.
    held: Option<(Rights, Duration)>,
    /// The version in force, and when this process learned of it.
    newest: (RightsVersion, Duration),
}

/// The rights that this process relies on, and until when.
#[derive(Debug)]
pub(crate) struct RightsLease {
    known: Mutex<Known>,
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
            known: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
            versions: watch::Sender::default(),
            is_used: AtomicBool::new(false),
            confirmed: confirmations("confirmed"),
            failed: confirmations("failed"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What may be relied on now.
    pub(crate) fn held(&self) -> Option<Rights> {
        let (rights, sent) = self.lock().held?;
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
        self.lock().held = None;
    }

    /// A question sent at this moment found this version in force: what was read under another one holds no longer. Before
    /// this node says so to others. Of an answer that is late it learns nothing; returns whether the version is the newest.
    ///
    /// A caller that goes away leaves its question behind, so the answers of two can come in either order.
    pub(crate) fn supersede(&self, version: RightsVersion, sent: Duration) -> bool {
        let mut known = self.lock();
        let (newest, learned) = known.newest;
        // A version that goes back is another database's, as long as this process asked after it learned of the newer one.
        if version < newest && sent <= learned {
            return false;
        }
        if version != newest {
            known.newest = (version, elapsed());
        }
        if known.held.is_some_and(|(rights, _)| rights.version != version) {
            known.held = None;
        }
        // Under the lock, so that receivers never see the older of two versions last.
        self.versions.send_if_modified(|known| std::mem::replace(known, version) != version);
        true
    }

    /// Asks the store. Who arrives while another asks takes that answer if it may be relied on, unless it must be `newer` than
    /// its arrival.
    pub(crate) async fn confirm(
        &self,
        newer: bool,
        ask: impl Future<Output = Result<Confirmation, StoreError>>,
    ) -> Result<Rights, StoreError> {
        let arrived = elapsed();
        let mut last = self.asking.lock().await;
        if let Some(attempt) = last.as_ref().filter(|attempt| attempt.serves(arrived, newer)) {
            return attempt.result.clone();
        }
        self.is_used.store(true, Ordering::Release);
        let sent = elapsed();
        let asked = ask.await;
        let mut relied_on = false;
        let result = asked.map(|Confirmation { rights, is_leased }| {
            relied_on = self.rely_on(rights, sent, is_leased);
            rights
        });
        match &result {
            Ok(_) => self.confirmed.inc(),
            Err(error) => {
                tracing::debug!(%error, "the node could not confirm its rights");
                self.failed.inc()
            }
        };
        *last = Some(Attempt { sent, ended: elapsed(), is_leased: relied_on, result: result.clone() });
        result
    }

    /// Relies on what the question of this moment found, if this process has not learned of anything newer meanwhile.
    fn rely_on(&self, rights: Rights, sent: Duration, is_leased: bool) -> bool {
        let is_newest = self.supersede(rights.version, sent);
        let mut known = self.lock();
        // Another question may have learned of a newer version since.
        let is_relied_on = is_leased && is_newest && known.newest.0 == rights.version;
        known.held = is_relied_on.then_some((rights, sent));
        is_relied_on
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use super::*;

    fn found(version: i64) -> Confirmation {
        Confirmation { rights: Rights { version: RightsVersion(version), business_day: None }, is_leased: true }
    }

    /// A caller that went away has left its question to the database behind. It reads, and acknowledges, the version that a
    /// later question was too early for.
    #[tokio::test]
    async fn an_answer_that_another_question_has_overtaken_is_not_relied_on() {
        let lease = RightsLease::new(&Telemetry::default());
        lease.confirm(true, async { Ok(found(5)) }).await.unwrap();
        assert_eq!(lease.held().map(|rights| rights.version), Some(RightsVersion(5)));
        let overtaken = async {
            assert!(lease.supersede(RightsVersion(6), elapsed()));
            Ok(found(5))
        };
        lease.confirm(true, overtaken).await.unwrap();
        assert_eq!((lease.held(), *lease.versions().borrow()), (None, RightsVersion(6)));
        lease.confirm(true, async { Ok(found(6)) }).await.unwrap();
        assert_eq!(lease.held().map(|rights| rights.version), Some(RightsVersion(6)));
        // A database that was set back counts from where it was; the next question hears of it.
        lease.confirm(true, async { Ok(found(4)) }).await.unwrap();
        assert_eq!(lease.held().map(|rights| rights.version), Some(RightsVersion(4)));
    }
}
