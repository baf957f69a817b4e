//! Business days of Latvia and of TARGET, cut-offs, and the day on which an order is executed.
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use proptest::prelude::*;
use rulebook::calendar::{Calendar, easter_sunday};
use rulebook::execution_date::effective_date;
use rulebook::{Guideline, Route};

#[test]
fn easter() {
    // Astronomical tables of the churches; the earliest and latest dates possible among them.
    for (year, month, day) in [
        (1818, 3, 22),
        (1943, 4, 25),
        (2000, 4, 23),
        (2008, 3, 23),
        (2011, 4, 24),
        (2016, 3, 27),
        (2018, 4, 1),
        (2019, 4, 21),
        (2020, 4, 12),
        (2021, 4, 4),
        (2022, 4, 17),
        (2023, 4, 9),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2028, 4, 16),
        (2029, 4, 1),
        (2030, 4, 21),
        (2038, 4, 25),
        (2285, 3, 22),
    ] {
        assert_eq!(easter_sunday(year), date(year, month, day));
    }
}

#[test]
fn days_off_in_latvia_in_2026() {
    let calendar = Calendar::Latvia;
    let days_off: Vec<String> = date(2026, 1, 1)
        .series(1.day())
        .take_while(|day| day.year() == 2026)
        .filter(|day| !calendar.is_business_day(*day) && (1..=5).contains(&day.weekday().to_monday_one_offset()))
        .map(|day| day.to_string())
        .collect();
    assert_eq!(
        days_off,
        [
            "2026-01-01",
            "2026-04-03",
            "2026-04-06",
            "2026-05-01",
            "2026-05-04",
            "2026-06-23",
            "2026-06-24",
            "2026-11-18",
            "2026-12-24",
            "2026-12-25",
            "2026-12-31",
        ]
    );
}

#[test]
fn days_off_moved_to_monday() {
    for (day, off) in [
        (date(2024, 5, 6), true),   // 4 May 2024 was a Saturday
        (date(2025, 5, 5), true),   // 4 May 2025 was a Sunday
        (date(2026, 5, 5), false),  // 4 May 2026 is a Monday
        (date(2027, 5, 4), true),   // a Tuesday itself
        (date(2023, 11, 20), true), // 18 November 2023 was a Saturday
        (date(2018, 11, 19), true), // 18 November 2018 was a Sunday
        (date(2024, 11, 18), true), // a Monday itself
        (date(2024, 11, 19), false),
        (date(2023, 7, 10), true), // after the Song and Dance Festival
        (date(2023, 5, 29), true), // after the ice hockey bronze
        (date(2024, 7, 8), false),
    ] {
        assert_eq!(!Calendar::Latvia.is_business_day(day), off, "{day}");
    }
}

#[test]
fn days_on_which_target_is_closed_in_2026() {
    let closed = [(1, 1), (4, 3), (4, 6), (5, 1), (12, 25)];
    let mut day = date(2026, 1, 1);
    while day.year() == 2026 {
        let weekend = day.weekday().to_monday_one_offset() > 5;
        let expected = !weekend && !closed.contains(&(day.month(), day.day()));
        assert_eq!(Calendar::Target.is_business_day(day), expected, "{day}");
        day = day.tomorrow().unwrap();
    }
}

#[test]
fn business_days_are_counted_over_weekends_and_holidays() {
    let latvia = Calendar::Latvia;
    assert_eq!(latvia.next_business_day(date(2026, 11, 20)), date(2026, 11, 23));
    assert_eq!(latvia.next_business_day(date(2026, 11, 17)), date(2026, 11, 19));
    assert_eq!(latvia.previous_business_day(date(2026, 11, 23)), date(2026, 11, 20));
    assert_eq!(latvia.previous_business_day(date(2026, 4, 7)), date(2026, 4, 2));
    assert_eq!(latvia.business_day_from(date(2026, 12, 24)), date(2026, 12, 28));
    assert_eq!(latvia.add_business_days(date(2026, 12, 23), 1), date(2026, 12, 28));
    assert_eq!(latvia.add_business_days(date(2026, 12, 23), 4), date(2027, 1, 4));
    assert_eq!(latvia.add_business_days(date(2026, 11, 22), 0), date(2026, 11, 23));
    // 24 December: TARGET is open, Latvia is not.
    assert_eq!(Calendar::Target.next_business_day(date(2026, 12, 23)), date(2026, 12, 24));
    assert_eq!(Calendar::LatviaAndTarget.next_business_day(date(2026, 12, 23)), date(2026, 12, 28));
}

