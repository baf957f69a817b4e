//! What Prometheus reads: on a listener of its own, every metric of the table, and nothing of what clients send.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{OURS, THEIRS, World, get, messages, post};
use server::bounds::METRICS_CONNECTIONS_MAX;
use telemetry::{Kind, metrics};
use tokio::net::TcpStream;

/// The samples of a scrape, by what stands before their value.
fn samples(text: &str) -> BTreeMap<&str, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').unwrap()).map(|(name, value)| (name, value.parse().unwrap())).collect()
}

/// Everything that a client, an operator and a clock bring about.
async fn traffic(world: &World) {
    let client = world.client(&world.manage);
    let payments = messages::payments("METRICS-1", 3);
    post(&client, world.url("/v1/payments"), payments.clone()).await;
    post(&client, world.url("/v1/payments"), payments).await;
    post(&client, world.url("/v1/payments?mode=test"), messages::payments("METRICS-2", 2)).await;
    let unknown = messages::payments("METRICS-3", 2).replace(OURS, "LV42TREL2000000002001");
    post(&client, world.url("/v1/payments"), unknown).await;
    let invalid = messages::payments("METRICS-4", 1).replace("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>SECRET</PmtMtd>");
    post(&client, world.url("/v1/payments"), invalid).await;
    post(&client, world.url("/v1/payments"), "<SECRET").await;
    get(&client, world.url("/v1/payments?msg_id=METRICS-1")).await;
    get(&client, world.url("/v1/heartbeat")).await;
    get(&client, world.url("/v1/SECRET-PATH")).await;
    client.request("SECRET".parse().unwrap(), world.url("/v1/heartbeat")).send().await.unwrap();
    get(&world.anonymous(), world.url("/v1/accounts")).await;
    get(&world.anonymous(), world.plain_url("/health")).await;
    world.exchange.work_now().await.unwrap();
    world.exchange.look_at_the_room().await.unwrap();
    world.exchange.read_the_gauges().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_of_the_table_is_scraped_and_nothing_that_was_sent() {
    let world = World::start().await;
    traffic(&world).await;
    let text = world.metrics().await;

    for definition in metrics::all() {
        let (name, kind) = (definition.exposed_name(), definition.kind);
        assert!(text.contains(&format!("# TYPE {name} {}\n", kind.name())), "{name} is missing: {text}");
        assert!(text.contains(&format!("# HELP {name} ")), "{name}");
    }
    let known: BTreeSet<String> = metrics::all().flat_map(|definition| definition.series_names()).collect();
    for sample in samples(&text).into_keys() {
        let name = sample.split('{').next().unwrap();
        assert!(known.contains(name), "{name} is not in the table");
    }
    for secret in ["SECRET", "METRICS-", OURS, THEIRS, "Rekins", "pašvaldība", "Kase"] {
        assert!(!text.contains(secret), "{secret} is in the metrics: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_is_counted() {
    let world = World::start().await;
    traffic(&world).await;
    let text = world.metrics().await;
    let samples = samples(&text);
    let of = |series: &str| *samples.get(series).unwrap_or_else(|| panic!("no {series} in {text}"));

    assert_eq!(of("tdam_http_requests_total{method=\"POST\",route=\"/v1/payments\",status=\"200\"}"), 4.0);
    assert_eq!(of("tdam_http_requests_total{method=\"POST\",route=\"/v1/payments\",status=\"400\"}"), 1.0);
    assert_eq!(of("tdam_http_requests_total{method=\"POST\",route=\"/v1/payments\",status=\"422\"}"), 1.0);
    assert_eq!(of("tdam_http_requests_total{method=\"GET\",route=\"/v1/accounts\",status=\"401\"}"), 1.0);
    assert_eq!(of("tdam_http_requests_total{method=\"none\",route=\"none\",status=\"404\"}"), 1.0);
    assert_eq!(of("tdam_http_requests_total{method=\"none\",route=\"none\",status=\"405\"}"), 1.0);
    assert_eq!(of("tdam_http_request_seconds_count{method=\"POST\",route=\"/v1/payments\"}"), 6.0);
    assert_eq!(of("tdam_http_requests_in_flight"), 0.0);
    assert_eq!(of("tdam_http_bodies_in_flight"), 0.0);
    assert_eq!(of("tdam_http_problems_total{code=\"TDAM-1001\"}"), 1.0);

    for (outcome, count) in
        [("accepted", 1.0), ("repeated", 1.0), ("refused", 1.0), ("not_taken", 1.0), ("partially_accepted", 0.0)]
    {
        assert_eq!(of(&format!("tdam_submissions_total{{outcome=\"{outcome}\"}}")), count, "{outcome}");
    }
    assert_eq!(of("tdam_submission_trials_total"), 1.0);
    assert_eq!(of("tdam_payments_accepted_total"), 3.0);
    let refused: f64 = samples
        .iter()
        .filter(|(name, _)| name.starts_with("tdam_payments_refused_total"))
        .map(|(_, count)| count)
        .sum();
    assert_eq!(refused, 2.0, "each payment once: {text}");
    assert_eq!(of("tdam_submission_answer_seconds_count{size=\"up_to_64_KiB\"}"), 3.0);

    assert_eq!(of("tdam_connections{listener=\"metrics\"}"), 1.0);
    assert_eq!(of("tdam_ready"), 1.0);
    assert_eq!(of("tdam_health_condition{condition=\"no_room\",severity=\"not_ready\"}"), 0.0);
    assert_eq!(of("tdam_nodes{lease=\"held\"}"), 1.0);
    assert!(of("tdam_time_left_seconds{of=\"client_certificate\"}") > 0.0);
    assert!(of("tdam_room_bytes{kind=\"total\"}") >= of("tdam_room_bytes{kind=\"free\"}"));
    let (jobs, commits) = (of("tdam_store_jobs_total{result=\"committed\"}"), of("tdam_store_commits_total"));
    assert!(jobs >= commits && commits > 0.0, "{jobs} jobs, {commits} commits");
    assert_eq!(of("tdam_store_jobs_per_commit_sum"), jobs);
    assert_eq!(of("tdam_store_jobs_per_commit_count"), commits);
}

/// Buckets only grow, the last one is the count: what no reader checks for every histogram.
#[tokio::test(flavor = "multi_thread")]
async fn histograms_add_up() {
    let world = World::start().await;
    traffic(&world).await;
    let text = world.metrics().await;
    let mut histograms = 0;
    for definition in metrics::all().filter(|definition| matches!(definition.kind, Kind::Histogram(_))) {
        let name = definition.exposed_name();
        let bucket = format!("{name}_bucket{{");
        let mut last = 0.0;
        for line in text.lines().filter(|line| line.starts_with(&name)) {
            let value: f64 = line.rsplit_once(' ').unwrap().1.parse().unwrap();
            if line.starts_with(&bucket) {
                assert!(value >= last, "{line}");
                last = if line.contains("le=\"+Inf\"") { 0.0 } else { value };
                histograms += 1;
            }
        }
    }
    assert!(histograms > 0, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_read_on_their_own_listener_only() {
    let world = World::start().await;
    let (client, anybody) = (world.client(&world.manage), world.anonymous());
    get(&client, world.url("/metrics")).await.problem(404, "TDAM-9001");
    get(&anybody, world.plain_url("/metrics")).await.problem(404, "TDAM-9001");
    let address = world.addresses.metrics.unwrap();
    let read = get(&anybody, format!("http://{address}/metrics")).await;
    assert_eq!(read.status.as_u16(), 200);
    assert_eq!(read.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    for path in ["/", "/health", "/v1/errors", "/v1/payments", "/metrics/"] {
        assert_eq!(get(&anybody, format!("http://{address}{path}")).await.status.as_u16(), 404, "{path}");
    }
    assert_eq!(post(&anybody, format!("http://{address}/metrics"), "x").await.status.as_u16(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_keep_no_scrape_out() {
    let world = World::start().await;
    let address = world.addresses.metrics.unwrap();
    let mut idle = Vec::new();
    for _ in 0..3 * METRICS_CONNECTIONS_MAX {
        idle.push(TcpStream::connect(address).await.unwrap());
    }
    assert!(world.metrics().await.contains("tdam_ready 1.0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_address_nothing_listens() {
    let world = World::with(|settings| settings.metrics_address = None).await;
    assert_eq!(world.addresses.metrics, None);
}
