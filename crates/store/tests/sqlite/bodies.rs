//! Files of bodies can get lost, unlike referenced rows.

use store::bounds::BODY_INLINE_BYTES_MAX;
use store::{NewSubmission, SqliteOptions, Store};

use crate::writing::*;

#[test]
fn a_row_without_its_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), SqliteOptions::default()).unwrap();
    let mut sink = store.body_sink().unwrap();
    sink.append(&vec![7; BODY_INLINE_BYTES_MAX + 1]).unwrap();
    let body = sink.finish().unwrap();
    let received = NewSubmission { body: body.clone(), ..submission(&store) };
    store.write_blocking(move |tx| tx.insert_submission(&received)).unwrap();
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
    store.remove_body(&body);
    assert_eq!(store.check().unwrap().problems.len(), 1);
}
