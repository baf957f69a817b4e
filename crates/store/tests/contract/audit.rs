//! The audit chain: everyone with the lines can verify it.

use store::{AUDIT_CHAIN_START, AuditLine, audit_hash};

use crate::support::*;

pub fn the_chain_can_be_verified_by_anybody(open: Open<'_>) {
    let store = open();
    let line = |number: i64| AuditLine {
        at: at(number),
        actor: "operators".to_owned(),
        action: "certificate.revoked".to_owned(),
        detail: format!("{number}"),
    };
    for number in 1..=5 {
        write(&store, move |tx| tx.append_audit(&line(number)));
    }
    // Two in one transaction, and one that did not happen.
    write(&store, move |tx| {
        tx.append_audit(&line(6))?;
        tx.append_audit(&line(7))
    });
    let failed: Result<(), _> = store.write_blocking(move |tx| {
        tx.append_audit(&line(99))?;
        Err(store::StoreError::Refused(String::new()))
    });
    assert!(failed.is_err());
    drop(store);
    let store = open();
    write(&store, move |tx| tx.append_audit(&line(8)));
    let lines = read(&store, |snapshot| snapshot.audit(1, 100));
    assert_eq!(lines.len(), 8);
    let mut previous = AUDIT_CHAIN_START;
    for (number, chained) in (1..).zip(&lines) {
        assert_eq!((chained.sequence, &chained.line), (number, &line(number)));
        assert_eq!(chained.hash, audit_hash(&previous, number, &chained.line));
        previous = chained.hash;
    }
    let page = read(&store, |snapshot| snapshot.audit(4, 2));
    assert_eq!(page, lines[3..5]);
    let report = store.check().unwrap();
    assert_eq!((report.audit_lines, report.problems), (8, Vec::new()));
    // A line changed in any way, or moved, has another hash.
    let moved = audit_hash(&AUDIT_CHAIN_START, 2, &lines[0].line);
    let shifted = AuditLine { actor: "operator".to_owned(), action: "scertificate.revoked".to_owned(), ..line(1) };
    assert_ne!(lines[0].hash, moved);
    assert_ne!(lines[0].hash, audit_hash(&AUDIT_CHAIN_START, 1, &shifted));
}
