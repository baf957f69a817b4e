//! The facts that the invariants are checked on, also when the database has been tampered with.

use ledger::EntrySource;
use payments::invariants::{Violation, check};
use payments::{Event, Lot, MessageId, PaymentId, Stage};
use store::{DuplicateKey, Message, PaymentRow, Store, StoreError};

use crate::support::*;

/// A message of two payments of 100, both booked.
fn pay(store: &Store, treasury: Treasury) -> MessageId {
    treasury.fund(store, treasury.payer, 1000, MONDAY);
    let message = treasury.receive(store, 1);
    write(store, move |tx| {
        tx.stage_blocks(message, treasury.client, &[treasury.block(message, 0, 0, 2)])?;
        let row = |ordinal| PaymentRow { ordinal, block: 0, lot: Some(0), minor: 100, creditor: None, record: b"" };
        tx.stage_payments(message, &[0, 1].map(row))?;
        let key = |ordinal| DuplicateKey { hash: i64::from(ordinal), ordinal };
        tx.stage_duplicate_keys(message, &mut [0, 1].map(key))?;
        tx.insert_message(&Message { payments: 2, ..treasury.message(message, "MSG-1", 1) })?;
        tx.activate(message, treasury.client)?;
        let lot = treasury.lot(message, 0, 0, 1);
        tx.insert_lots(&[Lot {
            stage: Stage::Completed,
            executed_below: 2,
            booked: 200,
            booked_count: 2,
            ..lot.clone()
        }])?;
        tx.append_events(&[Event {
            lot: lot.id,
            stage: Stage::Completed,
            at: at(1),
            business_day: MONDAY,
            actor: "test".to_owned(),
            reason: None,
        }])?;
        let mut book = tx.book(&[treasury.payer, treasury.payee], &[MONDAY])?;
        book.reserve_limit(treasury.payer, MONDAY, 200).map_err(|error| StoreError::Refused(error.to_string()))?;
        tx.save_book(&book)
    });
    for ordinal in [0, 1] {
        book_payment(store, treasury, message, ordinal);
    }
    message
}

fn book_payment(store: &Store, treasury: Treasury, message: MessageId, ordinal: u32) {
    write(store, move |tx| {
        let source = EntrySource::Payment { message: message.0, ordinal };
        let journal = transfer(treasury.payer, treasury.payee, 100, source, MONDAY);
        let mut book = tx.book(&[treasury.payer, treasury.payee], &[])?;
        book.book(&journal).map_err(|error| StoreError::Refused(error.to_string()))?;
        tx.append_entries(&journal)?;
        tx.save_book(&book)
    });
}

pub fn a_sound_store_has_no_violation(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    pay(&store, treasury);
    let mut facts = read(&store, |snapshot| snapshot.facts());
    facts.quiescent();
    assert_eq!(check(&facts), []);
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
}

pub fn a_payment_booked_twice_is_found(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = pay(&store, treasury);
    book_payment(&store, treasury, message, 1);
    let violations = check(&read(&store, |snapshot| snapshot.facts()));
    let payment = PaymentId { message, ordinal: 1 };
    assert!(violations.contains(&Violation::BookedTwice { payment }), "{violations:?}");
    let problems = store.check().unwrap().problems;
    assert!(problems.iter().any(|problem| problem.contains("cause of another entry")), "{problems:?}");
}
