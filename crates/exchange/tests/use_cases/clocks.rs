//! The business day moves by a clock that can be believed, or not at all.

use exchange::{Alarm, Clock as _, ClockDoubt, Failure, Settings, local_time};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, ToSpan};
use rulebook::{Code, Route};

use super::support::*;

const DAY: SignedDuration = SignedDuration::from_hours(24);
const TUESDAY: Date = date(2026, 11, 24);

async fn in_a_folder() -> TestExchange {
    TestExchange::in_production(Place::folder(), SetClock::showing(MORNING.parse().unwrap())).await
}

async fn follow(treasury: &TestExchange) -> Result<Option<Date>, Failure> {
    treasury.exchange.operator().follow_the_calendar().await
}

async fn business_day(treasury: &TestExchange) -> Date {
    treasury.exchange.operator().business_day().await.unwrap()
}

async fn doubt(treasury: &TestExchange) -> Option<ClockDoubt> {
    treasury.exchange.look_at_the_clock().await.unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Failure>) -> Code {
    result.unwrap_err().code
}

/// The details of audit lines of an action.
async fn audited(treasury: &TestExchange, action: &str) -> Vec<String> {
    let lines = treasury.store.read(|reading| reading.audit(1, u32::MAX)).await.unwrap();
    lines.into_iter().filter(|line| line.line.action == action).map(|line| line.line.detail).collect()
}

#[tokio::test]
async fn a_clock_that_jumps_moves_no_business_day_until_it_is_back() {
    for jump in [DAY * 395, DAY * 2, DAY * -2] {
        let treasury = in_a_folder().await;
        let operator = treasury.exchange.operator();
        assert_eq!(doubt(&treasury).await, None);
        treasury.clock.advance(DAY);
        treasury.clock.jump(jump);
        assert_eq!(doubt(&treasury).await, Some(ClockDoubt::Jumped { by: jump }));
        let health = treasury.exchange.health();
        assert!(health.stands(Alarm::ClockWrong));
        if jump.is_positive() {
            assert_eq!(code(follow(&treasury).await), Code::ClockInDoubt);
            assert!(health.stands(Alarm::DayChangeStopped));
        }
        assert_eq!(code(operator.set_business_day(TUESDAY).await), Code::ClockInDoubt);
        assert_eq!(code(operator.set_confirmed_business_day(TUESDAY).await), Code::ClockInDoubt);
        assert_eq!(code(operator.advance_business_day().await), Code::ClockInDoubt);
        assert_eq!(business_day(&treasury).await, TODAY);

        // A restart makes nothing right, and neither does a command beside the server.
        let treasury = treasury.restart();
        assert_eq!(doubt(&treasury).await, Some(ClockDoubt::Jumped { by: jump }));
        let beside = treasury.another_node();
        assert_eq!(code(beside.exchange.operator().set_business_day(TUESDAY).await), Code::ClockInDoubt);

        treasury.clock.jump(-jump);
        assert_eq!(doubt(&treasury).await, None);
        assert_eq!(follow(&treasury).await.unwrap(), Some(TUESDAY));
        assert!(!treasury.exchange.health().stands(Alarm::ClockWrong));
        assert_eq!(audited(&treasury, "business-day.set").await, ["2026-11-24 after 2026-11-23"]);
        treasury.check_invariants().await;
    }
}

#[tokio::test]
async fn a_clock_that_was_wrong_at_the_start_moves_nothing() {
    let treasury = in_a_folder().await;
    assert_eq!(doubt(&treasury).await, None);
    let ahead = SetClock::showing(treasury.clock.now() + DAY * 395);
    let treasury = treasury.node_with(ahead, Settings::default());
    assert_eq!(doubt(&treasury).await, Some(ClockDoubt::Absent { by: DAY * 395 }));
    assert_eq!(code(follow(&treasury).await), Code::ClockInDoubt);
    assert_eq!(business_day(&treasury).await, TODAY);
    let behind = SetClock::showing(MORNING.parse::<Timestamp>().unwrap() - DAY);
    let treasury = treasury.node_with(behind, Settings::default());
    assert_eq!(doubt(&treasury).await, Some(ClockDoubt::Behind { by: DAY }));
    let right = SetClock::showing(MORNING.parse::<Timestamp>().unwrap() + DAY);
    let treasury = treasury.node_with(right, Settings::default());
    assert_eq!(doubt(&treasury).await, None);
    assert_eq!(follow(&treasury).await.unwrap(), Some(TUESDAY));
}

