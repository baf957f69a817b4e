//! Moves the business day: by the calendar or by an operator, never back, and never by a clock that is in doubt.
//!
//! The transaction that takes a step checks its conditions, so that no node, loop or command can bypass this file. An
//! opened day stays open: the exchange executes everything due until then, and books nothing before it.

use jiff::ToSpan;
use jiff::civil::Date;
use payments::open_business_day;
use rulebook::catalogue::Code;
use store::{AuditLine, Writing};

use super::acts::Operator;
use crate::Failure;
use crate::clock::local::local_time;
use crate::clock::watch::Clocks;
use crate::health::Alarm;

/// Who moves the business day by the calendar, in audit lines.
const CALENDAR: &str = "calendar";

/// The calendar moves the business day by at most so many days: the longest holidays, and an exchange that stood still
/// for as long as its clock is believed. Beyond that an operator does.
pub const AUTOMATIC_DAYS_MAX: i32 = 14;

/// An operator's day may lie so many days ahead of the clock. Beyond that it has to be confirmed.
pub const DAYS_AHEAD_MAX: i32 = 10;

/// A confirmed one may lie so many days ahead: for how long holidays are declared.
pub const CONFIRMED_DAYS_AHEAD_MAX: i32 = 366;

/// The last day that a sandbox opens.
const LAST_DAY: Date = Date::constant(2099, 12, 31);

/// Who moves the business day, and how far that may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mover {
    Operator,
    /// An operator who has typed the day twice.
    SureOperator,
}

impl Operator {
    /// Moves the business day. It never goes back.
    ///
    /// # Errors
    /// When the day lies before the business day, or further ahead of the clock than needs no confirmation, or the clock is
    /// in doubt.
    pub async fn set_business_day(&self, day: Date) -> Result<(), Failure> {
        self.move_business_day(Mover::Operator, move |_| day).await.map(drop)
    }

    /// The same for a day that was confirmed by saying it again.
    ///
    /// # Errors
    /// When the day lies before the business day or beyond the calendar, or the clock is in doubt.
    pub async fn set_confirmed_business_day(&self, day: Date) -> Result<(), Failure> {
        self.move_business_day(Mover::SureOperator, move |_| day).await.map(drop)
    }

    /// Moves the business day to the next one of the calendar.
    ///
    /// # Errors
    /// As [`Operator::set_business_day`].
    pub async fn advance_business_day(&self) -> Result<Date, Failure> {
        let calendar = self.exchange.inner.settings.guideline.working_days;
        self.move_business_day(Mover::Operator, move |current| calendar.next_business_day(current)).await
    }

    /// Opens the business day that it is by the calendar, if that is a later one. Returns it when it was opened now.
    ///
    /// # Errors
    /// When the clock is in doubt, or the calendar has gone on for so long that an operator must look at it. Then the alarm
    /// stands until one of them has.
    pub async fn follow_the_calendar(&self) -> Result<Option<Date>, Failure> {
        let watch = self.exchange.inner.clock_watch.clone();
        let exchange = self.exchange.clone();
        let by_calendar = move |day: Date| exchange.inner.settings.guideline.business_day_on(day);
        let line = self.exchange.audit_line(CALENDAR, "business-day.set", "");
        let due = self.exchange.inner.store.read({
            let (watch, by_calendar) = (watch.clone(), by_calendar.clone());
            move |reading| {
                let clocks = watch.look(reading)?;
                Ok::<_, Failure>(reading.business_day()? < by_calendar(today(&clocks)))
            }
        });
        let moved = match due.await {
            Ok(false) => Ok(None),
            Ok(true) => {
                let follow = self.write(move |writing| {
                    let clocks = watch.look(writing)?;
                    let current = writing.business_day()?;
                    let day = by_calendar(today(&clocks));
                    if day <= current {
                        return Ok(None);
                    }
                    refuse_in_doubt(&clocks)?;
                    refuse_beyond(day, current, AUTOMATIC_DAYS_MAX)?;
                    open(writing, current, day, &line, "")?;
                    Ok(Some(day))
                });
                follow.await
            }
            Err(failure) => Err(failure),
        };
        let health = &self.exchange.inner.health;
        match &moved {
            Ok(_) => health.clear(Alarm::DayChangeStopped),
            Err(failure) if failure.is_temporary() => {}
            Err(failure) => health.raise(Alarm::DayChangeStopped, why_not(failure)),
        }
        moved
    }

    async fn move_business_day(
        &self,
        mover: Mover,
        choose: impl Fn(Date) -> Date + Send + 'static,
    ) -> Result<Date, Failure> {
        let watch = self.exchange.inner.clock_watch.clone();
        let line = self.line("business-day.set", "");
        self.write(move |writing| {
            let clocks = watch.look(writing)?;
            let current = writing.business_day()?;
            let day = choose(current);
            let earlier = || Failure::new(Code::RequestParameterInvalid).with_detail(day.to_string());
            open_business_day(current, day).map_err(|_| earlier().with_expected(current.to_string()))?;
            if clocks.is_sandbox() {
                refuse_beyond(day, LAST_DAY, 0)?;
            } else if day > current {
                // Staying on the same day needs no clock.
                refuse_in_doubt(&clocks)?;
                let days_max = match mover {
                    Mover::Operator => DAYS_AHEAD_MAX,
                    Mover::SureOperator => CONFIRMED_DAYS_AHEAD_MAX,
                };
                refuse_beyond(day, today(&clocks), days_max)?;
            }
            let how = if mover == Mover::SureOperator { ", confirmed" } else { "" };
            open(writing, current, day, &line, how)?;
            Ok(day)
        })
        .await
    }
}

/// What health says of it.
fn why_not(failure: &Failure) -> String {
    match failure.code {
        Code::BusinessDayTooFar => {
            format!("by the calendar it would be {}, which is after {}", failure.detail, failure.expected)
        }
        _ => failure.detail.clone(),
    }
}

fn today(clocks: &Clocks) -> Date {
    local_time(clocks.reference).date()
}

fn refuse_in_doubt(clocks: &Clocks) -> Result<(), Failure> {
    match clocks.verdict.doubt {
        Some(doubt) => Err(Failure::new(Code::ClockInDoubt).with_detail(doubt.to_string())),
        None => Ok(()),
    }
}

fn refuse_beyond(day: Date, from: Date, days_max: i32) -> Result<(), Failure> {
    let last = from.checked_add(days_max.days()).unwrap_or(LAST_DAY);
    if day <= last {
        return Ok(());
    }
    Err(Failure::new(Code::BusinessDayTooFar).with_detail(day.to_string()).with_expected(last.to_string()))
}

fn open(writing: &mut dyn Writing, from: Date, to: Date, line: &AuditLine, how: &str) -> Result<(), Failure> {
    writing.set_business_day(to)?;
    // The new day first: a check reads it there.
    let detail = format!("{to} after {from}{how}");
    Ok(writing.append_audit(&AuditLine { detail, ..line.clone() })?)
}
