//! The version of rights, and what a process may rely on without asking.

use store::{Fingerprint, Preferences, Rights, RightsVersion, StoreError};

use crate::support::*;

pub fn changes_of_rights_are_counted_and_nothing_else(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let version = || read(&store, |snapshot| snapshot.rights()).version;
    let mut known = version();
    let mut grew = |what: &str, expected: bool| {
        let now = version();
        assert_eq!(now > known, expected, "{what}: {known:?}, then {now:?}");
        known = now;
    };
    write(&store, move |tx| tx.set_preferences(treasury.client, &Preferences::default()));
    grew("settings of a client", true);
    write(&store, |tx| tx.set_business_day(MONDAY));
    grew("the business day", true);
    write(&store, move |tx| tx.insert_certificate(&certificate(treasury.user, 2)));
    write(&store, |tx| tx.insert_client(&client("Ogres novads")));
    grew("nobody can have known what is new", false);
    // Decisions about a client's messages change the client's row.
    treasury.fund(&store, treasury.payer, 1, MONDAY);
    let message = treasury.receive(&store, 1);
    write(&store, move |tx| {
        tx.stage_blocks(message, treasury.client, &[])?;
        tx.insert_message(&treasury.message(message, "MSG-1", 1))?;
        tx.activate(message, treasury.client)
    });
    grew("a message and money", false);
    let failed = store.write_blocking(move |tx| {
        tx.revoke_certificate(&treasury.certificate, at(5))?;
        Err::<(), _>(StoreError::Missing("a reason to go on"))
    });
    assert!(failed.is_err());
    grew("a revocation that did not happen", false);
    write(&store, move |tx| tx.revoke_certificate(&treasury.certificate, at(5)));
    grew("a revocation", true);
}

/// On a runtime, as a server's process has one.
pub fn who_changes_rights_relies_on_the_new_ones(open: Open<'_>) {
    let store = open();
    let treasury = Treasury::found(&store);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.block_on(async {
        assert_eq!(store.rights(), None, "nothing is confirmed");
        let mut versions = store.rights_versions();
        let Rights { version, business_day } = store.confirm_rights().await.unwrap();
        assert_eq!(business_day, Some(MONDAY));
        assert!(versions.has_changed().unwrap() && *versions.borrow_and_update() == version);
        let revoked = store.write(move |tx| tx.revoke_certificate(&treasury.certificate, at(5))).await;
        assert!(revoked.unwrap());
        // At once, or not at all.
        assert!(store.rights().is_none_or(|rights| rights.version > version), "{version:?}");
        let RightsVersion(now) = *versions.borrow_and_update();
        assert!(now > version.0, "{now} after {version:?}: the new one is known");
        let nobody = store.write(|tx| tx.revoke_certificate(&Fingerprint([9; 32]), at(5))).await;
        assert!(!nobody.unwrap());
    });
}