#[tokio::test]
async fn an_operator_vouches_for_a_clock_by_saying_what_day_it_is() {
    let treasury = in_a_folder().await;
    let operator = treasury.exchange.operator();
    assert_eq!(doubt(&treasury).await, None);
    // The machine slept: its clock is right, and looks as if it had jumped.
    treasury.clock.jump(DAY);
    assert_eq!(doubt(&treasury).await, Some(ClockDoubt::Jumped { by: DAY }));
    let refused = operator.confirm_clock(TODAY).await.unwrap_err();
    assert_eq!((refused.code, refused.expected.as_str()), (Code::RequestParameterInvalid, "2026-11-24"));
    assert_eq!(code(follow(&treasury).await), Code::ClockInDoubt);
    treasury.another_node().exchange.operator().confirm_clock(TUESDAY).await.unwrap();
    assert_eq!(doubt(&treasury).await, None);
    assert_eq!(follow(&treasury).await.unwrap(), Some(TUESDAY));
    assert_eq!(audited(&treasury, "clock.confirmed").await.len(), 1);

    // It stood still for weeks. The operator confirms the clock; so long a step is still the operator's.
    treasury.clock.advance(DAY * 30);
    assert!(matches!(doubt(&treasury).await, Some(ClockDoubt::Absent { .. })));
    operator.confirm_clock(date(2026, 12, 24)).await.unwrap();
    assert_eq!(doubt(&treasury).await, None);
    assert_eq!(code(follow(&treasury).await), Code::BusinessDayTooFar);
    assert!(treasury.exchange.health().stands(Alarm::DayChangeStopped));
    operator.set_business_day(date(2026, 12, 28)).await.unwrap();
    assert_eq!(follow(&treasury).await.unwrap(), None);
    assert!(!treasury.exchange.health().stands(Alarm::DayChangeStopped));
}

#[tokio::test]
async fn a_far_day_is_said_twice_and_a_day_without_a_calendar_never_opened() {
    let treasury = in_a_folder().await;
    let operator = treasury.exchange.operator();
    let refused = operator.set_business_day(date(2026, 12, 4)).await.unwrap_err();
    assert_eq!((refused.code, refused.expected.as_str()), (Code::BusinessDayTooFar, "2026-12-03"));
    for day in [date(9999, 12, 31), date(2027, 11, 25)] {
        operator.set_business_day(day).await.unwrap_err();
        operator.set_confirmed_business_day(day).await.unwrap_err();
    }
    assert_eq!(business_day(&treasury).await, TODAY);
    operator.set_business_day(date(2026, 12, 3)).await.unwrap();
    operator.set_confirmed_business_day(date(2027, 1, 4)).await.unwrap();
    let steps = ["2026-12-03 after 2026-11-23", "2027-01-04 after 2026-12-03, confirmed"];
    assert_eq!(audited(&treasury, "business-day.set").await, steps);
    assert_eq!(follow(&treasury).await.unwrap(), None, "never back");
}

#[tokio::test]
async fn a_sandbox_has_whatever_time_it_likes() {
    let treasury = TestExchange::new().await;
    treasury.clock.jump(DAY * 395);
    assert_eq!(doubt(&treasury).await, None);
    treasury.exchange.operator().set_business_day(date(2031, 1, 2)).await.unwrap();
    assert_eq!(business_day(&treasury).await, date(2031, 1, 2));
    treasury.exchange.operator().set_business_day(date(9999, 12, 31)).await.unwrap_err();
    assert!(treasury.exchange.operator().note_sandbox(false).await.unwrap(), "it stays one");
}

#[tokio::test]
async fn of_nodes_whose_clocks_differ_the_database_decides() {
    let Some(place) = Place::database() else { return };
    let one = TestExchange::in_production(place, SetClock::running(Timestamp::now())).await;
    let calendar = Settings::default().guideline.calendar(Route::Internal);
    let today = calendar.business_day_from(local_time(Timestamp::now()).date());
    one.exchange.operator().set_business_day(today).await.unwrap();
    assert_eq!(doubt(&one).await, None);

    for ahead in [DAY * 2, DAY * -2] {
        let other = one.node_with(SetClock::running(Timestamp::now() + ahead), Settings::default());
        let Some(ClockDoubt::Differs { by }) = doubt(&other).await else { panic!("believed") };
        assert!((by - ahead).abs() < SignedDuration::from_mins(30), "{by}");
        assert!(other.exchange.health().stands(Alarm::ClockWrong));
        let operator = other.exchange.operator();
        // By the database's clock nothing is due, whatever time this one shows.
        assert_eq!(operator.follow_the_calendar().await.unwrap(), None);
        let tomorrow = today.checked_add(1.day()).unwrap();
        assert_eq!(code(operator.set_business_day(tomorrow).await), Code::ClockInDoubt);
        assert_eq!(code(operator.confirm_clock(local_time(Timestamp::now()).date()).await), Code::ClockInDoubt);
    }
    assert_eq!(business_day(&one).await, today);
    one.exchange.operator().set_business_day(today.checked_add(1.day()).unwrap()).await.unwrap();
}
