//! Connections, requests and their bodies.

use super::bounds::{ANSWER_SECONDS, STEP_SECONDS};
use crate::{Counter, Gauge, Group, Histogram, Metric};

/// Requests that were answered.
pub static REQUESTS: Metric<Counter, 3> = Metric::counter(
    "tdam_http_requests",
    &["method", "route", "status"],
    "Requests that ended. `route` is a route of the service (`none`: no such route), `status` the HTTP status, `left` when the \
     client left before the answer, or `other`",
)
.alert("the share of `5..` among all is above 1 % for 5 minutes");

/// How long an answer takes.
pub static REQUEST_SECONDS: Metric<Histogram, 2> = Metric::histogram(
    "tdam_http_request_seconds",
    &["method", "route"],
    ANSWER_SECONDS,
    "Time from the head of a request to the head of its answer. A client that asks to wait for an outcome is in it",
)
.alert("the 99th percentile of `GET /v1/heartbeat` is above 1 s for 5 minutes");

/// Requests that are worked on.
pub static REQUESTS_IN_FLIGHT: Metric<Gauge, 0> = Metric::gauge(
    "tdam_http_requests_in_flight",
    &[],
    "Requests that have no answer yet, on all listeners but this one",
);

/// Bodies that are arriving.
pub static BODIES_IN_FLIGHT: Metric<Gauge, 0> =
    Metric::gauge("tdam_http_bodies_in_flight", &[], "Bodies of requests that are arriving");

/// Problems that clients were told.
pub static PROBLEMS: Metric<Counter, 1> = Metric::counter(
    "tdam_http_problems",
    &["code"],
    "Answers that are a problem, by the code of the catalogue of errors",
)
.alert("`TDAM-9005` (an internal error) grows at all");

/// Requests that a quota refused.
pub static QUOTA_REFUSALS: Metric<Counter, 1> = Metric::counter(
    "tdam_quota_refusals",
    &["quota"],
    "Requests and bodies refused because a quota was used up: `online_user.requests`, `online_user.bytes`, `address.requests`, \
     `address.bytes`, `enrolment.requests` (of an address that enrols)",
)
.alert("`enrolment.requests` grows: somebody asks for certificates without end, or guesses codes");

/// Connections that are open.
pub static CONNECTIONS: Metric<Gauge, 1> = Metric::gauge(
    "tdam_connections",
    &["listener"],
    "Open connections after their handshake, by listener: `clients`, `plain`, `enrollment`, `metrics`",
);

/// TLS handshakes under way.
pub static HANDSHAKES: Metric<Gauge, 0> =
    Metric::gauge("tdam_handshakes_in_flight", &[], "TLS handshakes that are under way");

/// What went wrong with connections.
pub static CONNECTION_INCIDENTS: Metric<Counter, 1> = Metric::counter(
    "tdam_connection_incidents",
    &["incident"],
    "Connections that came to a bad end: `crowded_out` (a half-open one gave way), `handshake_unfinished`, `handshake_failed`, \
     `no_place`, `unread` (its client does not read its answers), `not_accepted` (for instance no file handle is left), \
     `proxy_header` (a configured proxy sends none that is taken)",
)
.alert("`not_accepted` grows; `crowded_out` or `no_place` grow for 5 minutes");

/// How late the event loop is.
pub static EVENT_LOOP_DELAY: Metric<Histogram, 0> = Metric::histogram(
    "tdam_event_loop_delay_seconds",
    &[],
    STEP_SECONDS,
    "How much later than it should a task that sleeps is woken; the threads that answer clients have more work than time when it grows",
)
.alert("the 99th percentile is above 0.25 s for 5 minutes");

/// The metrics of the channel.
pub static GROUP: Group = Group {
    title: "Connections and requests",
    metrics: &[
        REQUESTS.definition(),
        REQUEST_SECONDS.definition(),
        REQUESTS_IN_FLIGHT.definition(),
        BODIES_IN_FLIGHT.definition(),
        PROBLEMS.definition(),
        QUOTA_REFUSALS.definition(),
        CONNECTIONS.definition(),
        HANDSHAKES.definition(),
        CONNECTION_INCIDENTS.definition(),
        EVENT_LOOP_DELAY.definition(),
    ],
};
