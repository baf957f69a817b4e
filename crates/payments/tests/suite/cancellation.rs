//! Cancellation: until a payment is executed or handed over, and never after.
use crate::common::*;
use ledger::{Account, Book};
use payments::{
    Acceptance, CancellationItem, DecisionError, ExecutionItem, Lot, RefusalStage, SettlementItem, Stage, cancel_lot,
    cancel_payments, dispatch, execute_internal, fall_due, settle,
};
use rulebook::Route::{self, Internal, Sepa};

fn item(ordinal: u32, minor: i64) -> CancellationItem {
    CancellationItem { ordinal, minor, line: 10 + ordinal }
}

/// A lot of tomorrow.
fn scheduled(minors: &[i64], book: &mut Book) -> Lot {
    let payments = payments(&minors.iter().map(|&minor| (0, minor)).collect::<Vec<_>>());
    let mut admission = send(Acceptance::Partial, &[draft(PAYER, Sepa, TOMORROW)], &payments, book);
    admission.lots.remove(0)
}

#[test]
fn a_lot_that_waits_or_is_held_is_cancelled_in_one_row() {
    for route in [Internal, Sepa] {
        let mut book = book_with(account(PAYER, 1_000));
        let lot = held(route, &[100, 200, 300], &mut book);
        let step = cancel_lot(&lot, &mut book, BY).unwrap();
        assert_eq!(refused(&step.refusals), [(0, 2, 3, "TDAM-4019")]);
        assert_eq!((step.refusals[0].lot, step.refusals[0].stage), (Some(0), RefusalStage::Execution));
        assert_eq!((step.lot.stage, step.lot.open_count(), step.journal), (Stage::Refused, 0, None));
        assert_eq!((step.events.len(), step.events[0].reason.as_deref()), (1, Some("TDAM-4019")));
        assert_eq!(balance(&book, PAYER), (1_000, 0));
        assert_eq!(book.used_on(PAYER, TODAY), 0);
    }
    let mut book = book_with(account(PAYER, 50));
    let lot = scheduled(&[100, 200], &mut book);
    assert_eq!((lot.stage, book.used_on(PAYER, TOMORROW)), (Stage::Scheduled, 300));
    let step = cancel_lot(&lot, &mut book.clone(), BY).unwrap();
    assert_eq!((step.lot.stage, step.lot.refused), (Stage::Refused, 300));

    let mut tomorrow = on(&book, TOMORROW);
    let waits = fall_due(&[lot], &mut tomorrow, |_| false, |lot| lot.execution_date, BY).unwrap().remove(0).lot;
    assert_eq!(waits.stage, Stage::AwaitingFunds);
    let step = cancel_lot(&waits, &mut tomorrow, BY).unwrap();
    assert_eq!(step.lot.stage, Stage::Refused);
    assert_eq!((balance(&tomorrow, PAYER), tomorrow.used_on(PAYER, TOMORROW)), ((50, 0), 0));
}

#[test]
fn single_payments_are_cancelled_and_the_others_go_on() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Sepa, &[100, 200, 300, 50], &mut book);
    let step = cancel_payments(&lot, &[item(1, 200), item(3, 50)], &mut book, BY).unwrap();
    assert_eq!(refused(&step.refusals), [(1, 1, 1, "TDAM-4019"), (3, 3, 1, "TDAM-4019")]);
    assert_eq!(step.refusals[1].line, 13);
    assert_eq!((step.lot.stage, step.lot.executed_below, step.events.len()), (Stage::Held, 0, 0));
    assert_eq!((step.lot.open_count(), step.lot.open_minor()), (2, 400));
    assert_ne!(step.was, step.lot.position(), "what was decided on the lot before must not be written");
    assert_eq!((balance(&book, PAYER), book.used_on(PAYER, TODAY)), ((1_000, 400), 400));

    let sent = dispatch(&step.lot, &mut book, BY).unwrap().lot;
    let items =
        [SettlementItem { ordinal: 0, minor: 100, line: 0 }, SettlementItem { ordinal: 2, minor: 300, line: 0 }];
    let ended = settle(&sent, &items, &[], HOUSE, &mut book, BY).unwrap().lot;
    assert_eq!((ended.stage, ended.booked, ended.refused), (Stage::Completed, 400, 250));
    assert_eq!(balance(&book, PAYER), (600, 0));
}

