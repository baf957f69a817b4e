//! The owner makes the schema; the serving role uses it and can do nothing else.

use store::{PostgresOptions, Store, StoreError};
use tokio_postgres::NoTls;

use crate::fresh;
use crate::writing::*;

/// Runs statements as a role; returns what was refused.
pub fn run(url: &str, sql: &str) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        let done = client.batch_execute(sql).await;
        done.map_err(|error| error.as_db_error().map_or_else(|| error.to_string(), |it| it.message().to_owned()))
    })
}

#[test]
fn the_serving_role_writes_and_cannot_change_the_schema() {
    let Some((cluster, options)) = fresh() else { return };
    let role = format!("clerk_{}", options.schema);
    run(&cluster.url(), &format!("CREATE ROLE {role} LOGIN")).unwrap();
    let serving = PostgresOptions { url: cluster.url_of(&role), ..options.clone() };

    let without_owner = Store::open_postgres(serving.clone()).unwrap_err();
    assert!(matches!(&without_owner, StoreError::Refused(text) if text.contains("owner")), "{without_owner}");
    let store = Store::open_postgres(PostgresOptions { owner_url: Some(cluster.url()), ..serving.clone() }).unwrap();
    append(&store, "written".to_owned()).unwrap();
    drop(store);
    // Once the schema is there, the owner is not needed.
    let store = Store::open_postgres(serving).unwrap();
    append(&store, "again".to_owned()).unwrap();
    assert_sound(&store, 2);

    let schema = &options.schema;
    let refused = [
        format!("CREATE TABLE {schema}.song (title TEXT)"),
        format!("DROP TABLE {schema}.audit"),
        format!("ALTER TABLE {schema}.account DROP CONSTRAINT account_check"),
        format!("ALTER TABLE {schema}.lot DISABLE TRIGGER ALL"),
        format!("TRUNCATE {schema}.entry"),
        format!("UPDATE {schema}.schema_version SET version = 0"),
        "CREATE SCHEMA another".to_owned(),
    ];
    for sql in refused {
        let refusal = run(&cluster.url_of(&role), &sql).unwrap_err();
        assert!(refusal.contains("permission denied") || refusal.contains("must be owner"), "{sql}: {refusal}");
    }
    assert_sound(&store, 2);
}

#[test]
fn a_newer_schema_is_refused() {
    let Some((cluster, options)) = fresh() else { return };
    drop(Store::open_postgres(options.clone()).unwrap());
    run(&cluster.url(), &format!("UPDATE {}.schema_version SET version = 4711", options.schema)).unwrap();
    let error = Store::open_postgres(options).unwrap_err();
    assert!(matches!(error, StoreError::NewerDatabase { found: 4711, .. }), "{error}");
}

#[test]
fn many_may_open_a_schema_that_is_not_there_yet() {
    let Some((_, options)) = fresh() else { return };
    let open = |_| {
        let options = options.clone();
        std::thread::spawn(move || Store::open_postgres(options).unwrap())
    };
    let threads: Vec<_> = (0..6).map(open).collect();
    let stores: Vec<Store> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    for (number, store) in stores.iter().enumerate() {
        append(store, format!("{number}")).unwrap();
    }
    assert_sound(&stores[0], 6);
}

#[test]
fn a_changed_audit_line_is_found() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    for number in 0..5 {
        append(&store, format!("{number}")).unwrap();
    }
    let audit = format!("{}.audit", options.schema);
    let change = format!("UPDATE {audit} SET detail = 'changed' WHERE sequence = 3");
    let refusal = run(&cluster.url(), &change).unwrap_err();
    assert!(refusal.contains("what is past is not changed"), "{refusal}");
    run(&cluster.url(), &format!("ALTER TABLE {audit} DISABLE TRIGGER USER; {change}")).unwrap();
    let report = store.check().unwrap();
    assert_eq!((report.audit_lines, report.problems), (2, vec!["j: the audit chain breaks at line 3".to_owned()]));
}

#[test]
fn options_are_looked_at_before_anything_is_sent() {
    let of = |url: &str| Store::open_postgres(PostgresOptions::new(url)).unwrap_err();
    let elsewhere = of("postgresql://clerk@db.example:5432/tdam");
    assert!(matches!(&elsewhere, StoreError::Refused(text) if text.contains("authority")), "{elsewhere}");
    let secret = of("postgresql://clerk:secret@localhost/tdam");
    assert!(matches!(&secret, StoreError::Refused(text) if text.contains("password")), "{secret}");
    assert!(!secret.to_string().contains("secret"));
    assert!(matches!(of("postgresql://clerk:secret@localhost/db?no=such"), StoreError::Refused(_)));
    let schema = PostgresOptions { schema: "x; DROP".to_owned(), ..PostgresOptions::new("postgresql://localhost/db") };
    assert!(!format!("{:?}", PostgresOptions::new("postgresql://clerk:secret@localhost/db")).contains("secret"));
    assert!(matches!(Store::open_postgres(schema), Err(StoreError::Refused(_))));
}
