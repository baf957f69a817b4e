//! Statuses that clients see: of a payment, a block, a message.
use crate::common::*;
use money::{Currency, Decimal};
use payments::status::{BlockTotals, Summary, payment_status, reason_of, summarise};
use payments::{
    Acceptance, ExecutionItem, Lot, Rejection, SettlementItem, Stage, Status, dispatch, execute_internal, fall_due,
    settle,
};
use rulebook::Route::{Internal, Sepa};

fn block(number: u32, count: u32, sum: &str) -> BlockTotals {
    BlockTotals { block: number, count, sum: Some(Decimal::parse(sum).unwrap()), currency: Currency::EUR }
}

/// Status, then (status, count, sum) for each that occurs.
fn shown(summary: &Summary) -> (&'static str, Vec<(&'static str, u64, String)>) {
    let tallies = summary.per_status.iter();
    let tallies = tallies.map(|(status, it)| (status.code(), it.count, it.sum.map_or("?".into(), |it| it.to_string())));
    (summary.status.code(), tallies.collect())
}

#[test]
fn a_sepa_lot_goes_from_accp_over_acsp_to_acsc() {
    let mut book = book_with(account(PAYER, 1_000));
    let blocks = [block(0, 2, "3.00")];
    let status = |lot: &Lot, ordinal| {
        let lots = std::slice::from_ref(lot);
        (summarise(&blocks, lots).unwrap().group.status, payment_status(ordinal, Some(0), lots, &[]).unwrap())
    };
    let held = held(Sepa, &[100, 200], &mut book);
    assert_eq!(status(&held, 1), (Status::Accepted, Status::Accepted));
    let dispatched = dispatch(&held, &mut book, BY).unwrap().lot;
    assert_eq!(status(&dispatched, 1), (Status::InProcess, Status::InProcess));
    let item = |ordinal, minor| SettlementItem { ordinal, minor, line: 0 };
    let half = settle(&dispatched, &[item(0, 100)], &[], HOUSE, &mut book, BY).unwrap().lot;
    assert_eq!(status(&half, 0), (Status::InProcess, Status::Settled));
    assert_eq!(status(&half, 1), (Status::InProcess, Status::InProcess));
    let done = settle(&half, &[item(1, 200)], &[], HOUSE, &mut book, BY).unwrap().lot;
    assert_eq!(status(&done, 1), (Status::Settled, Status::Settled));
}

#[test]
fn waiting_for_funds_is_still_accepted() {
    let mut book = book_with(account(PAYER, 0));
    let lots = send(Acceptance::Partial, &[draft(PAYER, Internal, TOMORROW)], &payments(&[(0, 100)]), &mut book).lots;
    let before = payment_status(0, Some(0), &lots, &[]);
    let mut book = on(&book, TOMORROW);
    let waiting = fall_due(&lots, &mut book, |_| false, |lot| lot.execution_date, BY).unwrap().remove(0).lot;
    assert_eq!(waiting.stage, Stage::AwaitingFunds);
    assert_eq!((before, payment_status(0, Some(0), &[waiting], &[])), (Some(Status::Accepted), Some(Status::Accepted)));
}

#[test]
fn part_is_for_group_and_block_only() {
    let mut book = book_with(limited(PAYER, 10_000, Some(500), None));
    let mut second = draft(PAYER, Sepa, TODAY);
    second.block = 1;
    let lots = [draft(PAYER, Internal, TODAY), second];
    let given = payments(&[(0, 100), (0, 501), (1, 300)]);
    let admission = send(Acceptance::Partial, &lots, &given, &mut book);
    let statuses: Vec<_> = [(0, 0), (1, 0), (2, 1)]
        .map(|(ordinal, lot)| payment_status(ordinal, Some(lot), &admission.lots, &admission.refusals).unwrap().code())
        .to_vec();
    assert_eq!(statuses, ["ACCP", "RJCT", "ACCP"]);
    let summary = summarise(&[block(0, 2, "6.01"), block(1, 1, "3")], &admission.lots).unwrap();
    let refused = ("RJCT", 1, "5.01".to_owned());
    assert_eq!(shown(&summary.group), ("PART", vec![("ACCP", 2, "4.00".to_owned()), refused.clone()]));
    assert_eq!(shown(&summary.blocks[0].1), ("PART", vec![("ACCP", 1, "1.00".to_owned()), refused]));
    assert_eq!(shown(&summary.blocks[1].1), ("ACCP", vec![("ACCP", 1, "3.00".to_owned())]));
}

