//! Books, which a decision loads and writes back, and the use of daily limits.

use jiff::ToSpan;
use ledger::{AccountState, Book, BookError, DailyUse, EntrySource, Growth, Limits};
use payments::invariants::{Violation, check};
use store::{StoreError, Writing};

use crate::support::*;

fn refused(error: BookError) -> StoreError {
    StoreError::Refused(error.to_string())
}

pub fn only_what_was_loaded_is_saved(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    treasury.fund(&store, treasury.payer, 1000, MONDAY);
    write(&store, move |tx| {
        let mut book = tx.book(&[treasury.payee, treasury.payer], &[])?;
        assert_eq!(book.business_day, MONDAY);
        book.book(&transfer(treasury.payer, treasury.payee, 300, EntrySource::Opening, MONDAY)).map_err(refused)?;
        tx.save_book(&book)?;
        let again = tx.book(&[treasury.payer], &[])?;
        assert_eq!(again.account(treasury.payer).unwrap().balance, 700, "seen within the transaction");
        Ok(())
    });
    let balances = read(&store, |snapshot| {
        let accounts = snapshot.accounts(&[treasury.payer, treasury.payee, treasury.opening])?;
        Ok(accounts.iter().map(|account| account.ledger.balance).collect::<Vec<_>>())
    });
    assert_eq!(balances, [-1000, 700, 300], "by id: opening, payer, payee");
    let stranger = read(&store, |snapshot| snapshot.accounts(&[treasury.payer])).remove(0).ledger;
    let book = Book::new(MONDAY, vec![stranger], Vec::new());
    let result = store.write_blocking(move |tx| tx.save_book(&book));
    assert!(matches!(result, Err(StoreError::Refused(_))), "{result:?}");
}

pub fn the_use_of_a_new_date_gets_a_row(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let tuesday = MONDAY.checked_add(1.day()).unwrap();
    let reserve = move |minor| {
        write(&store, move |tx| {
            let mut book = tx.book(&[treasury.payer], &[MONDAY, tuesday])?;
            book.reserve_limit(treasury.payer, tuesday, minor).map_err(refused)?;
            tx.save_book(&book)
        });
        read(&store, |snapshot| snapshot.facts())
    };
    let dates = || {
        let store = open();
        write(&store, move |tx| {
            let book = tx.book(&[treasury.payer], &[MONDAY, tuesday])?;
            Ok(book.daily_use().map(|(_, date, used)| (date, used.minor)).collect::<Vec<_>>())
        })
    };
    assert_eq!(dates(), [(MONDAY, 0), (tuesday, 0)]);
    reserve(70);
    assert_eq!(dates(), [(MONDAY, 0), (tuesday, 70)]);
    reserve(30);
    assert_eq!(dates(), [(MONDAY, 0), (tuesday, 100)]);
    // A book without the date cannot overwrite what others use of it.
    let store = open();
    let result = store.write_blocking(move |tx| {
        let mut book = tx.book(&[treasury.payer], &[])?;
        book.reserve_limit(treasury.payer, tuesday, 1).map_err(refused)?;
        tx.save_book(&book)
    });
    assert!(matches!(result, Err(StoreError::Refused(_))), "{result:?}");
    assert_eq!(dates(), [(MONDAY, 0), (tuesday, 100)]);
}

pub fn the_limit_that_allowed_a_use_is_kept_with_it(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let payer = treasury.payer;
    let with_limit = |per_day, change: fn(&mut Book, ledger::AccountId) -> Result<(), BookError>| {
        write(&store, move |tx: &mut dyn Writing| {
            let mut account = tx.accounts(&[payer])?.remove(0).ledger;
            account.limits = Limits { per_payment: None, per_day };
            tx.update_account(&account)?;
            let mut book = tx.book(&[payer], &[MONDAY])?;
            change(&mut book, payer).map_err(refused)?;
            tx.save_book(&book)
        });
        write(&open(), move |tx| {
            let book = tx.book(&[payer], &[MONDAY])?;
            Ok(book.daily_use().next().unwrap().2)
        })
    };
    let allowed = |minor, to, limit| DailyUse { minor, growth: Some(Growth { to, limit }) };
    assert_eq!(with_limit(Some(500), |book, payer| book.reserve_limit(payer, MONDAY, 400)), allowed(400, 400, 500));
    assert_eq!(with_limit(Some(1), |book, payer| book.free_limit(payer, MONDAY, 50)), allowed(350, 400, 500));
    assert_eq!(with_limit(Some(700), |book, payer| book.reserve_limit(payer, MONDAY, 350)), allowed(700, 700, 700));
    let violations = check(&read(&store, |snapshot| snapshot.facts()));
    assert!(matches!(violations[..], [Violation::DailyUseDiffers { .. }]), "no lots take it: {violations:?}");
    let unlimited = with_limit(None, |book, payer| book.reserve_limit(payer, MONDAY, 9));
    assert_eq!(unlimited, DailyUse { minor: 709, growth: None });
    // The store writes no use beyond its limit, from any decision.
    let beyond = store.write_blocking(move |tx| {
        let book = tx.book(&[payer], &[MONDAY])?;
        let accounts = book.accounts().cloned().collect();
        tx.save_book(&Book::new(MONDAY, accounts, vec![(payer, MONDAY, allowed(900, 900, 899))]))
    });
    assert!(matches!(beyond, Err(StoreError::Refused(_))), "{beyond:?}");
}

pub fn a_customer_never_goes_below_zero(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    treasury.fund(&store, treasury.payer, 1000, MONDAY);
    let take = |minor| {
        store.write_blocking(move |tx| {
            let mut book = tx.book(&[treasury.payer, treasury.settlement], &[])?;
            book.book(&transfer(treasury.payer, treasury.settlement, minor, EntrySource::Opening, MONDAY))
                .map_err(refused)?;
            tx.save_book(&book)
        })
    };
    assert!(matches!(take(1001), Err(StoreError::Refused(_))), "the store is the last line of defence");
    assert_eq!(take(1000), Ok(()));
    assert!(matches!(take(1), Err(StoreError::Refused(_))));
}

pub fn limits_and_state_change_beside_balances(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    treasury.fund(&store, treasury.payer, 1000, MONDAY);
    let limits = Limits { per_payment: Some(500), per_day: None };
    write(&store, move |tx| {
        let mut account = tx.accounts(&[treasury.payer])?.remove(0).ledger;
        account.limits = limits;
        account.state = AccountState::Blocked;
        account.balance = 7;
        tx.update_account(&account)
    });
    let account = read(&store, |snapshot| snapshot.accounts(&[treasury.payer])).remove(0).ledger;
    assert_eq!((account.limits, account.state), (limits, AccountState::Blocked));
    assert_eq!(account.balance, 1000, "balances change by entries alone");
}
