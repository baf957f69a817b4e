//! Duplicate keys: only payments of accepted messages count.

use std::collections::BTreeSet;

use payments::{MessageId, PaymentId, Refusal, RefusalStage, Stage};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{DuplicateHit, DuplicateKey, PaymentRow, Store};

use crate::support::*;

const NOTHING: MessageId = MessageId(0);

fn keys(hashes: &[i64]) -> Vec<DuplicateKey> {
    (0..).zip(hashes).map(|(ordinal, &hash)| DuplicateKey { hash, ordinal }).collect()
}

/// A message with a payment, and a key, for each hash.
fn stage(store: &Store, treasury: Treasury, message: MessageId, hashes: Vec<i64>) {
    write(store, move |tx| {
        let row = |ordinal| PaymentRow { ordinal, block: 0, lot: Some(0), minor: 1, creditor: None, record: b"" };
        let rows: Vec<PaymentRow<'_>> = (0..hashes.len() as u32).map(row).collect();
        tx.stage_payments(message, &rows)?;
        tx.insert_lots(&[treasury.lot(message, 0, 0, hashes.len() as u32)])?;
        tx.stage_duplicate_keys(message, &mut keys(&hashes))
    });
}

fn activate(store: &Store, treasury: Treasury, message: MessageId) {
    write(store, move |tx| tx.activate(message, treasury.client));
}

fn find(store: &Store, except: MessageId, hashes: &[i64]) -> Vec<DuplicateHit> {
    read(store, |snapshot| snapshot.duplicates(except, &keys(hashes)))
}

pub fn an_inactive_stage_does_not_count(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    stage(&store, treasury, message, vec![7, -3, 5]);
    assert_eq!(find(&store, NOTHING, &[5, 7]), []);
    activate(&store, treasury, message);
    let hit = |hash, ordinal, earlier| DuplicateHit { hash, ordinal, earlier: PaymentId { message, ordinal: earlier } };
    assert_eq!(find(&store, NOTHING, &[5, 7, 8, -3]), [hit(-3, 3, 1), hit(5, 0, 2), hit(7, 1, 0)]);
    assert_eq!(find(&store, message, &[5, 7, 8, -3]), [], "a message is no duplicate of itself");
}

pub fn each_key_is_hit_once(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let ids = [1, 2].map(|number| treasury.receive(&store, number));
    for message in ids {
        stage(&store, treasury, message, vec![7, 7]);
        activate(&store, treasury, message);
    }
    let hits = find(&store, NOTHING, &[7, 7, 9]);
    assert_eq!(hits.iter().map(|hit| hit.ordinal).collect::<Vec<_>>(), [0, 1]);
    assert!(hits.iter().all(|hit| hit.earlier == PaymentId { message: ids[1], ordinal: 1 }));
}

fn refusal(message: MessageId, first: u32, last: u32, lot: Option<u32>) -> Refusal {
    Refusal {
        message,
        first,
        last,
        lot,
        count: last - first + 1,
        code: "TDAM-4004".to_owned(),
        detail: String::new(),
        line: 1,
        stage: RefusalStage::Execution,
    }
}

pub fn refused_payments_do_not_count(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    stage(&store, treasury, message, (0..10).collect());
    activate(&store, treasury, message);
    write(&store, move |tx| {
        tx.insert_refusals(&[
            refusal(message, 1, 1, None),
            refusal(message, 3, 5, None),
            refusal(message, 4, 4, None),
            refusal(message, 0, 9, Some(1)),
        ])
    });
    let hits = find(&store, NOTHING, &(0..12).collect::<Vec<_>>());
    let found: Vec<i64> = hits.iter().map(|hit| hit.hash).collect();
    assert_eq!(found, [0, 2, 6, 7, 8, 9], "those of another lot are not refused");
    write(&store, move |tx| {
        let lot = tx.lot(treasury.lot(message, 0, 0, 9).id)?.unwrap();
        tx.update_lot(&payments::Lot { stage: Stage::Refused, ..lot })
    });
    assert_eq!(find(&store, NOTHING, &[0, 2, 6]), []);
}

