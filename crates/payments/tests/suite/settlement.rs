//! SEPA: handed over, settled or rejected, returned; and incoming credits.
use crate::common::*;
use ledger::{AccountState, Book, BookError, CreditId, EntryKind, EntrySource};
use payments::{
    DecisionError, Incoming, Lot, Rejection, SettlementItem, Stage, dispatch, incoming_credit, return_payment, settle,
};
use rulebook::Route::{Internal, Sepa};

fn items(of: &[(u32, i64)]) -> Vec<SettlementItem> {
    of.iter().map(|&(ordinal, minor)| SettlementItem { ordinal, minor, line: 10 + ordinal }).collect()
}

fn rejection(ordinal: u32) -> Rejection<'static> {
    Rejection { ordinal, code: "TDAM-7001", detail: "AC04" }
}

fn dispatched(minors: &[i64], book: &mut Book) -> Lot {
    let lot = held(Sepa, minors, book);
    dispatch(&lot, book, BY).unwrap().lot
}

#[test]
fn handing_over_keeps_the_hold_and_books_nothing() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Sepa, &[100, 200], &mut book);
    let before = book.clone();
    let step = dispatch(&lot, &mut book, BY).unwrap();
    assert_eq!((step.lot.stage, &step.journal, step.events[0].stage), (Stage::Dispatched, &None, Stage::Dispatched));
    assert_eq!(book, before);
    let again = dispatch(&step.lot, &mut book, BY);
    assert_eq!(again, Err(DecisionError::WrongStage { lot: lot.id, stage: Stage::Dispatched }));
}

#[test]
fn a_payer_blocked_before_the_handover_refuses_the_lot() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = held(Sepa, &[100, 200], &mut book);
    let mut book = with_state(&book, PAYER, AccountState::Blocked);
    let step = dispatch(&lot, &mut book, BY).unwrap();
    assert_eq!((step.lot.stage, step.lot.refused, step.lot.refused_count), (Stage::Refused, 300, 2));
    assert_eq!(refused(&step.refusals), [(0, 1, 2, "TDAM-4005")]);
    assert_eq!(balance(&book, PAYER), (1_000, 0));
}

#[test]
fn what_settles_is_booked_with_one_entry_of_the_house_and_what_is_rejected_never_shows() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = dispatched(&[100, 200, 300, 50], &mut book);
    let rejections = [rejection(1), rejection(3)];

    let first = settle(&lot, &items(&[(0, 100), (1, 200), (2, 300)]), &rejections, HOUSE, &mut book, BY).unwrap();
    let journal = first.journal.unwrap();
    let entries: Vec<_> = journal.entries.iter().map(|it| (it.account, it.minor, it.source)).collect();
    let payment = |ordinal| EntrySource::Payment { message: MESSAGE.0, ordinal };
    assert_eq!(
        entries,
        [
            (PAYER, -100, payment(0)),
            (PAYER, -300, payment(2)),
            (HOUSE, 400, EntrySource::Lot { message: MESSAGE.0, lot: 0, first: 0 }),
        ]
    );
    assert!(journal.entries.iter().all(|it| it.kind == EntryKind::SepaTransfer));
    assert_eq!(refused(&first.refusals), [(1, 1, 1, "TDAM-7001")]);
    assert_eq!((first.refusals[0].detail.as_str(), first.refusals[0].line), ("AC04", 11));
    assert_eq!((first.lot.stage, first.lot.executed_below), (Stage::Dispatched, 3));
    assert_eq!(balance(&book, PAYER), (600, 50));

    let last = settle(&first.lot, &items(&[(3, 50)]), &rejections, HOUSE, &mut book, BY).unwrap();
    assert_eq!((last.lot.stage, last.lot.booked, last.lot.refused), (Stage::Completed, 400, 250));
    assert_eq!(last.journal, None);
    assert_eq!((balance(&book, PAYER), balance(&book, HOUSE)), ((600, 0), (400, 0)));
    assert_eq!(book.used_on(PAYER, TODAY), 400);
}

#[test]
fn a_lot_rejected_altogether_is_refused_and_leaves_no_entry() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = dispatched(&[100, 200], &mut book);
    let both = [rejection(0), rejection(1)];
    let step = settle(&lot, &items(&[(0, 100), (1, 200)]), &both, HOUSE, &mut book, BY).unwrap();
    assert_eq!((step.lot.stage, step.journal), (Stage::Refused, None));
    assert_eq!(balance(&book, PAYER), (1_000, 0));
}

#[test]
fn what_settled_is_booked_although_the_payer_was_blocked_meanwhile() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = dispatched(&[100], &mut book);
    let mut book = with_state(&on(&book, TOMORROW), PAYER, AccountState::Blocked);
    let step = settle(&lot, &items(&[(0, 100)]), &[], HOUSE, &mut book, BY).unwrap();
    assert_eq!((step.lot.stage, balance(&book, PAYER)), (Stage::Completed, (900, 0)));
    assert_eq!(step.journal.unwrap().booking_date, TOMORROW, "booked on the business day of the answer");
}

