//! Holds, and the funds that remain available.
use crate::common::{HOUSE, PAYEE, PAYER, account, book};
use ledger::{Account, AccountId, AccountState, BookError};
use proptest::prelude::*;

#[test]
fn a_hold_takes_what_is_available_to_the_last_cent_and_no_further() {
    let mut book = book(vec![account(PAYER, 1_000)]);
    book.hold(PAYER, 600).unwrap();
    book.hold(PAYER, 400).unwrap();
    assert_eq!(book.account(PAYER).unwrap().available(), Some(0));
    assert_eq!(book.account(PAYER).unwrap().balance, 1_000, "nothing is booked by a hold");
    let before = book.clone();
    assert_eq!(book.hold(PAYER, 1), Err(BookError::InsufficientFunds(PAYER)));
    assert_eq!(book, before);
}

#[test]
fn more_than_is_held_cannot_be_released() {
    let mut book = book(vec![account(PAYER, 1_000)]);
    book.hold(PAYER, 300).unwrap();
    let before = book.clone();
    assert_eq!(book.release(PAYER, 301), Err(BookError::ReleaseBeyondHold(PAYER)));
    assert_eq!(book, before);
    book.release(PAYER, 300).unwrap();
    assert_eq!(book.account(PAYER).unwrap().held, 0);
}

#[test]
fn a_blocked_or_closed_account_gets_no_hold_but_gives_back_the_one_it_has() {
    for state in [AccountState::Blocked, AccountState::Closed] {
        let mut book = book(vec![Account { state, held: 100, ..account(PAYER, 1_000) }]);
        assert_eq!(book.hold(PAYER, 1), Err(BookError::NotOpen(PAYER, state)));
        assert_eq!(book.release(PAYER, 100), Ok(()));
    }
}

#[test]
fn the_house_may_hold_what_it_does_not_have() {
    let mut book = book(vec![account(HOUSE, 0)]);
    book.hold(HOUSE, 500).unwrap();
    assert_eq!(book.account(HOUSE).unwrap().available(), Some(-500));
}

#[test]
fn unknown_accounts_negative_amounts_and_amounts_that_do_not_fit_are_refused() {
    let mut book = book(vec![account(PAYER, 1_000), Account { held: 1, ..account(HOUSE, 0) }]);
    let before = book.clone();
    assert_eq!(book.hold(PAYEE, 1), Err(BookError::UnknownAccount(PAYEE)));
    assert_eq!(book.release(PAYEE, 1), Err(BookError::UnknownAccount(PAYEE)));
    assert_eq!(book.hold(PAYER, -1), Err(BookError::NegativeAmount(PAYER)));
    assert_eq!(book.release(PAYER, -1), Err(BookError::NegativeAmount(PAYER)));
    assert_eq!(book.hold(HOUSE, i64::MAX), Err(BookError::Overflow(HOUSE)));
    assert_eq!(book, before);
}

#[test]
fn errors_say_which_account_and_why() {
    let error = BookError::NotOpen(AccountId(7), AccountState::Blocked);
    assert_eq!(error.to_string(), "account 7 is blocked");
    assert_eq!(BookError::InsufficientFunds(AccountId(7)).to_string(), "account 7 has not enough available");
}

proptest! {
    /// For any operations in any order, a customer's available funds stay at 0 or above, and a refused operation
    /// changes nothing.
    #[test]
    fn no_sequence_of_holds_and_releases_overdraws(
        balance in 0..10_000_i64,
        asked in prop::collection::vec((any::<bool>(), -10..4_000_i64), 0..60),
    ) {
        let mut book = book(vec![account(PAYER, balance)]);
        for (hold, minor) in asked {
            let before = book.clone();
            let done = if hold { book.hold(PAYER, minor) } else { book.release(PAYER, minor) };
            let account = book.account(PAYER).unwrap();
            prop_assert!(account.held >= 0 && account.available().unwrap() >= 0);
            if done.is_err() {
                prop_assert_eq!(&book, &before);
            } else {
                prop_assert_ne!(book == before, minor != 0);
            }
        }
    }
}
