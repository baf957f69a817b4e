//! Internal transfers: booked at once, a chunk at a time.
use crate::common::*;
use ledger::{Account, AccountId, AccountState, Book, EntryKind, EntrySource};
use money::Currency;
use payments::{DecisionError, ExecutionItem, Lot, Stage, Step, dispatch, execute_internal};
use rulebook::Route::{Internal, Sepa};

fn item(ordinal: u32, minor: i64, creditor: AccountId) -> ExecutionItem {
    ExecutionItem { ordinal, minor, creditor: Some(creditor), line: 10 + ordinal }
}

fn execute(lot: &Lot, items: &[ExecutionItem], book: &mut Book) -> Step {
    execute_internal(lot, items, book, BY).unwrap()
}

#[test]
fn a_lot_is_booked_in_chunks_and_completed_by_the_last() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Internal, &[100, 200, 300], &mut book);

    let first = execute(&lot, &[item(0, 100, PAYEE), item(1, 200, OTHER)], &mut book);
    assert_eq!((first.lot.stage, first.lot.executed_below, first.lot.booked), (Stage::Held, 2, 300));
    assert_eq!((first.was, first.events.len()), (lot.position(), 0));
    assert_eq!(balance(&book, PAYER), (700, 300));
    assert_eq!((balance(&book, PAYEE), balance(&book, OTHER)), ((100, 0), (200, 0)));

    let last = execute(&first.lot, &[item(2, 300, PAYEE)], &mut book);
    assert_eq!((last.lot.stage, last.lot.booked, last.lot.booked_count), (Stage::Completed, 600, 3));
    assert_eq!(last.events[0].stage, Stage::Completed);
    assert_eq!(balance(&book, PAYER), (400, 0));
    assert_eq!(book.used_on(PAYER, TODAY), 600, "what was booked stays used");
}

#[test]
fn each_payment_has_two_entries_that_name_it() {
    let mut book = book_with(account(PAYER, 100));
    let lot = held(Internal, &[100], &mut book);
    let journal = execute(&lot, &[item(0, 100, PAYEE)], &mut book).journal.unwrap();
    assert_eq!((journal.booking_date, journal.value_date, journal.currency), (TODAY, TODAY, Currency::EUR));
    let [debit, credit] = journal.entries.as_slice() else { panic!("{journal:?}") };
    assert_eq!((debit.account, debit.minor, debit.counter_account), (PAYER, -100, Some(PAYEE)));
    assert_eq!((credit.account, credit.minor, credit.counter_account), (PAYEE, 100, Some(PAYER)));
    let source = EntrySource::Payment { message: MESSAGE.0, ordinal: 0 };
    assert!(journal.entries.iter().all(|it| it.source == source && it.kind == EntryKind::InternalTransfer));
}

#[test]
fn a_payee_that_cannot_be_credited_refuses_that_payment_alone() {
    let dollars = Account { currency: Currency::new("USD").unwrap(), ..account(OTHER, 0) };
    let blocked = in_state(AccountId(4), 0, AccountState::Blocked);
    let closed = in_state(AccountId(5), 0, AccountState::Closed);
    let accounts = vec![account(PAYER, 1_000), account(PAYEE, 0), dollars, blocked, closed];
    let mut book = Book::new(TODAY, accounts, Vec::new());
    let lot = held(Internal, &[1, 2, 4, 8, 16, 32, 64], &mut book);
    let items = [
        ExecutionItem { creditor: None, ..item(0, 1, PAYEE) },
        item(1, 2, AccountId(404)),
        item(2, 4, OTHER),
        item(3, 8, AccountId(4)),
        item(4, 16, AccountId(5)),
        item(5, 32, PAYER),
        item(6, 64, PAYEE),
    ];
    let step = execute(&lot, &items, &mut book);
    assert_eq!(
        refused(&step.refusals),
        [
            (0, 0, 1, "TDAM-4002"),
            (1, 1, 1, "TDAM-4002"),
            (2, 2, 1, "TDAM-3205"),
            (3, 3, 1, "TDAM-4023"),
            (4, 4, 1, "TDAM-4023"),
            (5, 5, 1, "TDAM-3111"),
        ]
    );
    assert_eq!(step.refusals[3].line, 13);
    assert_eq!((step.lot.stage, step.lot.booked, step.lot.refused), (Stage::Completed, 64, 63));
    assert_eq!(balance(&book, PAYER), (936, 0));
    assert_eq!(book.used_on(PAYER, TODAY), 64, "refused payments give their limit back");
}

