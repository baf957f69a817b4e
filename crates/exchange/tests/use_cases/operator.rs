//! The operator's input: accepted when every report can state it, refused by name otherwise.

use exchange::{ClientId, EndToEndIdUniqueness, IncomingPayment, Limits, Preferences};
use jiff::civil::date;
use rulebook::{Code, Language};

use super::support::*;

fn credit() -> IncomingPayment {
    IncomingPayment {
        iban: ministry_account(),
        minor: 5_00,
        debtor_name: "Ž".repeat(140),
        debtor_iban: "EE38 2200 2210 2014 5685".to_owned(),
        end_to_end_id: "E".repeat(35),
        remittance: "r".repeat(140),
        ..IncomingPayment::default()
    }
}

#[tokio::test]
async fn a_credit_that_no_report_could_tell_is_refused() {
    let treasury = TestExchange::new().await;
    let operator = treasury.exchange.operator();
    operator.credit(credit()).await.unwrap();
    operator.credit(IncomingPayment { debtor_iban: String::new(), ..credit() }).await.unwrap();
    let longer = |text: String| format!("{text}x");
    let refused = [
        (IncomingPayment { end_to_end_id: longer(credit().end_to_end_id), ..credit() }, "end_to_end_id (≤ 35)"),
        (IncomingPayment { debtor_name: longer(credit().debtor_name), ..credit() }, "debtor_name (≤ 140)"),
        (IncomingPayment { remittance: longer(credit().remittance), ..credit() }, "remittance (≤ 140)"),
        (IncomingPayment { remittance: "a\0b".to_owned(), ..credit() }, "remittance"),
        (IncomingPayment { debtor_name: "\u{FFFF}".to_owned(), ..credit() }, "debtor_name"),
        (IncomingPayment { debtor_iban: "EE382200221020145686".to_owned(), ..credit() }, "IBAN EE382200221020145686"),
        (IncomingPayment { minor: i64::MAX, ..credit() }, "minor 9223372036854775807"),
    ];
    for (payment, what) in refused {
        let failure = operator.credit(payment).await.unwrap_err();
        assert_eq!((failure.code, failure.detail.as_str()), (Code::RequestParameterInvalid, what));
        assert!(failure.sentence(Language::Latvian).contains(what), "{failure:?}");
    }
    for minor in [0, -1] {
        let failure = operator.credit(IncomingPayment { minor, ..credit() }).await.unwrap_err();
        assert_eq!(failure.code, Code::AmountNotPositive);
    }
    assert_eq!(treasury.balance(&ministry_account()).await, (OPENING + 10_00, 0));
    treasury.check_invariants().await;
}

#[tokio::test]
async fn limits_and_days_that_make_no_sense_are_refused() {
    let treasury = TestExchange::new().await;
    let operator = treasury.exchange.operator();
    let limits = Limits { per_payment: Some(-1), per_day: None };
    let failure = operator.set_account_limits(&ministry_account(), limits).await.unwrap_err();
    assert_eq!((failure.code, failure.detail.as_str()), (Code::RequestParameterInvalid, "per_payment -1"));
    let failure = operator.set_business_day(date(2026, 11, 20)).await.unwrap_err();
    assert_eq!((failure.detail.as_str(), failure.expected.as_str()), ("2026-11-20", "2026-11-23"));
}

#[tokio::test]
async fn settings_of_a_client_hold_from_its_next_request_on_and_leave_a_line() {
    let treasury = TestExchange::new().await;
    let operator = treasury.exchange.operator();
    let seen = async || treasury.caller(Role::Viewer).await.identity().client.preferences;
    let neighbours = async || treasury.caller(Role::Neighbour).await.identity().client.preferences;
    assert_eq!(seen().await, Preferences::default());
    let wanted =
        Preferences { lists_every_payment: true, daily_balances: true, end_to_end_ids: EndToEndIdUniqueness::Days(30) };
    operator.set_preferences(treasury.ministry, wanted).await.unwrap();
    assert_eq!((seen().await, neighbours().await), (wanted, Preferences::default()));
    operator.set_preferences(treasury.ministry, wanted).await.unwrap();
    let lines = treasury.audit_lines().await.into_iter().filter(|line| line.action == "client.preferences");
    let details: Vec<String> = lines.map(|line| line.detail).collect();
    let [detail] = details.as_slice() else { panic!("what changes nothing leaves no line: {details:?}") };
    let expected = "client 1 lists-every-payment=true daily-balances=true end-to-end-ids=30 \
        was lists-every-payment=false daily-balances=false end-to-end-ids=for-ever row client 1 sha256 ";
    assert!(detail.starts_with(expected), "{detail}");
    let unknown = operator.set_preferences(ClientId(4_711), wanted).await.unwrap_err();
    assert_eq!((unknown.code, unknown.detail.as_str()), (Code::NotFound, "client 4711"));
    treasury.check_invariants().await;
    operator.set_preferences(treasury.ministry, Preferences::default()).await.unwrap();
    treasury.check_invariants().await;
}
