//! On which day an order is executed, by the day requested, the cut-off of its route and the calendar.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use crate::calendar::shifted;
use crate::{Guideline, Route};

/// The day on which an order is executed: the requested one, but not before the day on which it counts as received
/// (guideline: after the cut-off, or on a day off, on the next business day), and never on a day off.
///
/// `business_day` is the Treasury's open day; `received_at` the local time of receipt (Europe/Riga). What arrives when
/// the calendar already shows a later day counts as received after that business day's cut-off.
#[must_use]
pub fn effective_date(
    guideline: &Guideline,
    route: Route,
    requested: Date,
    business_day: Date,
    received_at: DateTime,
) -> Date {
    let calendar = guideline.calendar(route);
    let in_time = received_at <= business_day.to_datetime(guideline.cut_offs.of(route));
    let earliest = if in_time { business_day } else { shifted(business_day, 1.day()) };
    calendar.business_day_from(requested.max(earliest))
}