#[test]
fn the_rest_of_a_partly_executed_lot_is_cancelled() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Internal, &[100, 200, 300], &mut book);
    let paid = ExecutionItem { ordinal: 0, minor: 100, creditor: Some(PAYEE), line: 0 };
    let lot = execute_internal(&lot, &[paid], &mut book, BY).unwrap().lot;
    let executed = DecisionError::AlreadyExecuted { ordinal: 0, executed_below: 1 };
    assert_eq!(cancel_payments(&lot, &[item(0, 100)], &mut book, BY), Err(executed));
    let step = cancel_lot(&lot, &mut book.clone(), BY).unwrap();
    assert_eq!((step.lot.stage, refused(&step.refusals)), (Stage::Completed, vec![(1, 2, 2, "TDAM-4019")]));

    // Two cancellations, one after the other, end as one of both payments does.
    let lot = cancel_payments(&lot, &[item(2, 300)], &mut book, BY).unwrap().lot;
    assert_eq!((lot.stage, lot.executed_below), (Stage::Held, 1));
    let last = cancel_payments(&lot, &[item(1, 200)], &mut book, BY).unwrap();
    assert_eq!((last.lot.clone(), last.events.len()), (step.lot, 1));
    assert_eq!((balance(&book, PAYER), book.used_on(PAYER, TODAY)), ((900, 0), 100));
}

#[test]
fn what_is_handed_over_or_ended_is_not_cancelled() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Sepa, &[100, 200], &mut book);
    let sent = dispatch(&lot, &mut book, BY).unwrap().lot;
    let before = book.clone();
    for stage in [Stage::Dispatched, Stage::Completed, Stage::Refused] {
        let late = Lot { stage, ..sent.clone() };
        let wrong = DecisionError::WrongStage { lot: lot.id, stage };
        assert_eq!(cancel_lot(&late, &mut book, BY), Err(wrong.clone()));
        assert_eq!(cancel_payments(&late, &[item(0, 100)], &mut book, BY), Err(wrong));
    }
    assert_eq!(book, before);
}

#[test]
fn payments_that_are_not_open_in_file_order_are_not_cancelled() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Internal, &[100, 200, 300], &mut book);
    let before = book.clone();
    let mut refused = |items: &[CancellationItem]| cancel_payments(&lot, items, &mut book, BY).unwrap_err();
    let totals_differ = DecisionError::TotalsDiffer { lot: lot.id };
    assert_eq!(refused(&[]), DecisionError::NoPayments);
    assert_eq!(refused(&[item(1, 200), item(0, 100)]), DecisionError::NotInFileOrder { ordinal: 0 });
    assert_eq!(refused(&[item(1, 200), item(1, 200)]), DecisionError::NotInFileOrder { ordinal: 1 });
    assert_eq!(refused(&[item(3, 1)]), DecisionError::NotInLot { ordinal: 3 });
    assert_eq!(refused(&[item(0, 0)]), DecisionError::AmountNotPositive { ordinal: 0 });
    assert_eq!(refused(&[item(0, 601)]), totals_differ);
    assert_eq!(refused(&[item(0, 600)]), totals_differ, "money of other payments");
    assert_eq!(refused(&[item(0, 100), item(1, 200), item(2, 299)]), totals_differ, "money left without a payment");
    let unheld = Account { held: 0, ..before.account(PAYER).unwrap().clone() };
    let mut other = Book::new(TODAY, vec![unheld], before.daily_use().collect());
    assert!(matches!(cancel_payments(&lot, &[item(0, 100)], &mut other, BY), Err(DecisionError::Book(_))));
    assert_eq!(book, before);
}

/// The route makes no difference while the lot is held.
#[test]
fn a_blocked_payer_can_still_cancel() {
    for route in [Route::Internal, Route::Sepa] {
        let mut book = book_with(account(PAYER, 1_000));
        let lot = held(route, &[100, 200], &mut book);
        let mut book = with_state(&book, PAYER, ledger::AccountState::Blocked);
        let lot = cancel_payments(&lot, &[item(0, 100)], &mut book, BY).unwrap().lot;
        assert_eq!(cancel_lot(&lot, &mut book, BY).unwrap().lot.stage, Stage::Refused);
        assert_eq!(balance(&book, PAYER), (1_000, 0));
    }
}
