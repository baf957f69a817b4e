//! What was changed in a message's row is noticed before anybody is answered by it.

use store::Store;

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
