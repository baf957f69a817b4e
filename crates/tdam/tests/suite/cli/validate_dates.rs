//! `tdam validate` judges dates from the business day that the exchange would have open: on days off, over the year's
//! end.
//!
//! The rules with a date: how far the requested execution date lies in the past or ahead (TDAM-3401, 3402), what the day of execution
//! decides (addresses, TDAM-3501 and its siblings; countries of SEPA, TDAM-3207), and the days of a report (TDAM-6001 to 6003).

use std::fs;

use serde_json::Value;

use super::{messages, run, tdam};

/// The codes found in a message that is sent on this day, in the morning or at the time after it.
fn codes(xml: &str, sent: &str) -> Vec<String> {
    let (day, time) = sent.split_once(' ').map_or((sent, None), |(day, time)| (day, Some(["--time", time])));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("message.xml");
    fs::write(&path, xml).unwrap();
    let ran = run(tdam(["validate", "--json", "--date", day]).args(time.into_iter().flatten()).arg(&path));
    let value: Value = serde_json::from_str(&ran.out).unwrap();
    let findings = value["files"][0]["findings"].as_array().unwrap();
    assert_eq!(ran.exit, i32::from(!findings.is_empty()), "{}", ran.err);
    findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned()).collect()
}

/// Holds for each case (sent on, date in the message, code if any).
fn hold(of: impl Fn(&str) -> String, cases: &[(&str, &str, Option<&str>)]) {
    for (sent, stated, code) in cases {
        let expected: Vec<String> = code.iter().map(ToString::to_string).collect();
        assert_eq!(codes(&of(stated), sent), expected, "sent on {sent}, states {stated}");
    }
}

/// A message of the test's folder with another requested execution date.
fn requested(day: &str) -> String {
    let good = fs::read_to_string(messages().join("good.xml")).unwrap();
    good.replace("<ReqdExctnDt><Dt>2026-11-24</Dt>", &format!("<ReqdExctnDt><Dt>{day}</Dt>"))
}

#[test]
fn a_report_request_made_on_a_day_off_is_for_the_next_business_day() {
    let folder = tempfile::tempdir().unwrap();
    for (message_type, newer) in [("camt.060.001.03", false), ("camt.060.001.05", true)] {
        let of = |day: &str| {
            let path = folder.path().join("request.xml");
            let ran = run(tdam(["generate", message_type, "--date", day, "-o"]).arg(&path));
            assert_eq!(ran.exit, 0, "{}", ran.err);
            let xml = fs::read_to_string(&path).unwrap();
            assert_eq!(xml.contains("camt.060.001.05"), newer);
            xml
        };
        hold(
            of,
            &[
                // Friday, Saturday, Sunday before Monday the 30th.
                ("2026-11-27", "2026-11-30", Some("TDAM-6003")),
                ("2026-11-28", "2026-11-30", None),
                ("2026-11-29", "2026-11-30", None),
                ("2026-11-29", "2026-12-01", Some("TDAM-6003")),
                // Christmas Eve, Christmas and a weekend before Monday the 28th.
                ("2026-12-23", "2026-12-28", Some("TDAM-6003")),
                ("2026-12-24", "2026-12-28", None),
                // From the last business day of the year to the first one of the next, by which years are counted.
                ("2026-12-30", "2024-12-31", None),
                ("2026-12-31", "2024-12-31", Some("TDAM-6002")),
                ("2026-12-31", "2025-01-01", None),
                ("2026-12-31", "2027-01-04", None),
                ("2026-12-31", "2027-01-05", Some("TDAM-6003")),
            ],
        );
    }
}

#[test]
fn requested_execution_dates_are_counted_from_the_next_business_day() {
    hold(
        requested,
        &[
            // Five days back: from Friday the 27th, and on the weekend from Monday the 30th.
            ("2026-11-27", "2026-11-22", None),
            ("2026-11-27", "2026-11-21", Some("TDAM-3401")),
            ("2026-11-28", "2026-11-25", None),
            ("2026-11-29", "2026-11-24", Some("TDAM-3401")),
            // 366 days ahead, likewise.
            ("2026-11-27", "2027-11-28", None),
            ("2026-11-27", "2027-11-29", Some("TDAM-3402")),
            ("2026-11-29", "2027-12-01", None),
            ("2026-11-29", "2027-12-02", Some("TDAM-3402")),
            // Over the year's end from 4 January.
            ("2026-12-31", "2026-12-30", None),
            ("2026-12-31", "2026-12-29", Some("TDAM-3401")),
        ],
    );
}

#[test]
fn addresses_are_judged_by_the_day_of_execution() {
    let of = |day: &str| {
        let address = "<Nm>SIA Čiekuru apgāds</Nm><PstlAdr><AdrLine>Meža iela 1, Rīga</AdrLine></PstlAdr>";
        requested(day).replace("<Nm>SIA Čiekuru apgāds</Nm>", address)
    };
    hold(
        of,
        &[
            // The rule begins on Sunday the 15th, so Friday's payment passes and Saturday's, executed on Monday, does not.
            ("2026-11-13", "2026-11-13", None),
            ("2026-11-13", "2026-11-14", Some("TDAM-3501")),
            ("2026-11-14", "2026-11-13", Some("TDAM-3501")),
            // The cut-off of SEPA is at 15:30.
            ("2026-11-13 15:00", "2026-11-13", None),
            ("2026-11-13 16:00", "2026-11-13", Some("TDAM-3501")),
        ],
    );
}

#[test]
fn countries_of_sepa_are_judged_by_the_day_of_execution() {
    let of = |day: &str| {
        let abroad = requested(day).replace("LV28PARX3276686194048", "RS35260005601001611379");
        abroad.replace("SIA Čiekuru apgāds", "Knjizara").replace("Mācību līdzekļi", "Books")
    };
    hold(
        of,
        &[
            // Serbia takes part since 1 May 2026, a day off before a weekend and another day off.
            ("2026-04-30", "2026-04-30", Some("TDAM-3207")),
            ("2026-04-30", "2026-05-01", None),
            ("2026-05-02", "2026-04-30", None),
        ],
    );
}
