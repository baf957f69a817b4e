//! Bodies of submissions: kept whole, found again, forgotten when they should be.

use std::io::Read;

use sha2::{Digest, Sha256};
use store::bounds::BODY_INLINE_BYTES_MAX;
use store::{BodyHash, BodyPlace, Message, NewSubmission, RemovableBody, Store, StoreError, StoredBody};

use crate::support::*;

fn bytes(count: usize) -> Vec<u8> {
    (0..count).map(|place| (place % 251) as u8).collect()
}

fn store_body(store: &Store, bytes: &[u8]) -> StoredBody {
    let mut sink = store.body_sink().unwrap();
    for piece in bytes.chunks(10_000) {
        sink.append(piece).unwrap();
    }
    sink.finish().unwrap()
}

fn read_body(store: &Store, body: &StoredBody) -> Result<Vec<u8>, StoreError> {
    let mut bytes = Vec::new();
    store.open_body(body)?.read_to_end(&mut bytes).unwrap();
    Ok(bytes)
}

fn with_body(treasury: &Treasury, body: StoredBody) -> NewSubmission {
    NewSubmission { body, ..treasury.submission(7) }
}

pub fn a_small_body_is_in_its_row(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let sent = bytes(BODY_INLINE_BYTES_MAX);
    let body = store_body(&store, &sent);
    assert_eq!(body.hash, BodyHash(Sha256::digest(&sent).into()));
    assert_eq!(body.size, sent.len() as u64);
    assert_eq!(body.place, BodyPlace::Inline(sent.clone()));
    let submission = with_body(&treasury, body);
    let id = write(&store, move |tx| tx.insert_submission(&submission));
    drop(store);
    let store = open();
    let stored = read(&store, |snapshot| snapshot.submission(id)).unwrap();
    assert_eq!(read_body(&store, &stored.received.body).unwrap(), sent);
}

pub fn a_large_body_outlives_the_store(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let sent = bytes(BODY_INLINE_BYTES_MAX * 5 + 1);
    let body = store_body(&store, &sent);
    assert_eq!(body.hash, BodyHash(Sha256::digest(&sent).into()));
    assert!(matches!(body.place, BodyPlace::Apart(_)));
    let submission = with_body(&treasury, body.clone());
    let id = write(&store, move |tx| tx.insert_submission(&submission));
    drop(store);
    let store = open();
    assert_eq!(store.sweep_orphans().unwrap(), 0);
    let stored = read(&store, |snapshot| snapshot.submission(id)).unwrap();
    assert_eq!(stored.received.body, body);
    assert_eq!(read_body(&store, &body).unwrap(), sent);
}

pub fn an_unfinished_body_leaves_nothing(open: Open<'_>) {
    let store = open();
    let mut sink = store.body_sink().unwrap();
    sink.append(&bytes(BODY_INLINE_BYTES_MAX + 1)).unwrap();
    drop(sink);
    drop(store);
    assert_eq!(open().sweep_orphans().unwrap(), 0);
}

pub fn a_body_without_a_row_is_swept_and_others_are_not(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let kept = store_body(&store, &bytes(BODY_INLINE_BYTES_MAX + 1));
    let lost = store_body(&store, &bytes(BODY_INLINE_BYTES_MAX + 2));
    let submission = with_body(&treasury, kept.clone());
    write(&store, move |tx| tx.insert_submission(&submission));
    assert_eq!(store.sweep_orphans().unwrap(), 0, "what has just arrived may still get its row");
    drop(store);
    let store = open();
    assert_eq!(store.sweep_orphans().unwrap(), 1);
    assert!(read_body(&store, &lost).is_err());
    assert!(read_body(&store, &kept).is_ok());
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
    // Removing is for bodies without a row, and does not mind those that are gone.
    store.remove_body(&lost);
}

pub fn a_discarded_submission_takes_its_body_along(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let body = store_body(&store, &bytes(BODY_INLINE_BYTES_MAX + 1));
    let submission = with_body(&treasury, body.clone());
    let id = write(&store, move |tx| tx.insert_submission(&submission));
    assert!(write(&store, move |tx| tx.discard_submission(id)));
    assert!(read_body(&store, &body).is_err());
    assert_eq!(read(&store, |snapshot| snapshot.submission(id)), None);
    let again = store.write_blocking(move |tx| tx.discard_submission(id));
    assert!(matches!(again, Err(StoreError::Missing(_))), "{again:?}");
}

pub fn a_job_that_fails_keeps_the_body(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let body = store_body(&store, &bytes(BODY_INLINE_BYTES_MAX + 1));
    let submission = with_body(&treasury, body.clone());
    let id = write(&store, move |tx| tx.insert_submission(&submission));
    let failed: Result<(), _> = store.write_blocking(move |tx| {
        tx.discard_submission(id)?;
        Err(StoreError::Refused("changed its mind".to_owned()))
    });
    assert!(failed.is_err());
    assert!(read_body(&store, &body).is_ok());
    assert!(read(&store, |snapshot| snapshot.submission(id)).is_some());
}

pub fn only_the_body_of_an_answered_message_can_be_removed(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let late = at(1_000);
    let receive = |number: u8, size: usize| {
        let mut submission = with_body(&treasury, store_body(&store, &bytes(size)));
        submission.received_at = at(i64::from(number));
        let body = submission.body.clone();
        (write(&store, move |tx| tx.insert_submission(&submission)), body)
    };
    let (answered, body) = receive(1, BODY_INLINE_BYTES_MAX + 1);
    let (unanswered, waiting) = receive(2, BODY_INLINE_BYTES_MAX + 2);
    let (small, _) = receive(3, 10);
    for (id, name) in [(answered, "MSG-1"), (small, "MSG-2")] {
        let message = Message { payments: 0, hash: body.hash, ..treasury.message(id, name, 1) };
        write(&store, move |tx| tx.insert_message(&message));
    }
    let removable = |before| read(&store, move |tx| tx.removable_bodies(before, 10));
    assert_eq!(removable(at(1)), [], "received at that moment: not before it");
    let expected = RemovableBody { message: answered, hash: body.hash, size: body.size };
    assert_eq!(removable(late), [expected]);
    assert_eq!(read(&store, move |tx| tx.removable_bodies_total(late)), (1, body.size));
    for id in [unanswered, small] {
        let refused = store.write_blocking(move |tx| tx.remove_body(id, late));
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    }
    write(&store, move |tx| tx.remove_body(answered, late));
    assert!(read_body(&store, &body).is_err());
    assert!(read_body(&store, &waiting).is_ok());
    let stored = read(&store, move |tx| tx.submission(answered)).unwrap().received.body;
    assert_eq!(stored, StoredBody { place: BodyPlace::Forgotten, ..body }, "hash and size stay");
    let again = store.write_blocking(move |tx| tx.remove_body(answered, late));
    assert!(matches!(again, Err(StoreError::Refused(_))), "{again:?}");
    assert_eq!(removable(late), []);
}

pub fn bodies_are_removed_or_kept(open: Open<'_>) {
    let store = open();
    let keeping = store.keep_bodies().unwrap();
    drop(store.keep_bodies().unwrap());
    assert!(store.may_remove_bodies().unwrap().is_none());
    drop(keeping);
    assert!(store.may_remove_bodies().unwrap().is_some());
}
