//! The regular check of stored data: some time after the start, and then once a day.
//!
//! It does the same as `tdam check` without reading the bodies in files, in one snapshot, on a thread at the lowest
//! priority. A finding raises an alarm that stays until a later check finds nothing. After a restart the state is
//! unknown, so the first check does not wait for its hour.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Time;
use rulebook::calendar::TREASURY_TIME_ZONE;
use store::StoreError;
use tokio::sync::watch;

use super::Alarm;
use crate::bounds::{CHECK_AGAIN_AFTER, CHECK_LOOKED_AT_EVERY};
use crate::{Exchange, Failure, local_time};

/// When stored data are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckSettings {
    /// Local time of the daily check.
    pub daily_at: Time,
    /// The first check of a process begins so long after its start.
    pub after_start: Duration,
}

impl Exchange {
    /// Checks the stored data, raises the alarm or clears it. Returns the number of problems.
    ///
    /// # Errors When the store is unavailable, so there is no result.
    pub async fn check_books(&self) -> Result<usize, Failure> {
        let health = &self.inner.health;
        let begun = self.now();
        let report = match self.inner.store.check_behind().await {
            Ok(report) => report,
            Err(StoreError::Corrupt(text)) => {
                tracing::error!(text, "stored data cannot be checked");
                health.raise(Alarm::IntegrityBroken, format_args!("the check of {begun:.0} cannot read everything"));
                health.set_checked_at(begun);
                return Ok(1);
            }
            Err(error) => return Err(error.into()),
        };
        let problems = report.problems.len();
        let reason = format_args!("the check of {begun:.0} found {problems}; `tdam check` lists them").to_string();
        health.set(Alarm::IntegrityBroken, (problems > 0).then_some(reason));
        health.set_checked_at(begun);
        let seconds = self.now().duration_since(begun).as_secs();
        tracing::info!(problems, audit_lines = report.audit_lines, seconds, "stored data were checked");
        Ok(problems)
    }

    /// Checks the stored data when due, until `stop` becomes true.
    pub async fn check_books_daily(&self, settings: CheckSettings, mut stop: watch::Receiver<bool>) {
        let checking = async {
            tokio::time::sleep(settings.after_start).await;
            loop {
                let last = self.now();
                if let Err(failure) = self.check_books().await {
                    tracing::warn!(code = failure.code.id(), "stored data could not be checked");
                    tokio::time::sleep(CHECK_AGAIN_AFTER).await;
                    continue;
                }
                while !is_due(settings.daily_at, last, self.now()) {
                    tokio::time::sleep(CHECK_LOOKED_AT_EVERY).await;
                }
            }
        };
        tokio::select! {
            () = checking => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

/// Whether the hour has come since the last check began.
fn is_due(daily_at: Time, last: Timestamp, now: Timestamp) -> bool {
    let local = local_time(now);
    let today = local.date().to_datetime(daily_at);
    let hour = if local >= today { Some(local.date()) } else { local.date().yesterday().ok() };
    let hour = hour.and_then(|date| date.to_datetime(daily_at).to_zoned_datetime(TREASURY_TIME_ZONE.clone()).ok());
    hour.is_some_and(|hour| last < hour.timestamp())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_check_is_due_once_a_day_from_its_hour_on() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let three = Time::constant(3, 0, 0, 0);
        // Riga is two hours ahead of UTC in November, and three in summer.
        let cases = [
            ("2026-11-23T10:00:00Z", "2026-11-23T23:00:00Z", false),
            ("2026-11-23T10:00:00Z", "2026-11-24T00:59:59Z", false),
            ("2026-11-23T10:00:00Z", "2026-11-24T01:00:00Z", true),
            ("2026-11-24T01:00:00Z", "2026-11-24T01:00:30Z", false),
            ("2026-11-24T01:00:00Z", "2026-11-24T23:59:59Z", false),
            ("2026-11-24T01:00:00Z", "2026-11-25T01:00:00Z", true),
            ("2026-07-01T00:00:00Z", "2026-07-01T23:59:59Z", false),
            ("2026-07-01T00:00:00Z", "2026-07-02T00:00:00Z", true),
            // The machine slept over some hours; one check is enough.
            ("2026-11-20T10:00:00Z", "2026-11-24T12:00:00Z", true),
            // A clock that was put back.
            ("2026-11-24T10:00:00Z", "2026-11-23T10:00:00Z", false),
        ];
        for (last, now, due) in cases {
            assert_eq!(is_due(three, at(last), at(now)), due, "{last} {now}");
        }
    }
}
