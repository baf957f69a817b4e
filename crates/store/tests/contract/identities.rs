//! Who stands behind a certificate, and that a revocation is seen at once.

use store::Fingerprint;

use crate::support::*;

pub fn a_certificate_tells_user_and_client(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let identity = read(&store, |snapshot| snapshot.identity(&treasury.certificate)).unwrap();
    assert_eq!(identity.user.id, treasury.user);
    assert_eq!(identity.client.id, treasury.client);
    assert_eq!(identity.client.name, "Jelgavas pašvaldība");
    assert_eq!(identity.certificate, certificate(treasury.user, 1));
    assert_eq!(read(&store, |snapshot| snapshot.identity(&Fingerprint([9; 32]))), None);
}

pub fn revoking_is_seen_at_once_and_done_once(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let revoke = |second| write(&store, move |tx| tx.revoke_certificate(&treasury.certificate, at(second)));
    assert!(revoke(5));
    assert!(!revoke(6), "a second time changes nothing");
    assert!(!write(&store, |tx| tx.revoke_certificate(&Fingerprint([9; 32]), at(5))));
    let identity = read(&store, |snapshot| snapshot.identity(&treasury.certificate)).unwrap();
    assert_eq!(identity.certificate.revoked_at, Some(at(5)));
}

pub fn everything_about_users_reads_back(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let other = write(&store, |tx| tx.insert_client(&client("Ogres novads")));
    write(&store, move |tx| tx.insert_certificate(&certificate(treasury.user, 2)));
    let (clients, users, certificates) = read(&store, |snapshot| {
        Ok((snapshot.clients()?, snapshot.online_users(treasury.client)?, snapshot.certificates(treasury.user)?))
    });
    assert_eq!(clients.iter().map(|client| client.id).collect::<Vec<_>>(), [treasury.client, other]);
    let mut expected = online_user(treasury.client);
    expected.id = treasury.user;
    assert_eq!(users, [expected]);
    assert_eq!(certificates, [certificate(treasury.user, 2), certificate(treasury.user, 1)], "newest first");
    let none = read(&store, |snapshot| snapshot.online_users(other));
    assert!(none.is_empty());
}
