//! Ordered reports, and their numbers.

use store::{AccountDay, Report, ReportId};

use crate::support::*;

pub fn reports_are_numbered_by_account_and_kind(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let wanted = |account, message_type: &str| Report {
        id: ReportId(0),
        user: treasury.user,
        message_type: message_type.to_owned(),
        message_id: "R-1".to_owned(),
        request_message_id: "Q-1".to_owned(),
        account,
        from: MONDAY,
        to: MONDAY,
        number: 0,
        last_sequence: 42,
        last_day_closed: true,
        credits_only: Some(false),
        daily_balances: true,
        opening: -7,
        totals: AccountDay { date: MONDAY, credit: 1, credit_count: 2, debit: 3, debit_count: 4 },
        created_at: at(5),
    };
    let ask = |account, message_type: &'static str| {
        let report = wanted(account, message_type);
        write(&store, move |tx| tx.insert_report(&report))
    };
    let first = ask(treasury.payer, "camt.053.001.08");
    let second = ask(treasury.payer, "camt.053.001.08");
    let other_kind = ask(treasury.payer, "camt.052.001.08");
    let other_account = ask(treasury.payee, "camt.053.001.08");
    let numbers = [&first, &second, &other_kind, &other_account].map(|report| report.number);
    assert_eq!(numbers, [1, 2, 1, 1]);
    let expected = Report { id: second.id, number: 2, ..wanted(treasury.payer, "camt.053.001.08") };
    assert_eq!(read(&store, |snapshot| snapshot.report(second.id)), Some(expected));
    assert_eq!(read(&store, |snapshot| snapshot.report(ReportId(9_999))), None);
    let of_user = |after| read(&store, move |snapshot| snapshot.reports_of(treasury.user, after, 2));
    assert_eq!(of_user(None), [first, second.clone()]);
    assert_eq!(of_user(Some(second.id)), [other_kind, other_account]);
}
