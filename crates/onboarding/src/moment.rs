//! When a decision is made: the time that is written down, and the day on which it falls.

use jiff::Timestamp;
use jiff::civil::Date;

/// A time with its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The time of the security clock.
    pub at: Timestamp,
    /// Its day in the Treasury's time zone.
    pub today: Date,
}
