//! The log of a database that logs every statement.

use store::{PostgresOptions, Store};

use crate::cluster::Cluster;
use crate::roles::run;
use crate::writing::append;

/// Sets parameters of the whole server.
fn set(cluster: &Cluster, settings: &[(&str, &str)]) {
    for (name, value) in settings {
        run(&cluster.url(), &format!("ALTER SYSTEM SET {name} = '{value}'")).unwrap();
    }
    run(&cluster.url(), "SELECT pg_reload_conf()").unwrap();
}

#[test]
fn confidential_values_stay_out_of_the_databases_log() {
    let Some(cluster) = Cluster::start(false) else { return };
    let options = || PostgresOptions {
        owner_url: Some(cluster.url()),
        schema: "house".to_owned(),
        ..PostgresOptions::new(cluster.clerk_url())
    };
    set(&cluster, &[("log_min_messages", "warning"), ("log_statement", "all"), ("log_min_duration_statement", "0")]);
    let store = Store::open_postgres(options()).unwrap();
    let advice = until(|| store.advice().unwrap(), |advice| advice.iter().any(|line| line.contains("database logs")));
    assert!(advice.iter().any(|line| line.starts_with("log_parameter_max_length = 0 ")), "{advice:?}");
    assert!(advice.iter().any(|line| line.starts_with("log_error_verbosity = terse ")), "{advice:?}");
    append(&store, "Atklāts Vārds".to_owned()).unwrap();
    assert!(log(&cluster).contains("Atklāts Vārds"), "the log would tell, if it was let");
    drop(store);

    set(&cluster, &[("log_parameter_max_length", "0"), ("log_error_verbosity", "terse")]);
    let store = Store::open_postgres(options()).unwrap();
    until(|| store.advice().unwrap(), Vec::is_empty);
    append(&store, "Slēpts Vārds".to_owned()).unwrap();
    // A statement that fails is logged, without its values.
    store
        .write_blocking(|tx| tx.set_house_account(store::HousePurpose::Settlement, ledger::AccountId(471_147_114)))
        .unwrap_err();
    let log = log(&cluster);
    let statements = log.matches("INSERT INTO audit").count();
    assert!(statements >= 2 && log.contains("house_account"), "{statements} statements are logged");
    assert!(!log.contains("Slēpts Vārds") && !log.contains("471147114"));
}

/// New settings reach a session when its server has read them.
fn until<T>(mut look: impl FnMut() -> T, is_so: impl Fn(&T) -> bool) -> T {
    let begun = std::time::Instant::now();
    loop {
        let seen = look();
        if is_so(&seen) {
            return seen;
        }
        assert!(begun.elapsed() < std::time::Duration::from_secs(60), "not yet");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

fn log(cluster: &Cluster) -> String {
    let sql = "SELECT pg_read_file(current_setting('data_directory') || '/../server.log')";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(&cluster.url(), tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        client.query_one(sql, &[]).await.unwrap().get(0)
    })
}
