//! The prober: tries what no use case may be trying just now, and looks whether the background work moves.
//!
//! Reading, writing and looking are tasks of their own, so that a store that answers none of them is seen by each in
//! time. A probe that has not ended counts as failed after [`PROBE_TIME_MAX`], and the prober begins no other before it
//! ends: a store that stands still gets no queue of probes.

use std::time::Duration;

use store::{Fingerprint, Reading, StoreError};
use tokio::sync::watch;

use super::{Alarm, Health};
use crate::Exchange;
use crate::bounds::{PROBE_EVERY, PROBE_TIME_MAX, WORK_HELD_UP_AFTER, WORK_STANDS_STILL_AFTER};

/// The fingerprint of no certificate.
const NOBODY: Fingerprint = Fingerprint([0; 32]);

impl Exchange {
    /// The health of this node, for who raises alarms and for who reads them.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.inner.health
    }

    /// Proves once that the store reads and writes, so that health is known before the first client connects.
    pub async fn prove_health(&self) {
        tokio::join!(
            self.prove(Alarm::CannotRead, self.read_once()),
            self.prove(Alarm::CannotWrite, self.write_once())
        );
        self.inner.health.clear(Alarm::Starting);
    }

    /// Keeps health true until `stop` becomes true.
    pub async fn watch_health(&self, mut stop: watch::Receiver<bool>) {
        let watching = async {
            tokio::join!(
                self.repeat(Alarm::CannotRead, || self.read_once()),
                self.repeat(Alarm::CannotWrite, || self.write_once()),
                self.look_at_work(),
                self.look_at_identity(),
                self.wait_for_halt(),
            )
        };
        tokio::select! {
            _ = watching => {}
            _ = stop.wait_for(|stop| *stop) => self.inner.health.raise(Alarm::Stopping, "asked to stop"),
        }
    }

    async fn repeat<F: Future<Output = Result<(), StoreError>>>(&self, alarm: Alarm, probe: impl Fn() -> F) {
        loop {
            self.prove(alarm, probe()).await;
            tokio::time::sleep(PROBE_EVERY).await;
        }
    }

    /// Runs a probe to its end; the alarm stands from the moment at which it should have ended.
    async fn prove(&self, alarm: Alarm, probe: impl Future<Output = Result<(), StoreError>>) {
        let health = &self.inner.health;
        let mut probe = std::pin::pin!(probe);
        let ended = match tokio::time::timeout(PROBE_TIME_MAX, &mut probe).await {
            Ok(ended) => ended,
            Err(_) => {
                health.raise(alarm, format_args!("no answer from the store within {} s", PROBE_TIME_MAX.as_secs()));
                probe.await
            }
        };
        match ended {
            Ok(()) => health.clear(alarm),
            Err(error) => {
                if !health.stands(alarm) {
                    tracing::warn!(%error, "the store failed a probe");
                }
                health.raise(alarm, public_reason(&error));
            }
        }
    }

    /// Looks up a certificate, as the request of an unknown caller does first, and every decision about payments; and the version
    /// of rights, as the node does again and again. A lock on one of these tables blocks requests.
    async fn read_once(&self) -> Result<(), StoreError> {
        let look = |reading: &mut dyn Reading| {
            reading.identity(&NOBODY)?;
            reading.rights()?;
            reading.business_day().map(drop)
        };
        self.inner.store.read(look).await
    }

    async fn write_once(&self) -> Result<(), StoreError> {
        self.inner.store.write(|writing| writing.prove()).await
    }

    /// Reports only what is certainly another database: the reading probe reports an unreadable one.
    async fn look_at_identity(&self) {
        let health = &self.inner.health;
        loop {
            let store = self.inner.store.clone();
            let verified = tokio::task::spawn_blocking(move || store.verify_identity()).await;
            match verified {
                Ok(Err(error @ StoreError::WrongDatabase { .. })) => {
                    if !health.stands(Alarm::WrongDatabase) {
                        tracing::error!(%error, "this is not the database that was opened");
                    }
                    health.raise(Alarm::WrongDatabase, "it was replaced, removed or cut off; the log names the file");
                }
                Ok(Ok(())) => health.clear(Alarm::WrongDatabase),
                _ => {}
            }
            tokio::time::sleep(PROBE_EVERY).await;
        }
    }

    async fn wait_for_halt(&self) {
        let error = self.inner.store.halted().await;
        tracing::error!(%error, "the store has stopped writing");
        self.inner.health.raise(Alarm::WriterStopped, public_reason(&error));
    }

    async fn look_at_work(&self) {
        loop {
            self.judge_work();
            tokio::time::sleep(PROBE_EVERY).await;
        }
    }

    fn judge_work(&self) {
        let health = &self.inner.health;
        let Some(age) = self.inner.progress.age() else { return };
        let reason =
            |after: Duration| (age > after).then(|| format!("no step of it ended for more than {} s", after.as_secs()));
        health.set(Alarm::WorkHeldUp, reason(WORK_HELD_UP_AFTER));
        health.set(Alarm::WorkStandsStill, reason(WORK_STANDS_STILL_AFTER));
    }
}

/// The public text about a failure of the store.
fn public_reason(error: &StoreError) -> &'static str {
    match error {
        StoreError::Unavailable(_) => "the store is not available",
        StoreError::OutcomeUnknown(_) => "the outcome of a commit is not known",
        StoreError::Corrupt(_) => "stored data are damaged",
        StoreError::WrongDatabase { .. } => "the database is not the right one",
        StoreError::File { .. } => "a file of the store cannot be read or written",
        _ => "the store failed",
    }
}
