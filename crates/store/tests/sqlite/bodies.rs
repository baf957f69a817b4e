//! Files of bodies can be lost, unlike rows that are referred to.

use store::bounds::BODY_INLINE_BYTES_MAX;
use store::{
    AcceptancePolicy, AccessMode, Client, ClientId, Fingerprint, NewSubmission, OnlineUser, OnlineUserId,
    SqliteOptions, Store, StoreError,
};

#[test]
fn a_row_without_its_file_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), SqliteOptions::default()).unwrap();
    let mut sink = store.body_sink().unwrap();
    sink.append(&vec![7; BODY_INLINE_BYTES_MAX + 1]).unwrap();
    let body = sink.finish().unwrap();
    let kept = body.clone();
    store
        .write_blocking(move |tx| {
            let client = tx.insert_client(&Client {
                id: ClientId(0),
                name: "Ogres novads".to_owned(),
                registration_number: "90000024455".to_owned(),
                acceptance: AcceptancePolicy::Partial,
            })?;
            let user = tx.insert_online_user(&OnlineUser {
                id: OnlineUserId(0),
                client,
                name: "Grāmatvedība".to_owned(),
                mode: AccessMode::Manage,
                registration_valid_until: jiff::civil::date(2029, 1, 1),
                allowed_networks: vec!["192.0.2.0/24".parse().unwrap()],
            })?;
            let (certificate, request_id) = (Fingerprint([1; 32]), "request-1".to_owned());
            let received_at = jiff::Timestamp::UNIX_EPOCH;
            let submission = NewSubmission { user, client, certificate, request_id, received_at, body: kept.clone() };
            tx.insert_submission(&submission).map(drop)
        })
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
    assert_eq!(store.check().unwrap().problems, Vec::<String>::new());
    store.remove_body(&body);
    assert_eq!(store.check().unwrap().problems.len(), 1);
}
