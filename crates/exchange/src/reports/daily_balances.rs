//! Balances of each day in a report of several days, for accounting systems that take in one day after another.
//!
//! Each working day of the period has its opening and its closing balance, with or without entries, and so has any
//! other day with entries. The opening balance of the first day and the last balance stay what they are in every
//! report.

use jiff::ToSpan;
use jiff::civil::Date;
use rulebook::Calendar;
use store::{AccountDay, Reading, Report};

use super::cursor::Cursor;
use crate::Failure;

/// Where a day ends and the next one begins, with the balance that closes the one and opens the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DayEnd {
    pub(crate) date: Date,
    pub(crate) next: Date,
    pub(crate) balance: i64,
}

impl DayEnd {
    /// Whether it belongs on the page between two places: where the first entry stands of the next day or a later one, or,
    /// when there is none, on the last page.
    pub(crate) fn is_between(&self, begin: Cursor, end: Cursor, is_last: bool) -> bool {
        let comes_before = |place: Cursor| place.after.is_some_and(|(date, _)| date >= self.next);
        !comes_before(begin) && (is_last || comes_before(end))
    }
}

/// The ends of days within a report, in order; none when its client does not want them.
pub(super) fn ends_of_days(
    reading: &mut dyn Reading,
    report: &Report,
    working_days: Calendar,
) -> Result<Vec<DayEnd>, Failure> {
    if !report.daily_balances {
        return Ok(Vec::new());
    }
    let booked = reading.account_days(report.account, report.from, report.to)?;
    let mut booked = booked.iter().peekable();
    let (mut ends, mut balance) = (Vec::new(), report.opening);
    let mut open: Option<Date> = None;
    for date in report.from.series(1.day()).take_while(|date| *date <= report.to) {
        let of_day = booked.next_if(|day| day.date == date);
        let is_told =
            date == report.from || date == report.to || of_day.is_some() || working_days.is_business_day(date);
        if !is_told {
            continue;
        }
        if let Some(before) = open.replace(date) {
            ends.push(DayEnd { date: before, next: date, balance });
        }
        balance = after(balance, of_day)?;
    }
    Ok(ends)
}

fn after(balance: i64, day: Option<&AccountDay>) -> Result<i64, Failure> {
    let Some(day) = day else { return Ok(balance) };
    let sum = balance.checked_add(day.credit).and_then(|sum| sum.checked_sub(day.debit));
    sum.ok_or_else(|| Failure::unexpected("the balance of a day is more than can be counted"))
}
