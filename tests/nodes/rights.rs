//! Rights on several nodes: a revocation that has returned holds on each of them, also where the database is out of reach.

use std::time::Instant;

use crate::database::Database;
use crate::node::{House, Node};
use crate::proxy::{Proxy, Trouble};
use crate::{PATIENCE, PAUSE, cluster};

/// The node knows its caller, hears nothing more from the database, and does not serve it when the revocation has returned.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_node_that_is_cut_off_serves_nobody_whose_rights_have_ended() {
    let Some(cluster) = cluster::Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let proxy = Proxy::before(cluster.port());
    let nodes: [Node; 2] = [house.start(1), house.start_through(2, proxy.port())];
    let [beside, cut_off] = nodes.each_ref().map(|node| house.client(node));
    for client in [&beside, &cut_off] {
        client.heartbeat().await.unwrap();
    }
    proxy.make(Trouble::BlackHole);
    house.revoke();
    let (refused, cut_off_says) = tokio::join!(beside.heartbeat(), cut_off.heartbeat());
    assert!(refused.unwrap_err().is_unauthorised());
    let cut_off_says = cut_off_says.unwrap_err();
    assert!(cut_off_says.is_unavailable() || cut_off_says.is_connection(), "{cut_off_says}");
    proxy.make(Trouble::None);
    let until = Instant::now() + PATIENCE;
    while !cut_off.heartbeat().await.unwrap_err().is_unauthorised() {
        assert!(Instant::now() < until, "the node does not find its database again");
        tokio::time::sleep(PAUSE).await;
    }
    for node in nodes {
        node.stop();
    }
}

/// What a node of an older version does, or a person: a statement that tells nobody.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_revocation_by_hand_is_noticed_by_every_node() {
    let Some(cluster) = cluster::Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let nodes: [Node; 2] = [house.start(1), house.start(2)];
    let clients = nodes.each_ref().map(|node| house.client(node));
    for client in &clients {
        client.heartbeat().await.unwrap();
    }
    let certificate: String = house.fingerprint().iter().map(|byte| format!("{byte:02x}")).collect();
    let revoke = format!("UPDATE house.certificate SET revoked_at = 1 WHERE fingerprint = '\\x{certificate}'");
    Database::of(&cluster).await.run(&revoke).await;
    let until = Instant::now() + PATIENCE;
    for client in &clients {
        loop {
            match client.heartbeat().await {
                Ok(_) => assert!(Instant::now() < until, "a node does not notice"),
                Err(refused) => break assert!(refused.is_unauthorised(), "{refused}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    for node in nodes {
        node.stop();
    }
}
