//! The reports that a client may request.
use iso20022::camt060::{ReportingPeriod, ReportingRequest};
use iso20022::common::Account;
use jiff::civil::{Date, date};
use rulebook::report_request::{objections, period};
use rulebook::{Code, Guideline, Language};

const TODAY: Date = date(2026, 11, 24);

fn codes(request: &ReportingRequest<'_>) -> Vec<Code> {
    objections(request, &Guideline::latvia(), TODAY).into_iter().map(|objection| objection.code).collect()
}

fn request<'a>(iban: &'a str, report: &'a str) -> ReportingRequest<'a> {
    ReportingRequest {
        requested_message_name: report,
        account: Some(Account { iban: Some(iban), ..Account::default() }),
        ..ReportingRequest::default()
    }
}

#[test]
fn the_treasurys_reports_of_the_treasurys_accounts() {
    for report in ["camt.052.001.02", "camt.052.001.08", "camt.054.001.02", "camt.054.001.08"] {
        assert_eq!(codes(&request("LV68TREL1000000001001", report)), []);
    }
    assert_eq!(codes(&request("LV68 TREL 1000 0000 0100 1", "camt.052.001.08")), [], "a printed IBAN is one too");
    for report in ["camt.052.001.06", "pain.002.001.10", "camt.052", ""] {
        assert_eq!(codes(&request("LV68TREL1000000001001", report)), [Code::ReportTypeUnknown], "{report}");
    }
    for iban in ["LV69TREL1000000001001", "LV80BANK0000435195001", "x"] {
        assert_eq!(codes(&request(iban, "camt.052.001.08")), [Code::ReportAccountUnknown], "{iban}");
    }
    assert_eq!(codes(&ReportingRequest::default()), [Code::ReportTypeUnknown, Code::ReportAccountMissing]);
}

#[test]
fn days_of_this_year_and_the_two_before() {
    let day = |text: &str| Some(text.parse::<Date>().unwrap());
    assert_eq!(period(None, None, TODAY), Ok((TODAY, TODAY)));
    assert_eq!(period(day("2024-01-01"), None, TODAY), Ok((date(2024, 1, 1), TODAY)));
    assert_eq!(period(None, day("2026-11-20"), TODAY), Ok((date(2026, 11, 20), date(2026, 11, 20))));
    assert_eq!(
        period(day("2026-11-01"), day("2027-01-31"), TODAY),
        Ok((date(2026, 11, 1), TODAY)),
        "as far as it is known"
    );
    for (from, to, code) in [
        ("2023-12-31", "2026-01-01", Code::ReportPeriodTooOld),
        ("2026-11-25", "2026-11-30", Code::ReportPeriodInFuture),
        ("2026-11-20", "2026-11-19", Code::ReportPeriodInvalid),
    ] {
        let objection = period(day(from), day(to), TODAY).unwrap_err();
        assert_eq!((objection.code, objection.value.as_str()), (code, from));
        for language in [Language::Latvian, Language::English] {
            assert!(objection.text(language).contains(from), "{}", objection.text(language));
        }
    }
}

/// A client would take all entries for the changes that it requested.
#[test]
fn changes_alone_are_not_offered() {
    for (stated, objections) in [
        (None, vec![]),
        (Some("ALLL"), vec![]),
        (Some("CHNG"), vec![Code::ReportOfChangesNotOffered]),
        (Some("MODF"), vec![Code::ReportOfChangesNotOffered]),
    ] {
        let period = Some(ReportingPeriod { query_type: stated, ..ReportingPeriod::default() });
        let request = ReportingRequest { period, ..request("LV68TREL1000000001001", "camt.052.001.08") };
        assert_eq!(codes(&request), objections, "{stated:?}");
    }
}

#[test]
fn a_day_beyond_the_calendar_is_shown_as_it_was_written() {
    for (nearest, written) in [(Date::MAX, "12026-11-30"), (date(1, 1, 1), "-2026-11-30")] {
        let stated =
            ReportingPeriod { from_date: Some(nearest), beyond_years: Some(written), ..ReportingPeriod::default() };
        let request = ReportingRequest { period: Some(stated), ..request("LV68TREL1000000001001", "camt.052.001.08") };
        let values: Vec<String> =
            objections(&request, &Guideline::latvia(), TODAY).into_iter().map(|objection| objection.value).collect();
        assert_eq!(values, [written]);
    }
}
