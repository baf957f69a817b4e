//! Admission: acceptances, refusals, and the book after both.
use crate::common;
use crate::common::*;
use jiff::civil::Date;
use ledger::AccountState;
use payments::{Acceptance, AdmissionRequest, DecisionError, Stage, admit};
use proptest::prelude::*;
use rulebook::Route::{Internal, Sepa};

#[test]
fn what_is_due_is_held_and_what_lies_ahead_only_takes_its_dates_limit() {
    let mut book = book_with(limited(PAYER, 1_000, None, Some(900)));
    let lots = [draft(PAYER, Internal, TODAY), draft(PAYER, Sepa, TODAY), draft(PAYER, Sepa, TOMORROW)];
    let given = payments(&[(0, 100), (1, 200), (2, 900), (0, 300)]);
    let admission = send(Acceptance::AllOrNothing, &lots, &given, &mut book);
    let shown: Vec<_> = admission.lots.iter().map(|lot| (lot.id, lot.stage, lot.count, lot.total)).collect();
    assert_eq!(
        shown,
        [(lot_id(0), Stage::Held, 2, 400), (lot_id(1), Stage::Held, 1, 200), (lot_id(2), Stage::Scheduled, 1, 900)]
    );
    assert_eq!((admission.lots[0].first, admission.lots[0].last), (0, 3));
    assert_eq!(balance(&book, PAYER), (1_000, 600));
    assert_eq!((book.used_on(PAYER, TODAY), book.used_on(PAYER, TOMORROW)), (600, 900));
    let events: Vec<_> = admission.events.iter().map(|event| (event.lot, event.stage, event.actor.as_str())).collect();
    assert_eq!(events[2], (lot_id(2), Stage::Scheduled, "executor"));
    assert_eq!(admission.refusals, []);
}

#[test]
fn a_tail_without_funds_is_one_row_for_each_lot_and_small_payments_do_not_slip_through() {
    let mut book = book_with(account(PAYER, 1_000));
    let lots = [draft(PAYER, Internal, TODAY), draft(PAYER, Sepa, TODAY), draft(PAYER, Sepa, TOMORROW)];
    let mut amounts = vec![(0, 600), (1, 300), (1, 101)];
    amounts.extend([(0, 1), (1, 1), (2, 5_000)].repeat(1_000));
    let admission = send(Acceptance::Partial, &lots, &payments(&amounts), &mut book);
    assert_eq!(
        refused(&admission.refusals),
        [(2, 3_001, 1_001, "TDAM-4012"), (3, 3_000, 1_000, "TDAM-4012")],
        "and what is not due needs no funds yet"
    );
    assert_eq!(admission.refusals[0].lot, Some(1));
    assert_eq!(admission.refusals[0].line, 12);
    assert_eq!(admission.refusals[0].detail, "1.01 EUR > 1.00 EUR");
    let totals: Vec<_> = admission.lots.iter().map(|lot| (lot.count, lot.total)).collect();
    assert_eq!(totals, [(1, 600), (1, 300), (1_000, 5_000_000)]);
    assert_eq!(balance(&book, PAYER), (1_000, 900));
}

#[test]
fn a_used_up_day_refuses_the_rest_of_that_date_only() {
    let mut book = book_with(limited(PAYER, 10_000, None, Some(500)));
    let lots = [draft(PAYER, Internal, TODAY), draft(PAYER, Internal, TOMORROW)];
    let given = payments(&[(0, 400), (0, 101), (1, 500), (0, 50), (1, 1)]);
    let admission = send(Acceptance::Partial, &lots, &given, &mut book);
    assert_eq!(refused(&admission.refusals), [(1, 3, 2, "TDAM-4011"), (4, 4, 1, "TDAM-4011")]);
    assert_eq!((book.used_on(PAYER, TODAY), book.used_on(PAYER, TOMORROW)), (400, 500));
}