#[test]
fn answers_that_do_not_fit_the_lot_are_not_booked() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = dispatched(&[100, 200, 300], &mut book);
    let after = settle(&lot, &items(&[(0, 100)]), &[], HOUSE, &mut book, BY).unwrap().lot;
    let before = book.clone();
    let mut try_it = |given: &[(u32, i64)], rejections: &[Rejection<'_>], house| {
        settle(&after, &items(given), rejections, house, &mut book, BY).unwrap_err()
    };
    let again = DecisionError::AlreadyExecuted { ordinal: 0, executed_below: 1 };
    assert_eq!(try_it(&[(0, 100)], &[], HOUSE), again);
    assert_eq!(try_it(&[(2, 300)], &[], HOUSE), DecisionError::TotalsDiffer { lot: lot.id }, "1 was left out");
    let unknown = try_it(&[(2, 300)], &[rejection(1)], HOUSE);
    assert_eq!(unknown, DecisionError::RejectionUnknown { ordinal: 1 });
    assert_eq!(try_it(&[(1, 200)], &[], PAYEE), DecisionError::NotTheHouse(PAYEE));
    assert_eq!(book, before);
}

#[test]
fn returned_money_is_a_new_credit_and_takes_nothing_back() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = dispatched(&[100, 200], &mut book);
    let lot = settle(&lot, &items(&[(0, 100), (1, 200)]), &[], HOUSE, &mut book, BY).unwrap().lot;
    let incoming = Incoming { id: CreditId(5), account: PAYER, minor: 200 };
    let journal = return_payment(&lot, 1, &incoming, HOUSE, &mut book).unwrap();
    let entries: Vec<_> = journal.entries.iter().map(|it| (it.account, it.minor, it.kind, it.source)).collect();
    let source = EntrySource::Incoming { id: CreditId(5) };
    assert_eq!(entries, [(HOUSE, -200, EntryKind::Return, source), (PAYER, 200, EntryKind::Return, source)]);
    assert_eq!((balance(&book, PAYER), balance(&book, HOUSE)), ((900, 0), (100, 0)));
    assert_eq!(book.used_on(PAYER, TODAY), 300);
}

#[test]
fn only_what_settled_can_come_back_and_only_to_its_payer() {
    let mut book = book_with(account(PAYER, 1_000));
    let lot = dispatched(&[100, 200], &mut book);
    let lot = settle(&lot, &items(&[(0, 100)]), &[], HOUSE, &mut book, BY).unwrap().lot;
    let before = book.clone();
    let try_it = |lot: &Lot, ordinal, incoming: Incoming, state| {
        let mut book = with_state(&book, PAYER, state);
        return_payment(lot, ordinal, &incoming, HOUSE, &mut book).unwrap_err()
    };
    let incoming = Incoming { id: CreditId(5), account: PAYER, minor: 100 };
    let open = AccountState::Open;
    assert_eq!(try_it(&lot, 1, incoming, open), DecisionError::NotSettled { ordinal: 1 });
    assert_eq!(try_it(&lot, 0, Incoming { minor: 101, ..incoming }, open), DecisionError::NotSettled { ordinal: 0 });
    let internal = Lot { route: Internal, ..lot.clone() };
    assert_eq!(try_it(&internal, 0, incoming, open), DecisionError::NotSettled { ordinal: 0 });
    assert_eq!(try_it(&lot, 0, Incoming { account: OTHER, ..incoming }, open), DecisionError::NotInLot { ordinal: 0 });
    let closed = try_it(&lot, 0, incoming, AccountState::Closed);
    assert_eq!(closed, DecisionError::Book(BookError::NotOpen(PAYER, AccountState::Closed)));
    assert_eq!(book, before);
}

#[test]
fn incoming_money_is_credited_to_open_accounts_only() {
    let mut book = book_with(account(PAYER, 0));
    let incoming = Incoming { id: CreditId(8), account: PAYER, minor: 70 };
    let journal = incoming_credit(&incoming, HOUSE, &mut book).unwrap();
    assert_eq!(journal.entries[1].kind, EntryKind::SepaTransfer);
    assert_eq!((balance(&book, PAYER), balance(&book, HOUSE)), ((70, 0), (-70, 0)));
    let nothing = incoming_credit(&Incoming { minor: 0, ..incoming }, HOUSE, &mut book);
    assert_eq!(nothing, Err(DecisionError::Book(BookError::NegativeAmount(PAYER))));
    for state in [AccountState::Blocked, AccountState::Closed] {
        let mut book = with_state(&book, PAYER, state);
        let refused = incoming_credit(&incoming, HOUSE, &mut book);
        assert_eq!(refused, Err(DecisionError::Book(BookError::NotOpen(PAYER, state))));
    }
}
