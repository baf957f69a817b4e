//! Limits of one payment and of one day.
use crate::common::{PAYEE, PAYER, TODAY, TOMORROW, account, book};
use ledger::{Account, Book, BookError, DailyUse, Growth, Limits};

fn limited(per_payment: Option<i64>, per_day: Option<i64>) -> Account {
    Account { limits: Limits { per_payment, per_day }, ..account(PAYER, 0) }
}

fn used(minor: i64) -> DailyUse {
    DailyUse { minor, growth: None }
}

/// What the book knows of today's use of the payer's limit.
fn use_of_today(book: &Book) -> DailyUse {
    book.daily_use().find(|(id, date, _)| (*id, *date) == (PAYER, TODAY)).unwrap().2
}

/// The same book after the operator gave the payer another limit of a day.
fn with_limit(book: &Book, per_day: Option<i64>) -> Book {
    let limits = Limits { per_payment: None, per_day };
    let change =
        |account: &Account| if account.id == PAYER { Account { limits, ..account.clone() } } else { account.clone() };
    Book::new(book.business_day, book.accounts().map(change).collect(), book.daily_use().collect())
}

#[test]
fn a_payment_of_the_limit_passes_and_one_cent_more_does_not() {
    let book = book(vec![limited(Some(500), None)]);
    assert_eq!(book.check_payment_limit(PAYER, TODAY, 500), Ok(()));
    assert_eq!(book.check_payment_limit(PAYER, TODAY, 501), Err(BookError::OverPaymentLimit(PAYER)));
    assert_eq!(book.check_payment_limit(PAYEE, TODAY, 1), Err(BookError::UnknownAccount(PAYEE)));
}

/// Both limits of the day stand in place of the account's own, also where one of them is none.
#[test]
fn limits_of_one_day_hold_on_that_day_alone() {
    let for_today = |per_payment, per_day| {
        book(vec![limited(Some(500), Some(1_000))]).with_day_limits([(PAYER, TODAY, Limits { per_payment, per_day })])
    };
    let mut higher = for_today(None, Some(3_000));
    assert_eq!(higher.check_payment_limit(PAYER, TODAY, 2_000), Ok(()));
    assert_eq!(higher.check_payment_limit(PAYER, TOMORROW, 501), Err(BookError::OverPaymentLimit(PAYER)));
    higher.reserve_limit(PAYER, TODAY, 3_000).unwrap();
    assert_eq!(use_of_today(&higher).growth, Some(Growth { to: 3_000, limit: 3_000 }));
    assert_eq!(higher.reserve_limit(PAYER, TODAY, 1), Err(BookError::OverDailyLimit(PAYER)));
    assert_eq!(higher.reserve_limit(PAYER, TOMORROW, 1_001), Err(BookError::OverDailyLimit(PAYER)));
    let mut lower = for_today(Some(500), Some(0));
    assert_eq!(lower.reserve_limit(PAYER, TODAY, 1), Err(BookError::OverDailyLimit(PAYER)));
    assert_eq!(lower.reserve_limit(PAYER, TOMORROW, 1_000), Ok(()));
}

#[test]
fn each_date_has_its_own_limit() {
    let mut book = book(vec![limited(None, Some(1_000))]);
    book.reserve_limit(PAYER, TODAY, 1_000).unwrap();
    let before = book.clone();
    assert_eq!(book.reserve_limit(PAYER, TODAY, 1), Err(BookError::OverDailyLimit(PAYER)));
    assert_eq!(book, before);
    assert_eq!(book.reserve_limit(PAYER, TOMORROW, 1_000), Ok(()));
    assert_eq!((book.used_on(PAYER, TODAY), book.used_on(PAYER, TOMORROW)), (1_000, 1_000));
}

#[test]
fn what_was_used_before_counts() {
    let mut book = Book::new(TODAY, vec![limited(None, Some(1_000))], vec![(PAYER, TODAY, used(990))]);
    assert_eq!(book.reserve_limit(PAYER, TODAY, 11), Err(BookError::OverDailyLimit(PAYER)));
    assert_eq!(book.reserve_limit(PAYER, TODAY, 10), Ok(()));
}

#[test]
fn a_limit_lowered_below_its_use_lets_nothing_through_and_lets_go() {
    let mut book = Book::new(TODAY, vec![limited(None, Some(100))], vec![(PAYER, TODAY, used(900))]);
    assert_eq!(book.reserve_limit(PAYER, TODAY, 1), Err(BookError::OverDailyLimit(PAYER)));
    assert_eq!(book.free_limit(PAYER, TODAY, 850), Ok(()));
    assert_eq!(book.reserve_limit(PAYER, TODAY, 50), Ok(()));
}

#[test]
fn the_use_is_counted_without_a_limit_too() {
    let mut book = book(vec![limited(None, None)]);
    book.reserve_limit(PAYER, TODAY, 700).unwrap();
    assert_eq!(book.daily_use().collect::<Vec<_>>(), [(PAYER, TODAY, used(700))]);
    assert_eq!(book.reserve_limit(PAYER, TODAY, i64::MAX), Err(BookError::Overflow(PAYER)));
}

#[test]
fn the_limit_in_force_is_remembered_with_the_use_that_it_allowed() {
    let mut book = book(vec![limited(None, Some(1_000))]);
    book.reserve_limit(PAYER, TODAY, 600).unwrap();
    assert_eq!(use_of_today(&book), DailyUse { minor: 600, growth: Some(Growth { to: 600, limit: 1_000 }) });

    let mut book = with_limit(&book, Some(100));
    book.free_limit(PAYER, TODAY, 50).unwrap();
    assert_eq!(book.reserve_limit(PAYER, TODAY, 0), Err(BookError::OverDailyLimit(PAYER)));
    let kept = DailyUse { minor: 550, growth: Some(Growth { to: 600, limit: 1_000 }) };
    assert_eq!(use_of_today(&book), kept, "what was allowed stays allowed");

    let mut book = with_limit(&book, Some(2_000));
    assert_eq!(book.reserve_limit(PAYER, TODAY, 0), Ok(()));
    assert_eq!(use_of_today(&book), kept, "nothing grew");
    book.reserve_limit(PAYER, TODAY, 1_000).unwrap();
    assert_eq!(use_of_today(&book), DailyUse { minor: 1_550, growth: Some(Growth { to: 1_550, limit: 2_000 }) });

    let mut book = with_limit(&book, None);
    book.reserve_limit(PAYER, TODAY, 1).unwrap();
    assert_eq!(use_of_today(&book), used(1_551), "without a limit there is nothing to hold it against");
}

#[test]
fn more_than_was_used_cannot_be_given_back() {
    let mut book = book(vec![limited(None, Some(1_000))]);
    book.reserve_limit(PAYER, TODAY, 300).unwrap();
    let before = book.clone();
    assert_eq!(book.free_limit(PAYER, TODAY, 301), Err(BookError::FreedBeyondUse(PAYER)));
    assert_eq!(book.free_limit(PAYER, TOMORROW, 1), Err(BookError::FreedBeyondUse(PAYER)));
    assert_eq!(book.free_limit(PAYER, TODAY, -1), Err(BookError::NegativeAmount(PAYER)));
    assert_eq!(book, before);
    book.free_limit(PAYER, TODAY, 300).unwrap();
    assert_eq!(book.used_on(PAYER, TODAY), 0);
}
