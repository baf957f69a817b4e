//! The state of the clock for an operator, and its confirmation. Also the mark of a sandbox, whose time may be
//! simulated.

use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::catalogue::Code;
use store::{AuditLine, ClockRecord};

use super::acts::Operator;
use crate::clock::local::local_time;
use crate::{ClockDoubt, Failure};

/// The state of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockState {
    /// The machine's clock.
    pub shown: Timestamp,
    /// The store's record.
    pub record: ClockRecord,
    /// Why the clock is not believed, if so.
    pub doubt: Option<ClockDoubt>,
}

impl Operator {
    /// The state of the clock.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn clock(&self) -> Result<ClockState, Failure> {
        let watch = self.exchange.inner.clock_watch.clone();
        let read = self.exchange.inner.store.read(move |reading| {
            let clocks = watch.look(reading)?;
            Ok::<_, Failure>(ClockState { shown: clocks.shown, record: clocks.record, doubt: clocks.verdict.doubt })
        });
        read.await
    }

    /// Confirms the clock. The operator names today's date; the exchange refuses if the clock shows another.
    ///
    /// # Errors When the clock of the business day shows another day, or that clock is the database's and this
    /// machine's differs from it.
    pub async fn confirm_clock(&self, today: Date) -> Result<(), Failure> {
        let watch = self.exchange.inner.clock_watch.clone();
        let line = self.line("clock.confirmed", "");
        self.write(move |writing| {
            let clocks = watch.look(writing)?;
            let shown = local_time(clocks.reference);
            if shown.date() != today {
                let failure = Failure::new(Code::RequestParameterInvalid).with_detail(today.to_string());
                return Err(failure.with_expected(shown.date().to_string()));
            }
            if let Some(doubt @ ClockDoubt::Differs { .. }) = clocks.verdict.doubt {
                return Err(Failure::new(Code::ClockInDoubt).with_detail(doubt.to_string()));
            }
            writing.confirm_clock(clocks.reference)?;
            let doubt = clocks.verdict.doubt.map_or_else(|| "nothing".to_owned(), |doubt| doubt.to_string());
            let detail = format!("{} in spite of: {doubt}", clocks.reference);
            Ok(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
        })
        .await
    }

    /// Notes whether this is a sandbox, where that is not known yet: when a world is made, and when one that is older than
    /// that note is served. Returns whether it is one.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn note_sandbox(&self, is_sandbox: bool) -> Result<bool, Failure> {
        self.write(move |writing| match writing.clock()?.is_sandbox {
            Some(known) => Ok(known),
            None => Ok(writing.set_sandbox(is_sandbox).map(|()| is_sandbox)?),
        })
        .await
    }

    /// An operator says that an exchange is a sandbox that was made before that was noted. Returns whether it is one.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn vouch_for_sandbox(&self) -> Result<bool, Failure> {
        let line = self.line("sandbox.confirmed", "");
        self.write(move |writing| {
            if let Some(known) = writing.clock()?.is_sandbox {
                return Ok(known);
            }
            writing.set_sandbox(true)?;
            writing.append_audit(&line)?;
            Ok(true)
        })
        .await
    }
}
