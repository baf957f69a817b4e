//! The store notices a changed row of a message before the exchange answers from it.

use store::{Store, StoreError};

use crate::fresh;
use crate::roles::run;
use crate::writing::*;

#[test]
fn a_message_that_was_changed_is_not_read() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    let message = message(&store);
    let schema = options.schema;
    let owner = |sql: &str| {
        run(&cluster.url(), &format!("SET search_path = {schema}; {sql}")).unwrap_or_else(|it| panic!("{it}"))
    };
    owner("ALTER TABLE message DISABLE TRIGGER USER; CREATE TABLE kept AS SELECT * FROM message");
    for change in CHANGES {
        owner(&format!("UPDATE message SET {change}"));
        assert_not_read(&store, message.id, change);
        owner("DELETE FROM message; INSERT INTO message SELECT * FROM kept");
    }
    assert_eq!(store.read_blocking(|snapshot| snapshot.message(message.id)).unwrap(), Some(message));
}

#[test]
fn a_refusal_that_was_changed_is_not_read() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    let id = refused(&store);
    let schema = options.schema;
    let owner = |sql: &str| {
        run(&cluster.url(), &format!("SET search_path = {schema}; {sql}")).unwrap_or_else(|it| panic!("{it}"))
    };
    owner("ALTER TABLE submission DISABLE TRIGGER USER; CREATE TABLE kept AS SELECT * FROM submission");
    for change in CHANGES_OF_REFUSED {
        owner(&format!("UPDATE submission SET {change}"));
        assert_submission_is_not_read(&store, id, change);
        owner("DELETE FROM submission; INSERT INTO submission OVERRIDING SYSTEM VALUE SELECT * FROM kept");
    }
    assert!(store.read_blocking(|snapshot| snapshot.submission(id)).unwrap().is_some());
}

#[test]
fn a_row_that_cannot_be_is_an_error_and_no_guess() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    submission(&store);
    let schema = options.schema;
    let owner = |sql: &str| {
        run(&cluster.url(), &format!("SET search_path = {schema}; {sql}")).unwrap_or_else(|it| panic!("{it}"))
    };
    for table in ["client", "online_user", "entry"] {
        owner(&format!("ALTER TABLE {table} DISABLE TRIGGER USER"));
    }
    for (change, mend) in IMPOSSIBLE {
        owner(change);
        let read = read_what_may_be_impossible(&store);
        assert!(matches!(read, Err(StoreError::Corrupt(_))), "{change}: {read:?}");
        owner(mend);
        read_what_may_be_impossible(&store).unwrap();
    }
}
