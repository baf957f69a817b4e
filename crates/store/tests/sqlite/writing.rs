//! What the tests here write: audit lines, which are small and checked by their chain.

use jiff::Timestamp;
use store::{AuditLine, Store, StoreError};

pub fn line(detail: String) -> AuditLine {
    AuditLine {
        at: Timestamp::from_second(1_795_000_000).unwrap(),
        actor: "test".to_owned(),
        action: "written".to_owned(),
        detail,
    }
}

pub fn append(store: &Store, detail: String) -> Result<(), StoreError> {
    let line = line(detail);
    store.write_blocking(move |tx| tx.append_audit(&line))
}

pub fn details(store: &Store) -> Vec<String> {
    let lines = store.read_blocking(|snapshot| snapshot.audit(1, u32::MAX)).unwrap();
    lines.into_iter().map(|chained| chained.line.detail).collect()
}

pub fn assert_sound(store: &Store, audit_lines: usize) {
    let report = store.check().unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    assert_eq!(report.audit_lines, audit_lines as i64);
}
