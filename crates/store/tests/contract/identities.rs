//! The online user of a certificate, and a revocation that shows at once.

use store::{
    AccessMode, Client, ClientId, EndToEndIdUniqueness, Fingerprint, OnlineUser, OnlineUserId, Preferences, StoreError,
};

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

/// Each right by itself, so that none is another one's column.
pub fn rights_of_an_online_user(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let read_back = || read(&store, |snapshot| snapshot.identity(&treasury.certificate)).unwrap().user;
    let mut user = read_back();
    let changes: [fn(&mut OnlineUser, &Treasury); 7] = [
        |user, treasury| user.granted_accounts = vec![treasury.payer],
        |user, treasury| user.granted_accounts = vec![treasury.payer, treasury.payee],
        |user, _| user.suspended_at = Some(at(7)),
        |user, _| user.signature_required = true,
        |user, _| user.mode = AccessMode::View,
        |user, _| user.allowed_networks = vec!["198.51.100.0/24".parse().unwrap()],
        |user, _| user.granted_accounts = Vec::new(),
    ];
    for change in changes {
        let before = read(&store, |snapshot| snapshot.rights()).version;
        change(&mut user, &treasury);
        let to = user.clone();
        write(&store, move |tx| tx.update_online_user(&to));
        assert_eq!(read_back(), user);
        assert!(read(&store, |snapshot| snapshot.rights()).version > before, "{user:?}");
    }
    let id = user.id;
    assert_eq!(write(&store, move |tx| tx.online_user(id)), Some(user.clone()));
    user.id = OnlineUserId(4711);
    let missing = store.write_blocking(move |tx| tx.update_online_user(&user));
    assert!(matches!(missing, Err(StoreError::Missing(_))), "{missing:?}");
}

pub fn older_nodes_are_kept_out_once(open: Open<'_>) {
    let store = open();
    Treasury::found(&store);
    let minimum = || read(&store, |snapshot| snapshot.minimum_node_version());
    assert_eq!(minimum(), 0);
    assert!(write(&store, |tx| tx.keep_out_older_nodes()));
    let first = minimum();
    assert!(first > 0);
    assert!(write(&store, |tx| tx.keep_out_older_nodes()));
    assert_eq!(minimum(), first);
}

/// Each setting by itself, so that none is another one's column.
pub fn settings_of_a_client(open: Open<'_>) {
    use EndToEndIdUniqueness::{Days, ForEver, WithinMessage};
    let store = open();
    let treasury = Treasury::found(&store);
    let other = write(&store, |tx| tx.insert_client(&client("Saldus novads")));
    for (lists_every_payment, daily_balances, end_to_end_ids) in [
        (true, false, ForEver),
        (false, true, ForEver),
        (false, false, WithinMessage),
        (false, false, Days(1)),
        (true, true, Days(store::bounds::END_TO_END_ID_DAYS_MAX)),
        (false, false, ForEver),
    ] {
        let wanted = Preferences { lists_every_payment, daily_balances, end_to_end_ids };
        write(&store, move |tx| tx.set_preferences(treasury.client, &wanted));
        let added =
            write(&store, move |tx| tx.insert_client(&Client { preferences: wanted, ..client("Ogres novads") }));
        let (of_certificate, clients) = read(&store, |snapshot| {
            Ok((snapshot.identity(&treasury.certificate)?.unwrap().client.preferences, snapshot.clients()?))
        });
        let of = |id: ClientId| clients.iter().find(|client| client.id == id).unwrap().preferences;
        assert_eq!([of_certificate, of(treasury.client), of(added)], [wanted; 3]);
        assert_eq!(of(other), Preferences::default(), "another client's stay as they are");
    }
    let unknown = store.write_blocking(|tx| tx.set_preferences(ClientId(4_711), &Preferences::default()));
    assert!(matches!(unknown, Err(StoreError::Missing(_))), "{unknown:?}");
}

#[test]
fn how_long_end_to_end_ids_are_unique_reads_as_it_is_written() {
    for text in ["for-ever", "within-message", "1", "3660"] {
        assert_eq!(text.parse::<EndToEndIdUniqueness>().unwrap().to_string(), text);
    }
    for text in ["", "0", "-1", "3661", "4294967296", "for ever", "1.5", "30 days"] {
        assert!(text.parse::<EndToEndIdUniqueness>().is_err(), "{text}");
    }
}
