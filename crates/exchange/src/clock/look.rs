//! Compares the clocks regularly while the exchange serves, and reports their faults to health.

use std::time::Duration;

use jiff::SignedDuration;
use tokio::sync::watch;

use super::guard::{ClockDoubt, DIFFERENCE_WARNED, Verdict};
use super::watch::Clocks;
use crate::health::Alarm;
use crate::{Exchange, Failure};

/// How often the node compares the clocks. Health shows a fault by then.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// How often a time that is not doubted is stored.
const TRUST_EVERY: SignedDuration = SignedDuration::from_secs(60);

impl Exchange {
    /// Looks at the clocks until `stop` becomes true.
    pub async fn watch_the_clock(&self, mut stop: watch::Receiver<bool>) {
        loop {
            if let Err(failure) = self.look_at_the_clock().await {
                tracing::debug!(code = failure.code.id(), "the node could not compare the clocks; it tries again");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Compares the clocks, and stores the result for the next start.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn look_at_the_clock(&self) -> Result<Option<ClockDoubt>, Failure> {
        let watch = self.inner.clock_watch.clone();
        let clocks = self.inner.store.read(move |reading| watch.look(reading)).await?;
        self.tell_of_the_clock(&clocks);
        let Verdict { doubt, to_note, is_mended } = clocks.verdict;
        let reference = clocks.reference;
        let is_due = clocks.record.trusted_at.is_none_or(|at| reference.duration_since(at) >= TRUST_EVERY);
        let trusts = doubt.is_none() && is_due && !clocks.is_sandbox();
        if to_note.is_some() || is_mended || trusts {
            // It must be there after a restart also when there is little room.
            let write = self.inner.store.write_with_reserve(move |writing| {
                if let Some(jump) = &to_note {
                    writing.note_clock_jump(Some(jump))?;
                }
                if is_mended {
                    writing.note_clock_jump(None)?;
                }
                if trusts {
                    writing.trust_time(reference)?;
                }
                Ok::<_, Failure>(())
            });
            write.await?;
            if to_note.is_some() {
                self.inner.clock_watch.guard().noted();
            }
        }
        Ok(doubt)
    }

    fn tell_of_the_clock(&self, clocks: &Clocks) {
        let difference = clocks.record.store_time.map(|database| clocks.shown.duration_since(database));
        let warned = difference.filter(|by| by.abs() - clocks.slack > DIFFERENCE_WARNED).map(|by| {
            let seconds = by.as_secs();
            format!("the machine's clock differs from the database's by {seconds} s")
        });
        let doubt = clocks.verdict.doubt;
        let grave = doubt.filter(|doubt| doubt.is_grave());
        let slight = doubt.filter(|doubt| !doubt.is_grave()).map(|doubt| doubt.to_string()).or(warned);
        let health = &self.inner.health;
        health.set(Alarm::ClockWrong, grave);
        health.set(Alarm::ClockJumped, slight.filter(|_| grave.is_none() && !clocks.is_sandbox()));
    }
}
