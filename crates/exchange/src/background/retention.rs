//! Removes the bodies of answered messages outside the database after their retention.
//!
//! Hash, size, sender, certificate, answer, payments and entries stay. With them the exchange can prove that a client's
//! body is the answered one, and the same bytes again get the same answer. The chore removes a few bodies at a time, in
//! one transaction with their audit lines; their files go after the commit, or at the next start.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};
use rulebook::calendar::TREASURY_TIME_ZONE;
use store::{AuditLine, Reading, RemovableBody};
use tokio::time::Instant;

use super::chore::{Chore, Doing, Round};
use crate::bounds::{BODIES_REMOVED_AT_A_TIME, REMOVE_BODIES_EVERY};
use crate::clock::local::local_time;
use crate::{Exchange, Failure, Operator};

/// Who removes bodies, in audit lines.
const RETENTION: &str = "retention";

/// What retention would remove now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removable {
    /// First day whose bodies stay.
    pub kept_from: Date,
    /// How many bodies.
    pub bodies: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Removes bodies that have been kept long enough.
#[derive(Default)]
pub(super) struct RemoveOldBodies {
    looked: Option<Instant>,
}

impl Chore for RemoveOldBodies {
    fn name(&self) -> &'static str {
        RETENTION
    }

    fn is_counted(&self) -> bool {
        true
    }

    fn is_wanted(&self, _: &Round) -> bool {
        self.looked.is_none_or(|looked| looked.elapsed() >= REMOVE_BODIES_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            let Some(days) = exchange.inner.settings.large_bodies_days else {
                self.looked = Some(Instant::now());
                return Ok(false);
            };
            let removed = exchange.remove_old_bodies(days).await?;
            // After a full step there may be more: at the next tick.
            let is_full = removed == BODIES_REMOVED_AT_A_TIME as usize;
            self.looked = (!is_full).then(Instant::now);
            Ok(false)
        })
    }
}

impl Exchange {
    /// Removes some bodies. Returns how many.
    async fn remove_old_bodies(&self, days: u32) -> Result<usize, Failure> {
        let now = self.now();
        // While a copy is being made it needs them all; afterwards is early enough.
        let Some(_lock) = self.inner.store.may_remove_bodies()? else { return Ok(0) };
        self.inner
            .store
            .write(move |writing| {
                let (_, before) = kept_from(writing, days, now)?;
                let bodies = writing.removable_bodies(before, BODIES_REMOVED_AT_A_TIME)?;
                for RemovableBody { message, hash, size } in &bodies {
                    writing.remove_body(*message, now)?;
                    let detail = format!("message {} sha256 {hash} bytes {size}", message.0);
                    let (actor, action) = (RETENTION.to_owned(), "body.removed".to_owned());
                    writing.append_audit(&AuditLine { at: now, actor, action, detail })?;
                }
                Ok::<_, Failure>(bodies.len())
            })
            .await
    }
}

impl Operator {
    /// What retention would remove now if bodies were kept for so many days.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn removable_bodies(&self, days: u32) -> Result<Removable, Failure> {
        let now = self.exchange().now();
        self.exchange()
            .inner
            .store
            .read(move |reading| {
                let (kept_from, before) = kept_from(reading, days, now)?;
                let (bodies, bytes) = reading.removable_bodies_total(before)?;
                Ok(Removable { kept_from, bodies, bytes })
            })
            .await
    }
}

/// The first day whose bodies stay, and its first moment. Counted from the business day or today, whichever is earlier:
/// neither a clock that runs ahead nor a day that was opened too early removes anything before its time.
fn kept_from<R: Reading + ?Sized>(reading: &mut R, days: u32, now: Timestamp) -> Result<(Date, Timestamp), Failure> {
    let out_of_range = |error: jiff::Error| Failure::unexpected(error);
    let today = reading.business_day()?.min(local_time(now).date());
    let day = today.checked_sub(i64::from(days).days()).map_err(out_of_range)?;
    let first =
        day.to_datetime(Time::midnight()).to_zoned_datetime(TREASURY_TIME_ZONE.clone()).map_err(out_of_range)?;
    Ok((day, first.timestamp()))
}
