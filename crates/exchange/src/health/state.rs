//! The present conditions: readers ask for them, and waiters wake when they change.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use tokio::sync::watch;

use super::alarm::{Alarm, Severity};
use crate::Clock;

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 300;

/// A condition that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Its kind.
    pub alarm: Alarm,
    /// Why it stands; the latest reason given.
    pub reason: String,
    /// Since when it stands, by the security clock.
    pub since: Timestamp,
}

/// What all conditions together mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Readiness {
    /// Nothing is wrong.
    Ready,
    /// The node serves, but the operator should look at it.
    ReadyWithAlarms,
    /// The node cannot serve now.
    NotReady,
    /// The process has to be started again.
    NotAlive,
}

/// The health of one node: cheap to clone, all clones are one.
#[derive(Clone)]
pub struct Health {
    conditions: Arc<watch::Sender<BTreeMap<Alarm, Condition>>>,
    checked_at: Arc<Mutex<Option<Timestamp>>>,
    clock: Arc<dyn Clock>,
}

impl Health {
    /// A node that has proved nothing yet.
    pub(crate) fn starting(clock: Arc<dyn Clock>) -> Health {
        let starting = Condition { alarm: Alarm::Starting, reason: String::new(), since: clock.now() };
        let conditions = BTreeMap::from([(Alarm::Starting, starting)]);
        Health { conditions: Arc::new(watch::Sender::new(conditions)), checked_at: Arc::default(), clock }
    }

    /// Raises an alarm, or gives one that stands a new reason. Only the first is logged.
    ///
    /// The reason is read without a certificate: see the module.
    pub fn raise(&self, alarm: Alarm, reason: impl Display) {
        let reason: String = reason.to_string().chars().take(REASON_CHARS_MAX).collect();
        let now = self.clock.now();
        let mut is_new = false;
        self.conditions.send_if_modified(|conditions| match conditions.get_mut(&alarm) {
            Some(standing) => std::mem::replace(&mut standing.reason, reason.clone()) != reason,
            None => {
                is_new = true;
                conditions.insert(alarm, Condition { alarm, reason: reason.clone(), since: now });
                true
            }
        });
        if is_new {
            let (condition, title) = (alarm.id(), alarm.title().en);
            match alarm.severity() {
                _ if matches!(alarm, Alarm::Starting | Alarm::Stopping) => tracing::info!(condition, "{title}"),
                Severity::Alarm => tracing::warn!(condition, reason, "{title}"),
                Severity::NotReady | Severity::NotAlive => tracing::error!(condition, reason, "{title}"),
            }
        }
    }

    /// Clears an alarm; one that does not stand is no mistake.
    pub fn clear(&self, alarm: Alarm) {
        let mut cleared = None;
        self.conditions.send_if_modified(|conditions| {
            cleared = conditions.remove(&alarm);
            cleared.is_some()
        });
        if let Some(condition) = cleared.filter(|condition| condition.alarm != Alarm::Starting) {
            let since = condition.since;
            tracing::info!(condition = alarm.id(), %since, "cleared: {}", alarm.title().en);
        }
    }

    /// Raises an alarm when there is a reason, clears it when there is none.
    pub fn set(&self, alarm: Alarm, reason: Option<impl Display>) {
        match reason {
            Some(reason) => self.raise(alarm, reason),
            None => self.clear(alarm),
        }
    }

    /// Whether an alarm of this kind stands.
    #[must_use]
    pub fn stands(&self, alarm: Alarm) -> bool {
        self.conditions.borrow().contains_key(&alarm)
    }

    /// When the last completed check of the stored data began.
    #[must_use]
    pub fn checked_at(&self) -> Option<Timestamp> {
        *self.checked_at.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_checked_at(&self, begun: Timestamp) {
        *self.checked_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(begun);
    }

    /// The conditions that stand, the worst first.
    #[must_use]
    pub fn conditions(&self) -> Vec<Condition> {
        let mut conditions: Vec<Condition> = self.conditions.borrow().values().cloned().collect();
        conditions.sort_by_key(|condition| (std::cmp::Reverse(condition.alarm.severity()), condition.alarm));
        conditions
    }

    /// What they mean together.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let worst = self.conditions.borrow().keys().map(|alarm| alarm.severity()).max();
        match worst {
            None => Readiness::Ready,
            Some(Severity::Alarm) => Readiness::ReadyWithAlarms,
            Some(Severity::NotReady) => Readiness::NotReady,
            Some(Severity::NotAlive) => Readiness::NotAlive,
        }
    }

    /// Changes from now on: conditions raised, cleared or given another reason.
    #[must_use]
    pub fn changes(&self) -> HealthChanges {
        HealthChanges(self.conditions.subscribe())
    }
}

/// Wakes waiters for a change of health.
pub struct HealthChanges(watch::Receiver<BTreeMap<Alarm, Condition>>);

impl HealthChanges {
    /// Returns after the next change, or at once when there was one since the last call.
    pub async fn next(&mut self) {
        // Without a sender there is no node any more, and nothing changes.
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
