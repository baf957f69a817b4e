//! Rights on several nodes: who changes them returns when no node relies on the old ones any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use store::{Fingerprint, PostgresOptions, RightsVersion, Store};
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;

use crate::fresh;
use crate::proxy::{Proxy, Trouble};
use crate::support::{Treasury, at};

/// Ends a test that hangs; it measures nothing.
const WATCHDOG: Duration = Duration::from_secs(300);

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// What a node does that serves: confirms whenever it hears of a change.
fn serving(store: &Store) -> JoinHandle<()> {
    let store = store.clone();
    tokio::spawn(async move {
        let mut news = store.rights_news();
        loop {
            let _ = store.confirm_rights_anew().await;
            tokio::select! {
                () = news.changed() => {}
                () = tokio::time::sleep(store::bounds::RIGHTS_CONFIRMED_EVERY) => {}
            }
        }
    })
}

async fn holds(store: &Store) -> RightsVersion {
    let waiting = async {
        loop {
            match store.rights() {
                Some(rights) => return rights.version,
                None => tokio::time::sleep(crate::BETWEEN_LOOKS).await,
            }
        }
    };
    tokio::time::timeout(WATCHDOG, waiting).await.expect("rights")
}

async fn revoke(store: &Store, certificate: Fingerprint) {
    assert!(store.write(move |tx| tx.revoke_certificate(&certificate, at(5))).await.unwrap());
}

