//! Requested execution dates.
use crate::common::*;
use iso20022::pain001::PaymentInformation;
use jiff::civil::{Date, date};
use rulebook::Code;

fn on(day: Date) -> PaymentInformation<'static> {
    PaymentInformation { requested_execution_date: Some(day), ..block() }
}

#[test]
fn a_date_a_few_days_past_is_executed_now() {
    let outcome = check_block(on(date(2026, 11, 18)));
    assert_eq!(outcome.findings, []);
    assert_eq!(outcome.heads[0].unwrap().requested_execution_date, date(2026, 11, 18));
    assert_eq!(outcome.payments[0].unwrap().execution_date, date(2026, 11, 23));
}

#[test]
fn a_date_on_a_day_off_is_executed_on_the_next_business_day() {
    let outcome = check_block(on(date(2026, 12, 24)));
    assert_eq!(outcome.payments[0].unwrap().execution_date, date(2026, 12, 28));
}

#[test]
fn after_the_cut_off_the_next_business_day() {
    let mut message = Message::of(vec![(block(), vec![sepa(), internal()])]);
    message.context.received_at = date(2026, 11, 23).at(16, 0, 0, 0);
    let outcome = message.check();
    let days: Vec<Date> = outcome.payments.iter().map(|checked| checked.unwrap().execution_date).collect();
    assert_eq!(days, [date(2026, 11, 24), date(2026, 11, 23)]);
}

#[test]
fn dates_out_of_bounds() {
    for (day, code, iso, limit) in [
        (date(2026, 11, 17), Code::ExecutionDateTooFarInPast, "CH04", "2026-11-18"),
        (date(2016, 1, 1), Code::ExecutionDateTooFarInPast, "CH04", "2026-11-18"),
        (date(2027, 11, 25), Code::ExecutionDateTooFarAhead, "CH03", "2027-11-24"),
        (date(9999, 12, 31), Code::ExecutionDateTooFarAhead, "CH03", "2027-11-24"),
    ] {
        let finding = refused_block(on(day));
        assert_eq!((finding.code, finding.entry().iso_reason), (code, Some(iso)));
        assert_eq!(finding.expected.as_str(), limit);
        assert_eq!(finding.value.as_str(), day.to_string());
    }
    assert_eq!(check_block(on(date(2027, 11, 24))).findings, []);
    let none = PaymentInformation { requested_execution_date: None, ..block() };
    assert_eq!(refused_block(none).code, Code::ExecutionDateMissing);
}

/// The finding shows the client's text, not the nearest countable day.
#[test]
fn a_year_beyond_the_calendar_is_shown_as_it_was_written() {
    for (nearest, written, code) in [
        (Date::MAX, "12026-11-30", Code::ExecutionDateTooFarAhead),
        (date(1, 1, 1), "-2026-11-30", Code::ExecutionDateTooFarInPast),
    ] {
        let block = PaymentInformation { execution_date_beyond_years: Some(written), ..on(nearest) };
        let finding = refused_block(block);
        assert_eq!((finding.code, finding.value.as_str()), (code, written));
    }
}
