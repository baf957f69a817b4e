//! When the exchange announces that a certificate or a registration ends.
//!
//! Days are those of the Treasury's calendar: on its last day something has 0 days left. A notice is for a number of days
//! ahead, and of several that were missed only the nearest is due: an exchange that stood still for a month tells once.

use jiff::ToSpan;
use jiff::civil::Date;

/// So many days ahead the exchange announces an end, first to last.
pub const NOTICE_DAYS: [u16; 5] = [60, 30, 14, 7, 1];

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// The certificate of an online user.
    Certificate,
    /// The registration of an online user.
    Registration,
    /// The authority of the server's certificate: from the next day on the server may show one of the next authority.
    Authority,
    /// The certificate of a person: of an operator, or of a client.
    PersonCertificate,
}

impl Ending {
    /// All of them.
    pub const ALL: [Ending; 4] =
        [Ending::Certificate, Ending::Registration, Ending::Authority, Ending::PersonCertificate];

    /// As lists and configurations name it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Ending::Certificate => "certificate",
            Ending::Registration => "registration",
            Ending::Authority => "authority",
            Ending::PersonCertificate => "person-certificate",
        }
    }
}

/// Last days for which the same notice is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeBand {
    /// The notice, by its days ahead.
    pub days: u16,
    /// The earliest last day.
    pub first: Date,
    /// The latest.
    pub last: Date,
}

/// Days from a day until the last one on which something holds; negative when it is over.
#[must_use]
pub fn days_left(today: Date, last_day: Date) -> i64 {
    const HOURS_A_DAY: i64 = 24;
    last_day.duration_since(today).as_hours() / HOURS_A_DAY
}

/// The notice that is due with so many days left; `None` when it is too early, or over.
#[must_use]
pub fn notice_due(days_left: i64) -> Option<u16> {
    let not_over = u16::try_from(days_left).ok()?;
    NOTICE_DAYS.into_iter().rev().find(|days| not_over <= *days)
}

/// For each notice the last days for which it is due on a day.
pub fn notice_bands(today: Date) -> impl Iterator<Item = NoticeBand> {
    NOTICE_DAYS.into_iter().enumerate().map(move |(index, days)| {
        let nearer = NOTICE_DAYS.get(index + 1).map_or(0, |nearer| i64::from(*nearer) + 1);
        let on = |days: i64| today.saturating_add(days.days());
        NoticeBand { days, first: on(nearer), last: on(i64::from(days)) }
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn on_each_day_the_nearest_notice_is_due_and_none_before_or_after() {
        let due: Vec<(i64, Option<u16>)> =
            [61, 60, 31, 30, 15, 14, 8, 7, 2, 1, 0, -1].map(|left| (left, notice_due(left))).into();
        let expected = [
            (61, None),
            (60, Some(60)),
            (31, Some(60)),
            (30, Some(30)),
            (15, Some(30)),
            (14, Some(14)),
            (8, Some(14)),
            (7, Some(7)),
            (2, Some(7)),
            (1, Some(1)),
            (0, Some(1)),
            (-1, None),
        ];
        assert_eq!(due, expected);
        assert_eq!(notice_due(i64::MAX), None);
    }

    #[test]
    fn bands_say_the_same_day_by_day() {
        let today = date(2028, 2, 1);
        for left in -3..70_i64 {
            let last_day = today.saturating_add(left.days());
            assert_eq!(days_left(today, last_day), left);
            let bands: Vec<u16> = notice_bands(today)
                .filter(|band| (band.first..=band.last).contains(&last_day))
                .map(|band| band.days)
                .collect();
            assert_eq!(bands, Vec::from_iter(notice_due(left)), "{left} days left");
        }
    }
}