#[test]
fn limits_of_one_day_decide_about_the_payments_of_that_day() {
    let own = limited(PAYER, 10_000, Some(100), Some(500));
    let for_tomorrow = ledger::Limits { per_payment: Some(400), per_day: Some(700) };
    let mut book = book_with(own).with_day_limits([(PAYER, TOMORROW, for_tomorrow)]);
    let lots = [draft(PAYER, Internal, TODAY), draft(PAYER, Internal, TOMORROW)];
    let given = payments(&[(0, 101), (1, 400), (1, 401), (1, 300), (1, 1), (0, 100)]);
    let admission = send(Acceptance::Partial, &lots, &given, &mut book);
    assert_eq!(refused(&admission.refusals), [(0, 0, 1, "TDAM-4010"), (2, 2, 1, "TDAM-4010"), (4, 4, 1, "TDAM-4011")]);
    let limits: Vec<_> = admission.lots.iter().map(|lot| lot.limit_per_payment).collect();
    assert_eq!(limits, [Some(100), Some(400)]);
    assert_eq!((book.used_on(PAYER, TODAY), book.used_on(PAYER, TOMORROW)), (100, 700));
}

#[test]
fn a_payment_over_the_limit_of_one_payment_is_refused_alone() {
    let mut book = book_with(limited(PAYER, 10_000, Some(500), None));
    let given = payments(&[(0, 500), (0, 501), (0, 1), (0, 9_000), (0, 2)]);
    let admission = send(Acceptance::Partial, &[draft(PAYER, Internal, TODAY)], &given, &mut book);
    assert_eq!(refused(&admission.refusals), [(1, 1, 1, "TDAM-4010"), (3, 3, 1, "TDAM-4010")]);
    assert_eq!((admission.lots[0].count, admission.lots[0].total), (3, 503));
    assert_eq!(admission.lots[0].limit_per_payment, Some(500), "the lot knows under which limit it was accepted");
}

#[test]
fn all_or_nothing_refuses_all_names_the_cause_and_leaves_the_book() {
    let mut book = book_with(limited(PAYER, 10_000, Some(500), None));
    let before = book.clone();
    let given = payments(&[(0, 500), (0, 501), (0, 1)]);
    let admission = send(Acceptance::AllOrNothing, &[draft(PAYER, Internal, TODAY)], &given, &mut book);
    assert_eq!(admission.lots, []);
    assert_eq!(admission.events, []);
    assert_eq!(refused(&admission.refusals), [(0, 2, 2, "TDAM-4024"), (1, 1, 1, "TDAM-4010")]);
    assert_eq!(book, before);
}

#[test]
fn accounts_that_do_not_pay_refuse_their_lots_and_nobody_elses() {
    for (state, code) in [(AccountState::Blocked, "TDAM-4005"), (AccountState::Closed, "TDAM-4004")] {
        let mut book = with_state(&book_with(account(PAYER, 100)), OTHER, state);
        let lots = [draft(OTHER, Internal, TODAY), draft(PAYER, Internal, TODAY)];
        let admission = send(Acceptance::Partial, &lots, &payments(&[(0, 1), (1, 1), (0, 1)]), &mut book);
        assert_eq!(refused(&admission.refusals), [(0, 2, 2, code)]);
        assert_eq!(admission.lots.len(), 1);
        assert_eq!(admission.lots[0].id, lot_id(1), "lots keep their numbers");
    }
    let mut book = book_with(account(PAYER, 100));
    let nobody = [draft(ledger::AccountId(404), Internal, TODAY)];
    let admission = send(Acceptance::Partial, &nobody, &payments(&[(0, 1)]), &mut book);
    assert_eq!(refused(&admission.refusals), [(0, 0, 1, "TDAM-4001")]);
}