#[test]
fn a_lot_of_which_nothing_could_be_booked_is_refused() {
    let mut book = book_with(account(PAYER, 100));
    let lot = held(Internal, &[60, 40], &mut book);
    let items = [item(0, 60, PAYER), item(1, 40, PAYER)];
    let step = execute(&lot, &items, &mut book);
    assert_eq!((step.lot.stage, step.journal), (Stage::Refused, None));
    assert_eq!(balance(&book, PAYER), (100, 0));
    assert_eq!(book.used_on(PAYER, TODAY), 0);
}

#[test]
fn a_payer_blocked_half_way_refuses_the_rest_in_one_row() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Internal, &[100, 200, 300, 50], &mut book);
    let first = execute(&lot, &[item(0, 100, PAYEE)], &mut book);
    for (state, code) in [(AccountState::Blocked, "TDAM-4005"), (AccountState::Closed, "TDAM-4004")] {
        let mut book = with_state(&book, PAYER, state);
        let step = execute(&first.lot, &[item(1, 200, PAYEE)], &mut book);
        assert_eq!(refused(&step.refusals), [(1, 3, 3, code)]);
        assert_eq!((step.lot.stage, step.lot.open_count(), step.journal), (Stage::Completed, 0, None));
        assert_eq!(step.events[0].reason.as_deref(), Some(code));
        assert_eq!(balance(&book, PAYER), (900, 0));
        assert_eq!(book.used_on(PAYER, TODAY), 100);
    }
}

#[test]
fn what_is_not_the_next_chunk_of_the_lot_is_not_executed() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Internal, &[100, 200, 300], &mut book);
    let after = execute(&lot, &[item(0, 100, PAYEE)], &mut book).lot;
    let before = book.clone();
    let mut try_it = |lot: &Lot, items: &[ExecutionItem]| execute_internal(lot, items, &mut book, BY).unwrap_err();

    let again = try_it(&after, &[item(0, 100, PAYEE)]);
    assert_eq!(again, DecisionError::AlreadyExecuted { ordinal: 0, executed_below: 1 });
    assert_eq!(try_it(&after, &[]), DecisionError::NoPayments);
    let swapped = [item(2, 300, PAYEE), item(1, 200, PAYEE)];
    assert_eq!(try_it(&after, &swapped), DecisionError::NotInFileOrder { ordinal: 1 });
    assert_eq!(try_it(&after, &[item(3, 1, PAYEE)]), DecisionError::NotInLot { ordinal: 3 });
    assert_eq!(try_it(&after, &[item(1, 501, PAYEE)]), DecisionError::TotalsDiffer { lot: lot.id });
    let left_out = try_it(&after, &[item(2, 300, PAYEE)]);
    assert_eq!(left_out, DecisionError::TotalsDiffer { lot: lot.id }, "payment 1 was left out");
    assert_eq!(try_it(&after, &[item(1, -5, PAYEE)]), DecisionError::AmountNotPositive { ordinal: 1 });
    let done = Lot { stage: Stage::Completed, ..after.clone() };
    let wrong_stage = DecisionError::WrongStage { lot: lot.id, stage: Stage::Completed };
    assert_eq!(try_it(&done, &[item(1, 200, PAYEE)]), wrong_stage);
    let sepa = Lot { route: Sepa, ..after.clone() };
    assert_eq!(try_it(&sepa, &[item(1, 200, PAYEE)]), DecisionError::WrongRoute { lot: lot.id, route: Sepa });
    assert!(matches!(dispatch(&after, &mut before.clone(), BY), Err(DecisionError::WrongRoute { .. })));
    assert_eq!(book, before);
}

#[test]
fn payments_of_other_lots_and_refused_ones_may_lie_between() {
    let mut book = book_with(limited(PAYER, 1_000, Some(100), None));
    let lots = [draft(PAYER, Internal, TODAY), draft(PAYER, Sepa, TODAY)];
    let given = payments(&[(1, 5), (0, 10), (1, 5), (0, 999), (0, 20)]);
    let admission = send(payments::Acceptance::Partial, &lots, &given, &mut book);
    let step = execute(&admission.lots[0], &[item(1, 10, PAYEE), item(4, 20, PAYEE)], &mut book);
    assert_eq!((step.lot.stage, step.lot.booked), (Stage::Completed, 30));
    assert_eq!(balance(&book, PAYER), (970, 10), "the other lot's hold stays");
}
