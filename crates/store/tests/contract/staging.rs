//! Stages: payments that are invisible before the activation, and that the store can discard.

use payments::MessageId;
use store::{PaymentRow, Reading, Store, StoreError};

use crate::support::*;

/// Four payments, the third of which was refused before it got a lot.
pub fn stage(store: &Store, treasury: Treasury, message: MessageId) {
    write(store, move |tx| {
        tx.stage_blocks(message, treasury.client, &[treasury.block(message, 0, 0, 4)])?;
        let records: Vec<Vec<u8>> = (0..4).map(|ordinal| format!("record {ordinal}").into_bytes()).collect();
        let payment = |ordinal: u32| PaymentRow {
            ordinal,
            block: 0,
            lot: if ordinal == 2 { None } else { Some(ordinal % 2) },
            minor: 100 + i64::from(ordinal),
            creditor: (ordinal == 1).then_some(treasury.payee),
            record: &records[ordinal as usize],
        };
        tx.stage_payments(message, &[0, 1, 2, 3].map(payment))
    });
}

fn ordinals(
    snapshot: &mut dyn Reading,
    message: MessageId,
    lot: Option<u32>,
    from: u32,
    limit: u32,
) -> Result<Vec<u32>, StoreError> {
    let mut found = Vec::new();
    let given = snapshot.payments(message, lot, from, limit, &mut |payment| {
        assert_eq!(payment.record, format!("record {}", payment.ordinal).as_bytes());
        assert_eq!(payment.minor, 100 + i64::from(payment.ordinal));
        found.push(payment.ordinal);
        Ok(())
    })?;
    assert_eq!(given as usize, found.len());
    Ok(found)
}

pub fn payments_read_back_in_file_order(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let (first, second) = (treasury.receive(&store, 1), treasury.receive(&store, 2));
    stage(&store, treasury, second);
    stage(&store, treasury, first);
    let blocks = read(&store, |snapshot| snapshot.blocks(first));
    assert_eq!(blocks, [treasury.block(first, 0, 0, 4)]);
    let pages = read(&store, |snapshot| {
        Ok([
            ordinals(snapshot, first, None, 0, 100)?,
            ordinals(snapshot, first, None, 1, 2)?,
            ordinals(snapshot, first, None, 4, 100)?,
        ])
    });
    assert_eq!(pages, [vec![0, 1, 2, 3], vec![1, 2], vec![]]);
    let mut creditors = Vec::new();
    read(&store, |snapshot| {
        snapshot.payments(first, None, 0, 100, &mut |payment| {
            creditors.push((payment.lot, payment.creditor));
            Ok(())
        })
    });
    assert_eq!(creditors, [(Some(0), None), (Some(1), Some(treasury.payee)), (None, None), (Some(1), None)]);
}

pub fn payments_of_a_lot(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    stage(&store, treasury, message);
    let of_lot = |lot, from| read(&store, |snapshot| ordinals(snapshot, message, Some(lot), from, 10));
    assert_eq!([of_lot(0, 0), of_lot(1, 0), of_lot(1, 2)], [vec![0], vec![1, 3], vec![3]]);
    write(&store, move |tx| tx.insert_lots(&[treasury.lot(message, 0, 0, 0), treasury.lot(message, 1, 1, 3)]));
    assert_eq!([of_lot(0, 0), of_lot(1, 0), of_lot(1, 2)], [vec![0], vec![1, 3], vec![3]]);
}

pub fn a_stage_can_be_replaced(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let (message, other) = (treasury.receive(&store, 1), treasury.receive(&store, 2));
    stage(&store, treasury, message);
    stage(&store, treasury, other);
    let twice =
        store.write_blocking(move |tx| tx.stage_blocks(message, treasury.client, &[treasury.block(message, 0, 0, 4)]));
    assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
    write(&store, move |tx| tx.discard_stage(message));
    assert!(read(&store, |snapshot| ordinals(snapshot, message, None, 0, 10)).is_empty());
    assert!(read(&store, |snapshot| snapshot.blocks(message)).is_empty());
    assert_eq!(read(&store, |snapshot| ordinals(snapshot, other, None, 0, 10)).len(), 4);
    stage(&store, treasury, message);
    assert_eq!(read(&store, |snapshot| ordinals(snapshot, message, None, 0, 10)).len(), 4);
}

pub fn what_is_active_is_not_changed(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    stage(&store, treasury, message);
    write(&store, move |tx| tx.activate(message, treasury.client));
    let results = [
        store.write_blocking(move |tx| tx.discard_stage(message)),
        store.write_blocking(move |tx| tx.stage_payments(message, &[])),
        store.write_blocking(move |tx| tx.stage_duplicate_keys(message, &mut [])),
        store.write_blocking(move |tx| tx.stage_blocks(message, treasury.client, &[])),
        store.write_blocking(move |tx| tx.activate(message, treasury.client)),
    ];
    for result in results {
        assert!(matches!(result, Err(StoreError::Refused(_))), "{result:?}");
    }
}

pub fn flips_grow_with_each_client(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let other = write(&store, |tx| tx.insert_client(&client("Ogres novads")));
    let activations = |client| read(&store, |snapshot| snapshot.activations(client));
    let before = activations(treasury.client);
    for number in 1..=3 {
        let message = treasury.receive(&store, number);
        write(&store, move |tx| tx.activate(message, treasury.client));
        assert_eq!(activations(treasury.client), before + i64::from(number));
    }
    assert_eq!(activations(other), before);
}

pub fn payment_information_ids_count_after_the_activation(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let other = write(&store, |tx| tx.insert_client(&client("Ogres novads")));
    let message = treasury.receive(&store, 1);
    stage(&store, treasury, message);
    let id = format!("PMT-{}-0", message.0);
    let used = |client| read(&store, |snapshot| snapshot.used_payment_information_ids(client, &["PMT-NEW", &id]));
    assert!(used(treasury.client).is_empty());
    write(&store, move |tx| tx.activate(message, treasury.client));
    assert_eq!(used(treasury.client), [(id.clone(), message)]);
    assert!(used(other).is_empty());
}
