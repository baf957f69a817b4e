//! Journals that the book accepts, and those that it refuses.
use crate::common::{HOUSE, PAYEE, PAYER, TODAY, account, book};
use ledger::{Account, AccountId, AccountState, Book, BookError, Entry, EntryKind, EntrySource, Journal, JournalError};
use money::Currency;
use proptest::prelude::*;

fn entry(account: AccountId, minor: i64) -> Entry {
    let source = EntrySource::Payment { message: 1, ordinal: 0 };
    Entry { account, minor, kind: EntryKind::InternalTransfer, source, counter_account: None }
}

fn journal(entries: &[(AccountId, i64)]) -> Journal {
    Journal {
        booking_date: TODAY,
        value_date: TODAY,
        currency: Currency::EUR,
        entries: entries.iter().map(|&(account, minor)| entry(account, minor)).collect(),
    }
}

fn balances(book: &Book) -> Vec<i64> {
    book.accounts().map(|account| account.balance).collect()
}

#[test]
fn a_journal_in_balance_moves_money() {
    let mut book = book(vec![account(PAYER, 1_000), account(PAYEE, 0)]);
    book.book(&journal(&[(PAYER, -300), (PAYEE, 300), (PAYER, -50), (PAYEE, 50)])).unwrap();
    assert_eq!(balances(&book), [650, 350]);
}

#[test]
fn a_journal_out_of_balance_is_none() {
    let mut book = book(vec![account(PAYER, 1_000), account(PAYEE, 0)]);
    let before = book.clone();
    let error = book.book(&journal(&[(PAYER, -300), (PAYEE, 299)])).unwrap_err();
    assert_eq!(error, BookError::Journal(JournalError::Unbalanced { remainder: -1 }));
    assert_eq!(book, before);
}

#[test]
fn an_account_that_was_not_loaded_refuses_the_whole_journal() {
    let mut book = book(vec![account(PAYER, 1_000)]);
    let before = book.clone();
    assert_eq!(book.book(&journal(&[(PAYER, -1), (PAYEE, 1)])), Err(BookError::UnknownAccount(PAYEE)));
    assert_eq!(book, before);
}

#[test]
fn money_of_one_currency_is_not_booked_on_an_account_of_another() {
    let dollars = Account { currency: Currency::new("USD").unwrap(), ..account(PAYEE, 0) };
    let mut book = book(vec![account(PAYER, 1_000), dollars]);
    let before = book.clone();
    assert_eq!(book.book(&journal(&[(PAYER, -1), (PAYEE, 1)])), Err(BookError::OtherCurrency(PAYEE)));
    assert_eq!(book, before);
}

#[test]
fn balances_that_do_not_fit_are_refused() {
    let mut book = book(vec![account(HOUSE, 0), account(PAYEE, i64::MAX)]);
    let before = book.clone();
    assert_eq!(book.book(&journal(&[(HOUSE, -1), (PAYEE, 1)])), Err(BookError::Overflow(PAYEE)));
    assert_eq!(book, before);
}

#[test]
fn a_customer_cannot_be_debited_what_is_on_hold_for_something_else() {
    let mut book = book(vec![Account { held: 800, ..account(PAYER, 1_000) }, account(PAYEE, 0)]);
    let before = book.clone();
    let refused = Err(BookError::InsufficientFunds(PAYER));
    assert_eq!(book.book(&journal(&[(PAYER, -201), (PAYEE, 201)])), refused);
    assert_eq!(book, before);
    assert_eq!(book.book_from_hold(&journal(&[(PAYER, -201), (PAYEE, 201)]), PAYER, 0), refused);
    assert_eq!(book.book_from_hold(&journal(&[(PAYER, -201), (PAYEE, 201)]), PAYER, 1), Ok(()));
    assert_eq!(book.account(PAYER).unwrap().held, 799);
    assert_eq!(book.account(PAYER).unwrap().available(), Some(0));
}

#[test]
fn a_refused_booking_keeps_the_hold() {
    let mut book = book(vec![Account { held: 800, ..account(PAYER, 1_000) }, account(PAYEE, 0)]);
    let before = book.clone();
    let unbalanced = journal(&[(PAYER, -800), (PAYEE, 801)]);
    assert!(matches!(book.book_from_hold(&unbalanced, PAYER, 800), Err(BookError::Journal(_))));
    let sound = journal(&[(PAYER, -800), (PAYEE, 800)]);
    assert_eq!(book.book_from_hold(&sound, PAYER, 801), Err(BookError::ReleaseBeyondHold(PAYER)));
    assert_eq!(book, before);
}

#[test]
fn what_settled_is_booked_on_blocked_accounts_too_and_the_house_may_owe() {
    let blocked = Account { state: AccountState::Blocked, ..account(PAYER, 0) };
    let mut book = book(vec![blocked, account(HOUSE, 0)]);
    book.book(&journal(&[(HOUSE, -70), (PAYER, 70)])).unwrap();
    assert_eq!(balances(&book), [70, -70]);
}

#[test]
fn a_journal_of_200_000_entries_is_booked_in_one_go() {
    let payees = 1_000;
    let mut accounts = vec![account(PAYER, 100_000)];
    accounts.extend((0..payees).map(|n| account(AccountId(100 + n), 0)));
    let entries = (0..100_000).flat_map(|n| [(PAYER, -1), (AccountId(100 + n % payees), 1)]);
    let mut book = book(accounts);
    book.book(&journal(&entries.collect::<Vec<_>>())).unwrap();
    assert_eq!(book.account(PAYER).unwrap().balance, 0);
    assert!(book.accounts().skip(1).all(|account| account.balance == 100));
}

proptest! {
    /// Balances change by exactly the entries, and their sum never: booked, or refused and untouched.
    #[test]
    fn money_is_neither_made_nor_lost(
        opening in prop::collection::vec(0..1_000_i64, 4),
        moves in prop::collection::vec((0..4_usize, 0..4_usize, 0..500_i64), 0..40),
    ) {
        let accounts = (0..).zip(&opening).map(|(n, &balance)| account(AccountId(n), balance)).collect();
        let mut book = book(accounts);
        for (from, to, minor) in moves {
            let before = balances(&book);
            let entries = [(AccountId(from as i64), -minor), (AccountId(to as i64), minor)];
            let done = book.book(&journal(&entries));
            let mut expected = before.clone();
            if done.is_ok() {
                expected[from] -= minor;
                expected[to] += minor;
            }
            prop_assert_eq!(done.is_ok(), from == to || before[from] >= minor);
            prop_assert_eq!(balances(&book), expected);
        }
    }
}
