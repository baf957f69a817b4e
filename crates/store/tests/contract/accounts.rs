//! Accounts, the house's own accounts, and the business day that never goes back.

use jiff::ToSpan;
use ledger::AccountId;
use store::{HousePurpose, StoreError};

use crate::support::*;

pub fn accounts_read_back_by_iban_id_and_client(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let mut expected = account("LV10TREL0000000000001", Some(treasury.client));
    expected.ledger.id = treasury.payer;
    let of_client = read(&store, |snapshot| snapshot.accounts_of(treasury.client));
    assert_eq!(of_client.len(), 2);
    assert_eq!(of_client[0], expected);
    let by_iban = read(&store, |snapshot| {
        snapshot.accounts_by_iban(&["LV00UNKNOWN", "LV10TREL0000000000001", "LV10TREL0000000000001"])
    });
    assert_eq!(by_iban, [expected.clone()], "unknown ones are left out, each is given once");
    let by_id = read(&store, |snapshot| snapshot.accounts(&[treasury.payer, AccountId(4711)]));
    assert_eq!(by_id, [expected]);
}

pub fn an_iban_is_taken_once(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let result =
        store.write_blocking(move |tx| tx.insert_account(&account("LV10TREL0000000000001", Some(treasury.client))));
    assert!(matches!(result, Err(StoreError::Conflict(_))), "{result:?}");
}

pub fn house_accounts_are_named(open: Open<'_>) {
    let store = open();
    let missing = store.read_blocking(|snapshot| snapshot.house_account(HousePurpose::Settlement));
    assert!(matches!(missing, Err(StoreError::Missing(_))), "{missing:?}");
    let treasury = Treasury::found(&store);
    let named = |purpose| read(&store, |snapshot| snapshot.house_account(purpose));
    assert_eq!(named(HousePurpose::Settlement), treasury.settlement);
    assert_eq!(named(HousePurpose::Opening), treasury.opening);
}

pub fn the_business_day_never_goes_back(open: Open<'_>) {
    let store = open();
    let unset = store.read_blocking(|snapshot| snapshot.business_day());
    assert!(matches!(unset, Err(StoreError::Missing(_))), "{unset:?}");
    let tuesday = MONDAY.checked_add(1.day()).unwrap();
    write(&store, move |tx| tx.set_business_day(tuesday));
    write(&store, move |tx| tx.set_business_day(tuesday));
    let back = store.write_blocking(|tx| tx.set_business_day(MONDAY));
    assert!(matches!(back, Err(StoreError::Refused(_))), "{back:?}");
    drop(store);
    assert_eq!(read(&open(), |snapshot| snapshot.business_day()), tuesday);
}