#[test]
fn every_node_that_serves_has_acknowledged_a_change_that_has_returned() {
    let Some((cluster, options)) = fresh() else { return };
    let stores = [0, 1, 2].map(|_| Store::open_postgres(options.clone()).unwrap());
    let treasury = Treasury::found(&stores[0]);
    runtime().block_on(async {
        let tasks = stores.each_ref().map(serving);
        let mut before = Vec::new();
        for store in &stores {
            before.push(holds(store).await);
        }
        revoke(&stores[0], treasury.certificate).await;
        for (store, before) in stores.iter().zip(before) {
            assert!(store.rights().is_none_or(|rights| rights.version > before), "{before:?}");
        }
        for task in tasks {
            task.abort();
        }
    });
    let checked = runtime().block_on(async {
        let (client, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let behind = format!(
            "SELECT count(*) FILTER (WHERE n.rights_version < r.version), count(*) FROM {0}.node n CROSS JOIN {0}.rights_count r",
            options.schema
        );
        let row = client.query_one(&behind, &[]).await.unwrap();
        (row.get::<_, i64>(0), row.get::<_, i64>(1))
    });
    assert_eq!(checked, (0, 3), "nodes behind, nodes");
}

/// A node that hears nothing more, and does not know that yet, relies on nothing when the change has returned.
#[test]
fn a_node_that_is_cut_off_relies_on_nothing_when_a_change_has_returned() {
    let Some((cluster, options)) = fresh() else { return };
    let proxy = Proxy::before(cluster.port());
    let through = format!("postgresql://owner@127.0.0.1:{}/postgres", proxy.port());
    let other = Store::open_postgres(options.clone()).unwrap();
    let treasury = Treasury::found(&other);
    let cut_off = Store::open_postgres(PostgresOptions { url: through, ..options }).unwrap();
    runtime().block_on(async {
        for trouble in [Trouble::BlackHole, Trouble::Down] {
            proxy.make(Trouble::None);
            let task = serving(&cut_off);
            holds(&cut_off).await;
            proxy.make(trouble);
            match trouble {
                Trouble::BlackHole => revoke(&other, treasury.certificate).await,
                _ => other.write(|tx| tx.set_business_day(crate::support::MONDAY)).await.unwrap(),
            }
            assert_eq!(cut_off.rights(), None, "{trouble:?}");
            task.abort();
        }
        proxy.make(Trouble::None);
    });
}

/// A statement by hand, or of a node that knows no version of rights, is heard of as well.
#[test]
fn a_change_by_another_path_is_heard_of() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    let treasury = Treasury::found(&store);
    runtime().block_on(async {
        let serving = serving(&store);
        let before = holds(&store).await;
        let mut versions = store.rights_versions();
        let (client, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let by_hand = format!("UPDATE {}.certificate SET revoked_at = 5 WHERE fingerprint = $1", options.schema);
        client.execute(&by_hand, &[&treasury.certificate.0.as_slice()]).await.unwrap();
        let heard = versions.wait_for(|version| *version > before);
        tokio::time::timeout(WATCHDOG, heard).await.expect("the new version").unwrap();
        serving.abort();
    });
}

/// Many ask at once; none relies on an answer that was on its way before a change of this node's own had returned.
#[test]
fn own_changes_beside_many_confirmations() {
    let Some((_, options)) = fresh() else { return };
    let store = Store::open_postgres(options).unwrap();
    Treasury::found(&store);
    runtime().block_on(async {
        let ends = Arc::new(AtomicBool::new(false));
        let asking = (0..8).map(|_| {
            let (store, ends) = (store.clone(), Arc::clone(&ends));
            tokio::spawn(async move {
                while !ends.load(Ordering::Relaxed) {
                    store.confirm_rights().await.unwrap();
                }
            })
        });
        let asking: Vec<_> = asking.collect();
        for _ in 0..20 {
            let before = holds(&store).await;
            store.write(|tx| tx.set_business_day(crate::support::MONDAY)).await.unwrap();
            assert!(store.rights().is_none_or(|rights| rights.version > before), "{before:?}");
        }
        ends.store(true, Ordering::Relaxed);
        for task in asking {
            task.await.unwrap();
        }
    });
}

/// A node whose question is held up between its look at the version and its acknowledgement, while another changes rights.
/// `acknowledged` is what the node's row says meanwhile, after the version that the node had confirmed. Returns the version
/// after the change, what the question found, and what a caller found that came after the change had returned.
fn changed_before_the_acknowledgement(
    acknowledged: impl Fn(RightsVersion) -> Option<i64>,
) -> Option<(RightsVersion, RightsVersion, RightsVersion)> {
    let (cluster, options) = fresh()?;
    let [other, node] = [0, 1].map(|_| Store::open_postgres(options.clone()).unwrap());
    let treasury = Treasury::found(&other);
    let found = runtime().block_on(async {
        let before = node.confirm_rights().await.unwrap().version;
        let (mut client, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = {}", options.schema)).await.unwrap();
        // A transaction sees one state of the activity from its first look on.
        let (looking, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let acknowledged = acknowledged(before);
        assert_eq!(client.execute("UPDATE node SET rights_version = $1", &[&acknowledged]).await.unwrap(), 1, "nodes");
        let transaction = client.transaction().await.unwrap();
        transaction.execute("SELECT id FROM node FOR UPDATE", &[]).await.unwrap();
        let asking = tokio::spawn({
            let node = node.clone();
            async move { node.confirm_rights_anew().await.unwrap().version }
        });
        let waits = "SELECT count(*) FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND query LIKE '%SET rights_version%' AND pid <> pg_backend_pid()";
        let waiting = async {
            while looking.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(WATCHDOG, waiting).await.expect("an acknowledgement that waits");
        revoke(&other, treasury.certificate).await;
        let now = other.read(|snapshot| snapshot.rights()).await.unwrap().version;
        assert!(now > before);
        // A caller that comes now finds the node asking.
        let mut late = std::pin::pin!(node.confirm_rights());
        tokio::select! {
            biased;
            _ = &mut late => panic!("the node still asks"),
            () = std::future::ready(()) => {}
        }
        transaction.commit().await.unwrap();
        let asked = asking.await.unwrap();
        (now, asked, late.await.unwrap().version)
    });
    Some(found)
}

/// Nobody waits for a node that has acknowledged nothing, so such a node looks again before it relies on what it saw.
#[test]
fn a_change_before_a_first_acknowledgement_is_seen() {
    let Some((now, asked, late)) = changed_before_the_acknowledgement(|_| None) else { return };
    assert_eq!((asked, late), (now, now), "what the question found, and who came later");
}

/// A change returns without a node that stands still for as long as a node relies on rights. What that node asked before is no
/// answer for who comes after the change.
#[test]
fn an_answer_that_was_on_its_way_when_a_change_returned_is_not_shared() {
    let acknowledged = |before: RightsVersion| Some(before.0 - 1);
    let Some((now, _, late)) = changed_before_the_acknowledgement(acknowledged) else { return };
    assert_eq!(late, now, "who came later");
}

/// As a node of the version before confirms its rights.
const CONFIRM_BEFORE: &str = "SELECT r.version, s.business_day, n.rights_version,
        CAST(coalesce(n.seen_at > now() - make_interval(secs => n.lease_seconds), false) AS INTEGER)
    FROM rights r CROSS JOIN state s LEFT JOIN node n ON n.id = $1";

#[test]
fn nodes_of_an_older_version_are_waited_for_and_then_kept_out() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    Treasury::found(&store);
    runtime().block_on(async {
        let (client, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = {}", options.schema)).await.unwrap();
        let register = "INSERT INTO node (name, lease_seconds) VALUES ('older', 3600) RETURNING id";
        let older: i64 = client.query_one(register, &[]).await.unwrap().get(0);
        let confirmed = async || client.query(CONFIRM_BEFORE, &[&older]).await.unwrap().len();
        let keep_out = async || store.write(|tx| tx.keep_out_older_nodes()).await.unwrap();
        let minimum = async || store.read(|snapshot| snapshot.minimum_node_version()).await.unwrap();
        assert!(!keep_out().await, "it serves");
        assert_eq!((minimum().await, confirmed().await), (0, 1), "nothing has happened");
        client.execute("UPDATE node SET seen_at = now() - interval '2 hours' WHERE id = $1", &[&older]).await.unwrap();
        assert!(keep_out().await);
        assert!(minimum().await > 0);
        // It comes back, after it stood still.
        client.execute("UPDATE node SET seen_at = now() WHERE id = $1", &[&older]).await.unwrap();
        assert_eq!(confirmed().await, 0, "and finds nothing to rely on");
        store.confirm_rights().await.unwrap();
        // A version to come keeps this one out.
        client.execute("UPDATE state SET minimum_node_version = 4711", &[]).await.unwrap();
        let refused = store.confirm_rights_anew().await.unwrap_err();
        assert!(matches!(refused, store::StoreError::NewerDatabase { found: 4711, .. }), "{refused}");
        assert_eq!(store.rights(), None);
        let back = client.execute("UPDATE state SET minimum_node_version = 1", &[]).await.unwrap_err();
        assert!(format!("{back:?}").contains("does not go back"), "{back:?}");
    });
}

/// The row of the user is what the two lock: a decision that reads first keeps its rights to the end, and one that comes
/// after waits and reads the new ones.
#[test]
fn a_decision_that_waits_for_a_change_of_rights_reads_the_new_ones() {
    let Some((cluster, options)) = fresh() else { return };
    let store = Store::open_postgres(options.clone()).unwrap();
    let treasury = Treasury::found(&store);
    let grant = move |accounts: Vec<ledger::AccountId>| {
        move |tx: &mut dyn store::Writing| {
            let user = tx.online_user(treasury.user)?.unwrap();
            tx.update_online_user(&store::OnlineUser { granted_accounts: accounts.clone(), ..user })
        }
    };
    crate::support::write(&store, grant(vec![treasury.payer]));
    runtime().block_on(async {
        let (mut client, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute(&format!("SET search_path = {}", options.schema)).await.unwrap();
        // A transaction sees one state of the activity from its first look on.
        let (looking, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let transaction = client.transaction().await.unwrap();
        let withdraw = "UPDATE online_user SET granted_accounts = '' WHERE id = $1";
        transaction.execute(withdraw, &[&treasury.user.0]).await.unwrap();
        let deciding = tokio::spawn({
            let store = store.clone();
            async move { store.write(move |tx| tx.identity(&treasury.certificate)).await }
        });
        let waits =
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR SHARE OF c, u%'";
        let waiting = async {
            while looking.query_one(waits, &[]).await.unwrap().get::<_, i64>(0) == 0 {
                tokio::time::sleep(crate::BETWEEN_LOOKS).await;
            }
        };
        tokio::time::timeout(WATCHDOG, waiting).await.expect("a decision that waits");
        transaction.commit().await.unwrap();
        let identity = deciding.await.unwrap().unwrap().unwrap();
        assert_eq!(identity.user.granted_accounts, []);
    });
}
