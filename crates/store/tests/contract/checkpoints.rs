//! Checkpoints of the audit chain, and marks of restores.

use audit::{AuditKey, Checkpoint};
use jiff::civil::date;
use store::{AuditLine, RestoreMark, StoredCheckpoint};

use crate::support::*;

fn checkpoint(number: i64, sequence: i64) -> StoredCheckpoint {
    let key = AuditKey::from_seed(&[3; 32]).unwrap();
    let checkpoint = Checkpoint::sign("exchange", sequence, [sequence as u8; 32], at(sequence), &key);
    StoredCheckpoint { number, business_day: date(2026, 11, 23), checkpoint }
}

pub fn of_two_checkpoints_with_one_number_the_first_stays(open: Open<'_>) {
    let store = open();
    Treasury::found(&store);
    assert_eq!(read(&store, |snapshot| snapshot.last_checkpoint()), None);
    let insert = |stored: StoredCheckpoint| write(&store, move |tx| tx.insert_checkpoint(&stored));
    assert!(insert(checkpoint(1, 1)));
    assert!(!insert(checkpoint(1, 2)), "another node made it");
    assert!(insert(checkpoint(2, 2)));
    assert_eq!(read(&store, |snapshot| snapshot.last_checkpoint()), Some(checkpoint(2, 2)));
    assert_eq!(read(&store, |snapshot| snapshot.checkpoints(1, 10)), [checkpoint(1, 1), checkpoint(2, 2)]);
    assert_eq!(read(&store, |snapshot| snapshot.checkpoints(2, 10)), [checkpoint(2, 2)]);
    assert_eq!(read(&store, |snapshot| snapshot.checkpoints(1, 1)), [checkpoint(1, 1)]);
    assert!(read(&store, |snapshot| snapshot.checkpoints(2, 1)).pop().unwrap().checkpoint.is_signed());
}

pub fn the_oldest_line_without_a_checkpoint_is_known(open: Open<'_>) {
    let store = open();
    let line = |second| AuditLine { at: at(second), actor: "a".into(), action: "b".into(), detail: String::new() };
    assert_eq!(read(&store, |snapshot| snapshot.unconfirmed_since()), None);
    write(&store, move |tx| (1..=3).try_for_each(|second| tx.append_audit(&line(second))));
    assert_eq!(read(&store, |snapshot| snapshot.unconfirmed_since()), Some(at(1)));
    for (number, covered, unconfirmed) in [(1, 1, Some(at(2))), (2, 3, None)] {
        write(&store, move |tx| tx.insert_checkpoint(&checkpoint(number, covered)));
        assert_eq!(read(&store, |snapshot| snapshot.unconfirmed_since()), unconfirmed);
    }
}

pub fn a_restore_is_marked_and_settled_once(open: Open<'_>) {
    let store = open();
    Treasury::found(&store);
    let unsettled = || read(&store, |snapshot| snapshot.unsettled_restore());
    assert_eq!(unsettled(), None);
    assert!(!write(&store, |tx| tx.settle_restores(at(9))), "nothing waits");
    assert!(write(&store, |tx| tx.mark_restored(at(10), at(5))));
    assert!(!write(&store, |tx| tx.mark_restored(at(11), at(6))), "a mark waits");
    assert_eq!(unsettled(), Some(RestoreMark { at: at(10), as_of: at(5) }));
    assert!(write(&store, |tx| tx.settle_restores(at(12))));
    assert_eq!(unsettled(), None);
    assert!(write(&store, |tx| tx.mark_restored(at(20), at(15))), "the next restore");
    assert_eq!(unsettled(), Some(RestoreMark { at: at(20), as_of: at(15) }));
}

pub fn certificates_are_found_by_their_serial(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let user = treasury.user;
    write(&store, move |tx| tx.insert_certificate(&certificate(user, 2)));
    let serial = certificate(user, 2).serial;
    let found = read(&store, move |snapshot| snapshot.certificates_with_serial(&serial));
    assert!(found.contains(&certificate(user, 2).fingerprint), "{found:?}");
    assert_eq!(read(&store, |snapshot| snapshot.certificates_with_serial("none")), []);
}