#[test]
fn counts_and_sums_follow_each_payment() {
    let mut book = book_with(account(PAYER, 10_000));
    let lots = [draft(PAYER, Internal, TODAY), draft(PAYER, Sepa, TODAY)];
    let given = payments(&[(0, 100), (0, 250), (0, 50), (1, 300), (1, 400)]);
    let mut lots = send(Acceptance::Partial, &lots, &given, &mut book).lots;
    let item = |ordinal, minor, creditor| ExecutionItem { ordinal, minor, creditor, line: 0 };
    let items = [item(0, 100, Some(PAYEE)), item(1, 250, None)];
    lots[0] = execute_internal(&lots[0], &items, &mut book, BY).unwrap().lot;
    lots[1] = dispatch(&lots[1], &mut book, BY).unwrap().lot;
    let settled =
        [SettlementItem { ordinal: 3, minor: 300, line: 0 }, SettlementItem { ordinal: 4, minor: 400, line: 0 }];
    let rejection = [Rejection { ordinal: 3, code: "TDAM-7001", detail: "" }];
    let totals = [block(0, 6, "20.995")];
    let before = summarise(&totals, &lots).unwrap();
    assert_eq!(
        shown(&before.group),
        (
            "PART",
            vec![
                ("ACSP", 3, "7.50".to_owned()),
                ("ACSC", 1, "1.00".to_owned()),
                // 2.50 in execution, and 9.995 that never was money of this account.
                ("RJCT", 2, "12.495".to_owned()),
            ]
        )
    );
    lots[1] = settle(&lots[1], &settled, &rejection, HOUSE, &mut book, BY).unwrap().lot;
    lots[0] = execute_internal(&lots[0], &[item(2, 50, Some(PAYEE))], &mut book, BY).unwrap().lot;
    let after = summarise(&totals, &lots).unwrap();
    assert_eq!(shown(&after.group), ("PART", vec![("ACSC", 3, "5.50".to_owned()), ("RJCT", 3, "15.495".to_owned())]));
}

#[test]
fn a_refused_message_is_rejected_in_all_its_parts_and_each_payment_has_its_own_reason() {
    let mut book = book_with(limited(PAYER, 10_000, Some(500), None));
    let given = payments(&[(0, 100), (0, 501)]);
    let admission = send(Acceptance::AllOrNothing, &[draft(PAYER, Internal, TODAY)], &given, &mut book);
    let summary = summarise(&[block(0, 2, "6.01")], &admission.lots).unwrap();
    assert_eq!(shown(&summary.group), ("RJCT", vec![("RJCT", 2, "6.01".to_owned())]));
    let reason = |ordinal| reason_of(ordinal, Some(0), &admission.refusals).unwrap().code.as_str();
    assert_eq!((reason(0), reason(1)), ("TDAM-4024", "TDAM-4010"));
    for ordinal in [0, 1] {
        assert_eq!(payment_status(ordinal, Some(0), &[], &admission.refusals), Some(Status::Rejected));
    }
}

#[test]
fn without_a_sum_of_the_block_that_of_refused_payments_is_not_guessed() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Sepa, &[100], &mut book);
    let totals = BlockTotals { sum: None, ..block(0, 2, "0") };
    let summary = summarise(&[totals], std::slice::from_ref(&lot)).unwrap();
    let expected = vec![("ACCP", 1, "1.00".to_owned()), ("RJCT", 1, "?".to_owned())];
    assert_eq!(shown(&summary.group), ("PART", expected));
    assert_eq!(summarise(&[block(0, 0, "0")], &[lot]), None, "a lot cannot hold more than its block");
    assert_eq!(summarise(&[], &[]), None);
}

#[test]
fn a_range_of_one_lot_does_not_reach_into_another() {
    let mut book = book_with(account(PAYER, 150));
    let lots = [draft(PAYER, Internal, TODAY), draft(PAYER, Sepa, TOMORROW)];
    let given = payments(&[(0, 100), (0, 100), (1, 100), (0, 1)]);
    let admission = send(Acceptance::Partial, &lots, &given, &mut book);
    assert_eq!(refused(&admission.refusals), [(1, 3, 2, "TDAM-4012")]);
    let status = |ordinal, lot| payment_status(ordinal, Some(lot), &admission.lots, &admission.refusals).unwrap();
    assert_eq!([status(0, 0), status(1, 0), status(3, 0)], [Status::Accepted, Status::Rejected, Status::Rejected]);
    assert_eq!(status(2, 1), Status::Accepted);
    assert_eq!(payment_status(9, None, &admission.lots, &admission.refusals), None, "nothing was decided about it");
}
