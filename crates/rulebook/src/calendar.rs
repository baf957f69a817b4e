//! Business days and cut-offs.
//!
//! The Treasury works on Latvian working days; a SEPA payment also needs a day on which TARGET is open. The calendar
//! computes all holidays; only those that the Saeima declares for a single year are in a data file.

use iso20022::pain001::PaymentInformation;
use jiff::civil::{Date, Time, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use crate::Route;
use crate::bounds::HOLIDAYS_IN_A_ROW_MAX;
use crate::data::{Rows, number};

/// A calendar of business days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Working days in Latvia: the days on which the Treasury works.
    Latvia,
    /// Days on which TARGET settles (European Central Bank).
    Target,
    /// Days that are business days in both.
    LatviaAndTarget,
}

/// Until when an order counts as received on the same day (Europe/Riga).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOffs {
    /// For internal payments.
    pub internal: Time,
    /// For SEPA payments.
    pub sepa: Time,
}

impl CutOffs {
    /// The cut-off of a route. An order received at that very minute is still in time.
    #[must_use]
    pub const fn of(&self, route: Route) -> Time {
        match route {
            Route::Internal => self.internal,
            Route::Sepa => self.sepa,
        }
    }
}

impl Calendar {
    /// Whether the day is a business day.
    #[must_use]
    pub fn is_business_day(self, day: Date) -> bool {
        if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            return false;
        }
        match self {
            Calendar::Latvia => !is_latvian_holiday(day),
            Calendar::Target => !is_target_holiday(day),
            Calendar::LatviaAndTarget => !is_latvian_holiday(day) && !is_target_holiday(day),
        }
    }

    /// The day itself if it is a business day, else the next one.
    #[must_use]
    pub fn business_day_from(self, day: Date) -> Date {
        let mut candidate = day;
        for _ in 0..HOLIDAYS_IN_A_ROW_MAX {
            if self.is_business_day(candidate) {
                return candidate;
            }
            candidate = shifted(candidate, 1.day());
        }
        // Only at the end of jiff's calendar (the year 9999), where no day follows.
        candidate
    }

    /// The first business day after the day.
    #[must_use]
    pub fn next_business_day(self, day: Date) -> Date {
        self.business_day_from(shifted(day, 1.day()))
    }

    /// The last business day before the day.
    #[must_use]
    pub fn previous_business_day(self, day: Date) -> Date {
        let mut candidate = shifted(day, -1.day());
        for _ in 0..HOLIDAYS_IN_A_ROW_MAX {
            if self.is_business_day(candidate) {
                return candidate;
            }
            candidate = shifted(candidate, -1.day());
        }
        candidate
    }

    /// The business day that is `days` business days after the day. With 0, [`Calendar::business_day_from`] it.
    #[must_use]
    pub fn add_business_days(self, day: Date, days: u32) -> Date {
        (0..days).fold(self.business_day_from(day), |reached, _| self.next_business_day(reached))
    }
}

/// The time zone of the Treasury, in which its days begin and its cut-offs are meant. The compiler puts the zone's rules into
/// the program, so no machine can lack them.
pub static TREASURY_TIME_ZONE: TimeZone = jiff::tz::get!("Europe/Riga");

/// The day on which a block's payments are requested. A date and time with an offset is a moment, and its day is that of
/// Latvia; one without is local time already.
#[must_use]
pub fn requested_day(block: &PaymentInformation<'_>) -> Option<Date> {
    let Some(stated) = block.requested_execution_date_time else { return block.requested_execution_date };
    let here = |moment: Timestamp| moment.to_zoned_datetime(TREASURY_TIME_ZONE.clone()).date();
    Some(stated.timestamp().map_or(stated.local.date(), here))
}

/// The day some days away; at the ends of jiff's calendar the day itself.
pub(crate) fn shifted(day: Date, by: Span) -> Date {
    day.checked_add(by).unwrap_or(day)
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876, without tables or exceptions).
#[must_use]
pub fn easter_sunday(year: i16) -> Date {
    let y = i32::from(year);
    let (golden, century, year_of_century) = (y % 19, y / 100, y % 100);
    let correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - correction + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (year_of_century / 4) - epact - year_of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    // 3 or 4, and 1 to 31.
    date(year, (days / 31) as i8, (days % 31 + 1) as i8)
}

/// Days on which TARGET is closed, apart from weekends (European Central Bank, since 2002).
fn is_target_holiday(day: Date) -> bool {
    matches!((day.month(), day.day()), (1, 1) | (5, 1) | (12, 25 | 26)) || is_easter_day(day)
}

/// Whether the day is Good Friday or Easter Monday.
fn is_easter_day(day: Date) -> bool {
    if !matches!(day.month(), 3..=5) {
        return false;
    }
    let easter = easter_sunday(day.year());
    day == shifted(easter, -2.days()) || day == shifted(easter, 1.day())
}

/// Holidays that fall on a weekday (law "Par svētku, atceres un atzīmējamām dienām"). Those that are always Sundays
/// need no mention. When 4 May or 18 November falls on a weekend, the next working day is off.
fn is_latvian_holiday(day: Date) -> bool {
    let fixed =
        matches!((day.month(), day.day()), (1, 1) | (5, 1 | 4) | (6, 23 | 24) | (11, 18) | (12, 24 | 25 | 26 | 31));
    let moved = day.weekday() == Weekday::Monday && matches!((day.month(), day.day()), (5, 5 | 6) | (11, 19 | 20));
    fixed || moved || is_easter_day(day) || SINGLE_HOLIDAYS.contains(&Some(day))
}

/// How many single holidays the data file may hold.
const SINGLE_HOLIDAYS_MAX: usize = 32;

static SINGLE_HOLIDAYS: [Option<Date>; SINGLE_HOLIDAYS_MAX] = load(include_str!("../data/latvia-single-holidays.tsv"));

const fn load(text: &'static str) -> [Option<Date>; SINGLE_HOLIDAYS_MAX] {
    let mut days = [None; SINGLE_HOLIDAYS_MAX];
    let mut rows = Rows::of(text);
    let mut count = 0;
    while let Some(row) = rows.next() {
        let (year, month, day) = (number(row.field(0)), number(row.field(1)), number(row.field(2)));
        days[count] = Some(date(year as i16, month as i8, day as i8));
        count += 1;
    }
    days
}