const MONDAY: Date = date(2026, 11, 23);

fn executed(route: Route, requested: Date, hour: i8, minute: i8) -> Date {
    effective_date(&Guideline::latvia(), route, requested, MONDAY, MONDAY.at(hour, minute, 0, 0))
}

#[test]
fn cut_offs() {
    use Route::{Internal, Sepa};
    for (route, hour, minute, day) in [
        (Internal, 8, 0, 23),
        (Internal, 17, 59, 23),
        (Internal, 18, 0, 23),
        (Internal, 18, 1, 24),
        (Sepa, 15, 30, 23),
        (Sepa, 15, 31, 24),
        (Sepa, 23, 59, 24),
    ] {
        assert_eq!(executed(route, MONDAY, hour, minute), date(2026, 11, day), "{route:?} at {hour}:{minute:02}");
    }
}

#[test]
fn the_requested_date_is_kept_unless_it_is_past_or_a_day_off() {
    assert_eq!(executed(Route::Sepa, date(2026, 11, 20), 9, 0), MONDAY);
    assert_eq!(executed(Route::Sepa, date(2026, 11, 27), 20, 0), date(2026, 11, 27));
    assert_eq!(executed(Route::Sepa, date(2026, 11, 28), 9, 0), date(2026, 11, 30));
    assert_eq!(executed(Route::Internal, date(2026, 12, 24), 9, 0), date(2026, 12, 28));
    // 1 May and Good Friday: closed everywhere; 31 December: only in Latvia.
    assert_eq!(executed(Route::Sepa, date(2026, 12, 31), 9, 0), date(2027, 1, 4));
}

#[test]
fn what_arrives_while_the_business_day_is_over_counts_as_received_on_the_next() {
    let guideline = Guideline::latvia();
    let friday = date(2026, 11, 20);
    let saturday_morning = date(2026, 11, 21).at(9, 0, 0, 0);
    let day = effective_date(&guideline, Route::Internal, friday, friday, saturday_morning);
    assert_eq!(day, MONDAY);
    // A sandbox whose business day lies ahead of the clock: nothing is late there.
    let ahead = date(2027, 3, 1);
    assert_eq!(effective_date(&guideline, Route::Sepa, ahead, ahead, saturday_morning), ahead);
}

proptest! {
    #[test]
    fn an_order_is_executed_on_a_business_day_not_before_it_is_due(
        ahead in 0_i64..400, after in -10_i64..400, minute in 0_i64..2880, sepa: bool,
    ) {
        let guideline = Guideline::latvia();
        let route = if sepa { Route::Sepa } else { Route::Internal };
        let days = |days: i64| Span::new().days(days);
        let business_day = Calendar::Latvia.business_day_from(date(2026, 1, 1).checked_add(days(ahead)).unwrap());
        let requested = business_day.checked_add(days(after)).unwrap();
        let received_at = business_day.at(0, 0, 0, 0).checked_add(Span::new().minutes(minute)).unwrap();
        let day = effective_date(&guideline, route, requested, business_day, received_at);
        prop_assert!(guideline.calendar(route).is_business_day(day));
        prop_assert!(day >= requested && day >= business_day);
        let late = received_at.time() > guideline.cut_offs.of(route) || received_at.date() > business_day;
        prop_assert!(!late || day > business_day);
        // Nothing is put off for longer than the longest row of days off.
        prop_assert!(day <= requested.max(business_day).checked_add(days(7)).unwrap());
    }
}
