//! Execution dates, missing funds, cut-offs, and the business day.
use crate::common::*;
use jiff::civil::Date;
use ledger::{AccountState, Book, CreditId};
use payments::{
    Acceptance, DecisionError, Incoming, Lot, LotId, MessageId, Stage, Step, fall_due, incoming_credit,
    open_business_day,
};
use rulebook::Route::{self, Internal, Sepa};

/// A lot for tomorrow.
fn scheduled(route: Route, minor: i64, book: &mut Book) -> Lot {
    let lots = [draft(PAYER, route, TOMORROW)];
    send(Acceptance::AllOrNothing, &lots, &payments(&[(0, minor), (0, minor)]), book).lots.remove(0)
}

fn look(lots: &[Lot], book: &mut Book, cut_off_passed: bool) -> Vec<Step> {
    fall_due(lots, book, |_| cut_off_passed, |lot| lot.execution_date, BY).unwrap()
}

fn credit(minor: i64, book: &mut Book) {
    incoming_credit(&Incoming { id: CreditId(1), account: PAYER, minor }, HOUSE, book).unwrap();
}

#[test]
fn a_lot_is_left_alone_until_its_date_and_held_then() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = scheduled(Internal, 300, &mut book);
    assert_eq!(look(std::slice::from_ref(&lot), &mut book, false), []);
    let mut book = on(&book, TOMORROW);
    let steps = look(&[lot], &mut book, false);
    assert_eq!((steps[0].lot.stage, steps[0].events[0].business_day), (Stage::Held, TOMORROW));
    assert_eq!(balance(&book, PAYER), (1_000, 600));
    assert_eq!(look(std::slice::from_ref(&steps[0].lot), &mut book, false), [], "once is enough");
}

#[test]
fn a_lot_that_is_not_covered_waits_as_a_whole_until_money_comes() {
    let mut book = book_with(account(PAYER, 599));
    let lot = scheduled(Internal, 300, &mut book);
    let mut book = on(&book, TOMORROW);
    let waiting = look(&[lot], &mut book, false).remove(0);
    assert_eq!(waiting.lot.stage, Stage::AwaitingFunds);
    assert_eq!(waiting.events[0].reason.as_deref(), Some("TDAM-4013"));
    assert_eq!(balance(&book, PAYER), (599, 0), "nothing is held for half a lot");
    assert_eq!(look(std::slice::from_ref(&waiting.lot), &mut book, false), []);
    credit(1, &mut book);
    let held = look(&[waiting.lot], &mut book, false).remove(0);
    assert_eq!((held.lot.stage, balance(&book, PAYER)), (Stage::Held, (600, 600)));
}

#[test]
fn the_cut_off_ends_the_waiting_even_if_money_came_a_moment_later() {
    let mut book = book_with(account(PAYER, 599));
    let lot = scheduled(Internal, 300, &mut book);
    let mut book = on(&book, TOMORROW);
    let waiting = look(&[lot], &mut book, false).remove(0).lot;
    credit(1, &mut book);
    let step = look(&[waiting], &mut book, true).remove(0);
    assert_eq!((step.lot.stage, step.lot.refused_count), (Stage::Refused, 2));
    assert_eq!(refused(&step.refusals), [(0, 1, 2, "TDAM-4014")]);
    assert_eq!(balance(&book, PAYER), (600, 0));
    assert_eq!(book.used_on(PAYER, TOMORROW), 0, "its date's limit is free again");
}

#[test]
fn each_route_has_its_own_cut_off() {
    let mut book = book_with(account(PAYER, 0));
    let sepa = scheduled(Sepa, 300, &mut book);
    let other = LotId { message: MessageId(78), number: 0 };
    let internal = Lot { id: other, route: Internal, ..sepa.clone() };
    book.reserve_limit(PAYER, TOMORROW, 600).unwrap();
    let mut book = on(&book, TOMORROW);
    let steps = fall_due(&[sepa, internal], &mut book, |route| route == Sepa, |lot| lot.execution_date, BY).unwrap();
    let stages: Vec<_> = steps.iter().map(|step| (step.lot.route, step.lot.stage)).collect();
    assert_eq!(stages, [(Sepa, Stage::Refused), (Internal, Stage::AwaitingFunds)]);
}

