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
    let in_time = is_in_time(guideline, route, business_day, received_at);
    let earliest = if in_time { business_day } else { shifted(business_day, 1.day()) };
    calendar.business_day_from(requested.max(earliest))
}

/// Whether it makes no difference to any order which of two times is the time of receipt: no cut-off of the business day
/// lies between them.
#[must_use]
pub fn is_same_receipt(guideline: &Guideline, business_day: Date, one: DateTime, other: DateTime) -> bool {
    Route::ALL.into_iter().all(|route| {
        let is_in_time = |received_at| is_in_time(guideline, route, business_day, received_at);
        is_in_time(one) == is_in_time(other)
    })
}

fn is_in_time(guideline: &Guideline, route: Route, business_day: Date, received_at: DateTime) -> bool {
    received_at <= business_day.to_datetime(guideline.cut_offs.of(route))
}
