//! The table of metrics: names as Prometheus wants them, and values that are written as they were recorded.

use std::collections::BTreeSet;

use rulebook::Code;
use telemetry::metrics::{self, channel, node, store, submissions};
use telemetry::{ByCode, Kind, Telemetry};

/// <https://prometheus.io/docs/practices/naming/>
#[test]
fn names_are_those_of_prometheus() {
    let mut names = BTreeSet::new();
    for definition in metrics::all() {
        let name = definition.exposed_name();
        assert!(names.insert(name.clone()), "{name} stands there twice");
        assert!(name.starts_with("tdam_"), "{name}");
        for word in definition.labels.iter().copied().chain([name.as_str()]) {
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{word}");
        }
        assert!(!definition.labels.iter().any(|label| ["le", "job", "instance"].contains(label)), "{name}");
        assert!(!definition.meaning.is_empty() && !definition.meaning.ends_with('.'), "{name}");
        if let Kind::Histogram(bounds) = definition.kind {
            assert!(bounds.is_sorted_by(|one, next| one < next) && bounds.iter().all(|bound| bound.is_finite()));
        }
    }
    assert!(names.len() > 30, "{names:?}");
}

#[test]
fn values_are_written_as_they_were_recorded() {
    let telemetry = Telemetry::new();
    telemetry.counter(&channel::REQUESTS, ["GET", "/v1/heartbeat", "200"]).inc_by(3);
    telemetry.gauge(&node::READY, []).set(1.0);
    telemetry.histogram(&store::JOBS_PER_COMMIT, []).observe(3.0);
    let refused = ByCode::new(&telemetry, &submissions::PAYMENTS_REFUSED);
    refused.count(Code::DebtorAccountUnknown, 2);
    refused.count(Code::DebtorAccountUnknown, 5);

    let text = telemetry.scrape();
    for line in [
        "# TYPE tdam_http_requests_total counter",
        "tdam_http_requests_total{method=\"GET\",route=\"/v1/heartbeat\",status=\"200\"} 3",
        "# TYPE tdam_ready gauge",
        "tdam_ready 1.0",
        "# TYPE tdam_store_jobs_per_commit histogram",
        "tdam_store_jobs_per_commit_bucket{le=\"2\"} 0",
        "tdam_store_jobs_per_commit_bucket{le=\"4\"} 1",
        "tdam_store_jobs_per_commit_bucket{le=\"+Inf\"} 1",
        "tdam_store_jobs_per_commit_sum 3.0",
        "tdam_store_jobs_per_commit_count 1",
        "tdam_payments_refused_total{code=\"TDAM-4001\"} 7",
    ] {
        assert!(text.lines().any(|written| written == line), "{line} is missing:\n{text}");
    }
    assert!(text.contains("# HELP tdam_ready 1 while the node can serve"), "{text}");
    assert!(!text.contains("tdam_alive"), "nobody has said whether it lives:\n{text}");
}

#[test]
fn handles_of_the_same_labels_are_one_and_a_gauge_can_go() {
    let telemetry = Telemetry::new();
    let (one, other) = (telemetry.gauge(&node::NODES, ["held"]), telemetry.clone().gauge(&node::NODES, ["held"]));
    one.inc();
    other.inc();
    assert!(telemetry.scrape().contains("tdam_nodes{lease=\"held\"} 2.0"));
    telemetry.remove_gauge(&node::NODES, ["held"]);
    assert!(!telemetry.scrape().contains("lease=\"held\""));
}