#[test]
fn a_date_that_passed_while_the_message_was_checked_is_today_and_takes_todays_limit() {
    let mut book = book_with(limited(PAYER, 1_000, None, Some(100)));
    book.reserve_limit(PAYER, TODAY, 60).unwrap();
    let lots = [draft(PAYER, Internal, Date::constant(2026, 11, 20))];
    let admission = send(Acceptance::Partial, &lots, &payments(&[(0, 40), (0, 1)]), &mut book);
    assert_eq!(admission.lots[0].execution_date, TODAY);
    assert_eq!(admission.lots[0].stage, Stage::Held);
    assert_eq!(refused(&admission.refusals), [(1, 1, 1, "TDAM-4011")]);
}

#[test]
fn sums_that_do_not_fit_are_refused_and_not_wrapped() {
    let mut book = book_with(account(PAYER, 0));
    let given = payments(&[(0, i64::MAX), (0, i64::MAX)]);
    let admission = send(Acceptance::Partial, &[draft(PAYER, Sepa, TOMORROW)], &given, &mut book);
    assert_eq!(refused(&admission.refusals), [(1, 1, 1, "TDAM-4011")]);
    assert_eq!(admission.lots[0].total, i64::MAX);
}

#[test]
fn a_message_without_payments_that_passed_is_decided_too() {
    let mut book = book_with(account(PAYER, 100));
    let admission = send(Acceptance::Partial, &[], &[], &mut book);
    assert_eq!((admission.lots, admission.refusals, admission.events), (vec![], vec![], vec![]));
}

#[test]
fn requests_that_contradict_themselves_are_not_decided() {
    let mut book = book_with(account(PAYER, 100));
    let before = book.clone();
    let lots = [draft(PAYER, Internal, TODAY)];
    let mut try_it = |payments: &[payments::NewPayment]| {
        let request =
            AdmissionRequest { message: MESSAGE, acceptance: Acceptance::Partial, lots: &lots, payments, occasion: BY };
        admit(&request, &mut book).unwrap_err()
    };
    let good = payments(&[(0, 1), (0, 1)]);
    assert_eq!(try_it(&[good[1], good[0]]), DecisionError::NotInFileOrder { ordinal: 0 });
    assert_eq!(try_it(&[good[0], good[0]]), DecisionError::NotInFileOrder { ordinal: 0 });
    assert_eq!(try_it(&payments(&[(0, 1), (0, 0)])), DecisionError::AmountNotPositive { ordinal: 1 });
    assert_eq!(try_it(&payments(&[(1, 1)])), DecisionError::NoSuchLot { ordinal: 0, lot: 1 });
    assert_eq!(book, before);
}

proptest! {
    /// For any amounts, no payment gets lost, and the decision promises no missing funds.
    #[test]
    fn accepted_and_refused_make_up_the_message(
        balance in 0..2_000_i64,
        per_payment in prop::option::of(1..500_i64),
        per_day in prop::option::of(1..1_500_i64),
        amounts in prop::collection::vec((0..3_u32, 1..600_i64), 1..40),
    ) {
        let mut book = book_with(limited(PAYER, balance, per_payment, per_day));
        let lots = [draft(PAYER, Internal, TODAY), draft(PAYER, Sepa, TODAY), draft(PAYER, Sepa, TOMORROW)];
        let admission = send(Acceptance::Partial, &lots, &payments(&amounts), &mut book);
        let accepted: u32 = admission.lots.iter().map(|lot| lot.count).sum();
        let refused: u32 = admission.refusals.iter().map(|refusal| refusal.count).sum();
        prop_assert_eq!((accepted + refused) as usize, amounts.len());
        let due: i64 = admission.lots.iter().filter(|lot| lot.stage == Stage::Held).map(|lot| lot.total).sum();
        prop_assert_eq!(common::balance(&book, PAYER), (balance, due));
        prop_assert!(due <= balance);
        prop_assert_eq!(book.used_on(PAYER, TODAY), due);
        for date in [TODAY, TOMORROW] {
            prop_assert!(per_day.is_none_or(|limit| book.used_on(PAYER, date) <= limit));
        }
    }
}
