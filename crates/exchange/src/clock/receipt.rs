//! The time of receipt, which cut-offs are held against.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::local::local_time;
use crate::Settings;

/// The local time that counts as the time of receipt, which cut-offs are held against.
///
/// A sandbox that has set its time stands still at that time of its business day.
#[must_use]
pub fn local_time_of_receipt(settings: &Settings, now: Timestamp, business_day: Date) -> DateTime {
    match settings.business_time {
        Some(time) => business_day.to_datetime(time),
        None => local_time(now),
    }
}