pub fn an_accepted_message_is_found_behind_many_that_are_not(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let accepted = treasury.receive(&store, 1);
    stage(&store, treasury, accepted, vec![7, 8, 9]);
    activate(&store, treasury, accepted);
    for number in 2..9 {
        let staged = treasury.receive(&store, number);
        stage(&store, treasury, staged, vec![7, 9, i64::from(number) + 100]);
    }
    let hits = find(&store, NOTHING, &[7, 8, 9, 103]);
    let found: Vec<_> = hits.iter().map(|hit| (hit.hash, hit.earlier.message)).collect();
    assert_eq!(found, [(7, accepted), (8, accepted), (9, accepted)]);
}

pub fn a_message_with_more_refusals_than_are_read_at_once_is_searched_all_the_same(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let message = treasury.receive(&store, 1);
    let payments = 2 * store::bounds::EXCEPTIONS_OF_A_MESSAGE_MAX as u32 + 10;
    let hashes: Vec<i64> = (0..i64::from(payments)).collect();
    stage(&store, treasury, message, hashes.clone());
    activate(&store, treasury, message);
    write(&store, move |tx| {
        let refused: Vec<Refusal> =
            (0..payments).step_by(2).map(|ordinal| refusal(message, ordinal, ordinal, None)).collect();
        tx.insert_refusals(&refused)
    });
    let found: Vec<u32> = find(&store, NOTHING, &hashes).iter().map(|hit| hit.earlier.ordinal).collect();
    assert_eq!(found, (1..payments).step_by(2).collect::<Vec<_>>());
}

pub fn a_discarded_stage_leaves_no_keys(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let (message, other) = (treasury.receive(&store, 1), treasury.receive(&store, 2));
    stage(&store, treasury, message, vec![1, 2, 3]);
    stage(&store, treasury, other, vec![3]);
    write(&store, move |tx| tx.discard_stage(message));
    write(&store, move |tx| {
        let row = |ordinal| PaymentRow { ordinal, block: 0, lot: Some(0), minor: 1, creditor: None, record: b"" };
        tx.stage_payments(message, &[0, 1, 2].map(row))?;
        tx.stage_duplicate_keys(message, &mut keys(&[4]))
    });
    activate(&store, treasury, message);
    activate(&store, treasury, other);
    let hits = find(&store, NOTHING, &[1, 2, 3, 4]);
    let earlier: Vec<_> = hits.iter().map(|hit| (hit.hash, hit.earlier.message)).collect();
    assert_eq!(earlier, [(3, other), (4, message)]);
}

pub fn agrees_with_a_plain_search(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    // Messages of all cases stay, so each case searches hashes of its own: the case's number is part of them.
    let cases = std::cell::Cell::new(0_i64);
    let hash = -5_i64..5;
    let messages = prop::collection::vec((any::<bool>(), prop::collection::vec(hash.clone(), 1..8)), 1..4);
    let wanted = prop::collection::vec(hash, 0..12);
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&(messages, wanted), |(messages, wanted)| {
            let case = cases.get() + 1;
            cases.set(case);
            let own = |hashes: &[i64]| hashes.iter().map(|hash| case * 100 + hash).collect::<Vec<_>>();
            let mut known = BTreeSet::new();
            for (active, hashes) in &messages {
                let message = treasury.receive(&store, 1);
                stage(&store, treasury, message, own(hashes));
                if *active {
                    activate(&store, treasury, message);
                    known.extend(own(hashes));
                }
            }
            let wanted = own(&wanted);
            let found: Vec<u32> = find(&store, NOTHING, &wanted).iter().map(|hit| hit.ordinal).collect();
            let mut expected: Vec<(i64, u32)> =
                wanted.iter().copied().zip(0..).filter(|(hash, _)| known.contains(hash)).collect();
            expected.sort_unstable();
            prop_assert_eq!(found, expected.into_iter().map(|(_, ordinal)| ordinal).collect::<Vec<_>>());
            Ok(())
        })
        .unwrap();
}
