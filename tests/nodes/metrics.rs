//! What the metrics of one node tell of another one, and that the built program has all of the table.

use std::time::Instant;

use telemetry::metrics;

use crate::node::{House, Node};
use crate::{PATIENCE, PAUSE, answer, message, quiet};

const HELD: &str = "tdam_nodes{lease=\"held\"}";
const EXPIRED: &str = "tdam_nodes{lease=\"expired\"}";

async fn until_nodes_are(node: &Node, held: f64, expired: f64) {
    let until = Instant::now() + PATIENCE;
    loop {
        let seen = (node.metric(HELD), node.metric(EXPIRED));
        if seen == (Some(held), Some(expired)) {
            return;
        }
        assert!(Instant::now() < until, "{seen:?} instead of {held} and {expired}");
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_node_is_seen_by_the_others_and_their_clients_are_served() {
    let Some(cluster) = crate::cluster::Cluster::start(false) else { return };
    let house = House::make(&cluster).await;
    let (stays, goes) = (house.start(1), house.start(2));
    until_nodes_are(&stays, 2.0, 0.0).await;
    goes.kill();
    until_nodes_are(&stays, 1.0, 1.0).await;

    let client = house.client(&stays);
    answer(&client, &message("METRICS-AFTER", 3, 1, house.day)).await;
    assert_eq!(stays.metric("tdam_ready"), Some(1.0));
    assert_eq!(stays.metric("tdam_submissions_total{outcome=\"accepted\"}"), Some(1.0));
    // One that is stopped says goodbye, and is missed by nobody.
    let another = house.start(3);
    until_nodes_are(&stays, 2.0, 1.0).await;
    another.stop();
    until_nodes_are(&stays, 1.0, 1.0).await;

    quiet(&house).await;
    let text = stays.metrics();
    let untouched = ["tdam_payments_refused_total", "tdam_http_problems_total"];
    for definition in metrics::all() {
        let name = definition.exposed_name();
        let is_there = text.contains(&format!("# TYPE {name} "));
        assert!(is_there || untouched.contains(&name.as_str()), "{name} is missing: {text}");
    }
    stays.stop();
}