#[test]
fn waiting_does_not_go_on_into_the_next_business_day() {
    let mut book = book_with(account(PAYER, 0));
    let lot = scheduled(Internal, 300, &mut book);
    let mut book = on(&book, TOMORROW);
    let waiting = look(&[lot], &mut book, false).remove(0).lot;
    let mut book = on(&book, Date::constant(2026, 11, 25));
    credit(10_000, &mut book);
    assert_eq!(look(&[waiting], &mut book, false)[0].lot.stage, Stage::Refused);
}

#[test]
fn a_date_that_nobody_looked_at_leaves_the_day_on_which_somebody_does() {
    const DAY_AFTER: Date = Date::constant(2026, 11, 25);
    let mut book = book_with(account(PAYER, 0));
    let lot = scheduled(Internal, 300, &mut book);
    assert!(lot.execution_date < DAY_AFTER);
    let mut book = on(&book, DAY_AFTER);
    let mut look = |lot: &Lot, cut_off_passed| {
        fall_due(std::slice::from_ref(lot), &mut book, |_| cut_off_passed, |_| DAY_AFTER, BY).unwrap()
    };
    let waiting = look(&lot, false).remove(0).lot;
    assert_eq!(waiting.stage, Stage::AwaitingFunds);
    assert_eq!(look(&waiting, false), []);
    assert_eq!(look(&waiting, true)[0].lot.stage, Stage::Refused);
}

#[test]
fn who_came_first_is_served_first() {
    let mut book = book_with(account(PAYER, 700));
    let first = scheduled(Internal, 300, &mut book);
    let second = Lot { id: LotId { message: MessageId(78), number: 0 }, count: 1, total: 100, ..first.clone() };
    book.reserve_limit(PAYER, TOMORROW, 100).unwrap();
    let third = Lot { id: LotId { message: MessageId(79), number: 0 }, ..second.clone() };
    book.reserve_limit(PAYER, TOMORROW, 100).unwrap();
    let mut book = on(&book, TOMORROW);
    let steps = look(&[third, first, second], &mut book, false);
    let stages: Vec<_> = steps.iter().map(|step| (step.lot.id.message.0, step.lot.stage)).collect();
    assert_eq!(stages, [(77, Stage::Held), (78, Stage::Held), (79, Stage::AwaitingFunds)]);
}

#[test]
fn an_account_that_was_blocked_or_closed_refuses_what_falls_due() {
    for (state, code) in [(AccountState::Blocked, "TDAM-4005"), (AccountState::Closed, "TDAM-4004")] {
        let mut book = book_with(account(PAYER, 1_000));
        let lot = scheduled(Sepa, 300, &mut book);
        let mut book = with_state(&on(&book, TOMORROW), PAYER, state);
        let step = look(&[lot], &mut book, false).remove(0);
        assert_eq!((step.lot.stage, refused(&step.refusals)), (Stage::Refused, vec![(0, 1, 2, code)]));
        assert_eq!(balance(&book, PAYER), (1_000, 0));
    }
}

#[test]
fn one_lot_that_does_not_fit_the_book_leaves_all_as_it_was() {
    let mut book = book_with(account(PAYER, 1_000));
    let good = scheduled(Internal, 300, &mut book);
    let unknown = Lot { id: lot_id(9), debtor: ledger::AccountId(404), ..good.clone() };
    let mut book = on(&book, TOMORROW);
    let before = book.clone();
    assert!(fall_due(&[good, unknown], &mut book, |_| false, |lot| lot.execution_date, BY).is_err());
    assert_eq!(book, before);
}

#[test]
fn the_business_day_never_goes_back() {
    assert_eq!(open_business_day(TODAY, TOMORROW), Ok(TOMORROW));
    assert_eq!(open_business_day(TODAY, TODAY), Ok(TODAY));
    let back = DecisionError::DayGoesBack { current: TOMORROW, requested: TODAY };
    assert_eq!(open_business_day(TOMORROW, TODAY), Err(back));
}
