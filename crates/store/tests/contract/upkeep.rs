//! The record of the time, and the room that clients take.

use store::{BodyPlace, ClockJump, ClockRecord, NewSubmission, Store, StoreError, StoredBody};

use crate::support::*;

fn clock(store: &Store) -> ClockRecord {
    let record = store.read_blocking(|reading| reading.clock()).unwrap();
    ClockRecord { store_time: None, ..record }
}

pub fn a_trusted_time_only_grows_until_somebody_vouches_for_another(open: Open<'_>) {
    let store = open();
    write(&store, |tx| tx.trust_time(at(10)));
    write(&store, |tx| tx.trust_time(at(5)));
    assert_eq!(clock(&store), ClockRecord { trusted_at: Some(at(10)), ..ClockRecord::default() });
    let first = ClockJump { expected_at: at(11), shown_at: at(500) };
    let second = ClockJump { expected_at: at(12), shown_at: at(501) };
    write(&store, move |tx| tx.note_clock_jump(Some(&first)));
    write(&store, move |tx| tx.note_clock_jump(Some(&second)));
    assert_eq!(clock(&store).jump, Some(first), "the first one says what should have been shown");
    write(&store, |tx| tx.confirm_clock(at(7)));
    assert_eq!(clock(&store), ClockRecord { trusted_at: Some(at(7)), ..ClockRecord::default() });
    drop(store);
    assert_eq!(clock(&open()).trusted_at, Some(at(7)));
}

pub fn a_sandbox_is_one_for_ever(open: Open<'_>) {
    let store = open();
    write(&store, |tx| tx.set_sandbox(true));
    write(&store, |tx| tx.set_sandbox(true));
    let refused = store.write_blocking(|tx| tx.set_sandbox(false));
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    assert_eq!(clock(&store).is_sandbox, Some(true));
}

pub fn kept_bodies_count_for_their_client(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let used = |store: &Store| {
        let all = store.read_blocking(|reading| reading.storage_of_clients()).unwrap();
        all.iter().filter(|used| used.client == treasury.client).map(|used| used.bytes).sum::<u64>()
    };
    let receive = |bytes: usize, seed: u8| {
        let mut sink = store.body_sink().unwrap();
        sink.append(&vec![seed; bytes]).unwrap();
        let body = sink.finish().unwrap();
        let submission = NewSubmission { body, ..treasury.submission(seed) };
        write(&store, move |tx| tx.insert_submission(&submission))
    };
    assert_eq!(used(&store), 0);
    let (large, small) = (receive(200_000, 2), receive(1_000, 1));
    assert_eq!(used(&store), 201_000);
    // Refused: the body goes. Discarded: the row goes.
    write(&store, move |tx| tx.refuse_submission(large, b"why"));
    assert_eq!(used(&store), 1_000);
    write(&store, move |tx| tx.discard_submission(small));
    assert_eq!(used(&store), 0);
    // Answered, and removed when it has been kept long enough.
    let kept = receive(300_000, 3);
    write(&store, move |tx| tx.insert_message(&treasury.message(kept, "KEPT", 3)));
    assert_eq!(used(&store), 300_000);
    write(&store, move |tx| tx.remove_body(kept, at(1)));
    assert_eq!(used(&store), 0);
    // What did not happen does not count.
    let inline = StoredBody { place: BodyPlace::Inline(vec![7; 10]), size: 10, ..treasury.submission(7).body };
    let submission = NewSubmission { body: inline, ..treasury.submission(7) };
    let failed = store.write_blocking(move |tx| {
        tx.insert_submission(&submission)?;
        Err::<(), _>(StoreError::Refused("not this one".to_owned()))
    });
    assert!(failed.is_err());
    assert_eq!(used(&store), 0);
}
