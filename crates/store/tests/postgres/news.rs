//! News between openings of one database, also after the loss of the listening connection.

use std::time::Duration;

use store::{News, PostgresOptions, Reach, Store};
use tokio_postgres::{AsyncMessage, Client, NoTls};

use crate::cluster::Cluster;
use crate::fresh;
use crate::proxy::{Proxy, Trouble};
use crate::writing::append;

/// Ends a test that hangs because news never come; it measures nothing.
const PATIENCE: Duration = Duration::from_secs(300);

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

async fn told(news: &mut News) {
    tokio::time::timeout(PATIENCE, news.changed()).await.expect("news");
}

async fn until(news: &mut News, reach: Reach) {
    while news.reach() != reach {
        told(news).await;
    }
}

async fn set_day(store: &Store) {
    store.write(|tx| tx.set_business_day(jiff::civil::date(2026, 11, 23))).await.unwrap();
}

/// A client of the database that is no node.
async fn anybody(cluster: &Cluster) -> Client {
    let (client, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

#[test]
fn what_one_node_writes_another_is_told() {
    let Some((_, options)) = fresh() else { return };
    let stores = [0, 1].map(|_| Store::open_postgres(options.clone()).unwrap());
    runtime().block_on(async {
        for (one, other) in [(0, 1), (1, 0)] {
            let mut news = stores[other].news();
            until(&mut news, Reach::Everybody).await;
            let mut news = stores[other].news();
            set_day(&stores[one]).await;
            told(&mut news).await;
        }
    });
}

/// A direct listener counts notifications: one for each transaction with news, none for others, nor in another schema. The
/// business day is also told as a change of rights.
#[test]
fn a_transaction_tells_once_and_only_when_there_is_something() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    let (_, elsewhere) = fresh().unwrap();
    let elsewhere = Store::open_postgres(elsewhere).unwrap();
    runtime().block_on(async {
        let (client, mut connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
        let (sender, mut heard) = tokio::sync::mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(Ok(message)) = std::future::poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notification(told) = message {
                    sender.send(told.payload().to_owned()).unwrap();
                }
            }
        });
        client.batch_execute(&format!("LISTEN \"{}\"", options.schema)).await.unwrap();
        // Notifications come in the order of commits, so all earlier ones have arrived when this one comes.
        let fence = format!("SELECT pg_notify('{}', 'fence')", options.schema);
        let mut count = async || {
            client.batch_execute(&fence).await.unwrap();
            let (mut news, mut rights) = (0, 0);
            loop {
                match tokio::time::timeout(PATIENCE, heard.recv()).await.unwrap().unwrap().as_str() {
                    "fence" => return (news, rights),
                    "rights" => rights += 1,
                    _ => news += 1,
                }
            }
        };
        set_day(&store).await;
        assert_eq!(count().await, (1, 1));
        let written = tokio::task::spawn_blocking({
            let store = store.clone();
            move || append(&store, "a line".to_owned())
        });
        written.await.unwrap().unwrap();
        store.read(|snapshot| snapshot.business_day()).await.unwrap();
        set_day(&elsewhere).await;
        let earlier = jiff::civil::date(2026, 11, 22);
        store.write(move |tx| tx.set_business_day(earlier)).await.unwrap_err();
        assert_eq!(count().await, (0, 0));
        let day = jiff::civil::date(2026, 11, 23);
        let twice = store.write(move |tx| {
            tx.set_business_day(day)?;
            tx.set_business_day(day)
        });
        twice.await.unwrap();
        assert_eq!(count().await, (1, 1));
    });
}

#[test]
fn news_come_again_after_the_listening_connection_was_killed() {
    let Some((cluster, options)) = fresh() else { return };
    let stores = [0, 1].map(|_| Store::open_postgres(options.clone()).unwrap());
    runtime().block_on(async {
        let mut news = stores[1].news();
        until(&mut news, Reach::Everybody).await;
        let anybody = anybody(cluster).await;
        let listen = format!("LISTEN \"{}\"", options.schema);
        let listening = async || {
            let sql = "SELECT pid FROM pg_stat_activity WHERE query = $1";
            let found = anybody.query(sql, &[&listen]).await.unwrap();
            found.iter().map(|row| row.get(0)).collect::<Vec<i32>>()
        };
        let before = listening().await;
        assert_eq!(before.len(), 1, "one connection listens");
        anybody.query("SELECT pg_terminate_backend($1)", &[&before[0]]).await.unwrap();
        // The store counts the loss as news, and the new connection too.
        told(&mut news).await;
        until(&mut news, Reach::Everybody).await;
        let after = listening().await;
        assert!(after.len() == 1 && after != before, "{before:?} {after:?}");
        let mut news = stores[1].news();
        set_day(&stores[0]).await;
        told(&mut news).await;
    });
}

/// Nothing passes, without an error: only asking again shows it.
#[test]
fn a_database_that_went_silent_is_noticed() {
    let Some((cluster, options)) = fresh() else { return };
    let proxy = Proxy::before(cluster.port());
    let through = PostgresOptions {
        url: format!("postgresql://owner@127.0.0.1:{}/postgres", proxy.port()),
        connect_timeout: Duration::from_secs(2),
        statement_timeout: Duration::from_secs(1),
        ..options.clone()
    };
    let (store, other) = (Store::open_postgres(through).unwrap(), Store::open_postgres(options).unwrap());
    runtime().block_on(async {
        let mut news = store.news();
        until(&mut news, Reach::Everybody).await;
        proxy.make(Trouble::BlackHole);
        until(&mut news, Reach::Nobody).await;
        proxy.make(Trouble::None);
        until(&mut news, Reach::Everybody).await;
        let mut news = store.news();
        set_day(&other).await;
        told(&mut news).await;
    });
}
