//! The node: its health, its neighbours, its day, its disk and its certificates.

use crate::{Gauge, Group, Metric};

/// The version that runs.
pub static BUILD: Metric<Gauge, 1> =
    Metric::gauge("tdam_build_info", &["version"], "Always 1, with the version that runs");

/// When the process began.
pub static STARTED: Metric<Gauge, 0> =
    Metric::gauge("tdam_started_timestamp_seconds", &[], "When the process began to serve, in seconds since 1970")
        .alert("changes more than 3 times in an hour: the service is ended again and again");

/// Whether it is ready.
pub static READY: Metric<Gauge, 0> =
    Metric::gauge("tdam_ready", &[], "1 while the node can serve: `/health/ready` answers 200").alert("0 for 1 minute");

/// Whether it lives.
pub static ALIVE: Metric<Gauge, 0> =
    Metric::gauge("tdam_alive", &[], "0 when only another start helps: `/health/live` answers 503").alert("0");

/// Conditions of health.
pub static CONDITIONS: Metric<Gauge, 2> = Metric::gauge(
    "tdam_health_condition",
    &["condition", "severity"],
    "1 while a condition of health stands, by the `condition` and its `severity`: `alarm`, `not_ready`, `not_alive`; as `/health` names \
     them",
)
.alert("any is 1 for 2 minutes");

/// When stored data were last checked.
pub static CHECKED: Metric<Gauge, 0> = Metric::gauge(
    "tdam_checked_timestamp_seconds",
    &[],
    "When the last complete check of stored data by this process began, in seconds since 1970; 0 before the first",
)
.alert("older than 2 days, where `check.daily_at` is set");

/// How old the figures are that come from the store.
pub static FIGURES_AGE: Metric<Gauge, 0> = Metric::gauge(
    "tdam_figures_age_seconds",
    &[],
    "Age of what was last read from the store for this page (lots, unanswered submissions, nodes, business day, ends, set-aside work). \
     A store that stands still holds up no scrape: its figures grow old",
)
.alert("above 60 s");

/// Nodes that share the store.
pub static NODES: Metric<Gauge, 1> = Metric::gauge(
    "tdam_nodes",
    &["lease"],
    "Nodes that share the store, by their `lease`: `held`; `expired`, whose lease lapsed in the last quarter of an \
     hour without an orderly stop. With SQLite always one",
)
.alert("`expired` above 0, or `held` below the number of nodes that you run");

/// The business day.
pub static BUSINESS_DAY: Metric<Gauge, 0> = Metric::gauge(
    "tdam_business_day_timestamp_seconds",
    &[],
    "The business day: its midnight in UTC, in seconds since 1970",
);

/// How far the business day is behind.
pub static BUSINESS_DAY_BEHIND: Metric<Gauge, 0> = Metric::gauge(
    "tdam_business_day_behind_seconds",
    &[],
    "By how much the business day lies before the one that the calendar has now: whole days, in seconds",
)
.alert("above 0 for 15 minutes, where `business_day.automatic` is true");

/// How long the audit chain has been without a checkpoint.
pub static AUDIT_UNCONFIRMED: Metric<Gauge, 0> = Metric::gauge(
    "tdam_audit_unconfirmed_seconds",
    &[],
    "Age of the oldest line of the audit chain that no signed checkpoint covers; 0 when each is covered",
)
.alert("above four times `audit.checkpoint_minutes`: no node signs, or the chain does not verify");

/// When something ends that clients need.
pub static TIME_LEFT: Metric<Gauge, 1> = Metric::gauge(
    "tdam_time_left_seconds",
    &["of"],
    "Time until the next of these ends, in seconds (86400 a day), `of`: `server_certificate`, `client_certificate` (valid ones of online users, the latest of \
     each), `person_certificate` (of operators and clients' persons, the latest of each), `registration` (of online users), `revocation_list` (the first to end of those that the node gives out; below 0 when it has ended), `issuing_authority`, \
     `outside_revocation_list` (of other houses' authorities, the first to end); \
     absent when there is none",
)
.alert("`server_certificate` below 21 days; `client_certificate` and `registration` below 30 days: tell the client; `person_certificate` below 30 days: renew it by an application; `revocation_list` below a day; `issuing_authority` below 180 days; `outside_revocation_list` below a day");

/// Room for the data.
pub static ROOM: Metric<Gauge, 1> = Metric::gauge(
    "tdam_room_bytes",
    &["kind"],
    "Room for the data, by `kind`: `free`, `total` (of the disk, or of `room.database_bytes_max`), `reserve` (held back for operators), \
     `used` (by a PostgreSQL database); absent where it is not known",
)
.alert("`free` below a fifth of `total`, or falling so that it ends within 4 days");

/// The metrics of a node.
pub static GROUP: Group = Group {
    title: "The node",
    metrics: &[
        BUILD.definition(),
        STARTED.definition(),
        READY.definition(),
        ALIVE.definition(),
        CONDITIONS.definition(),
        CHECKED.definition(),
        FIGURES_AGE.definition(),
        NODES.definition(),
        BUSINESS_DAY.definition(),
        BUSINESS_DAY_BEHIND.definition(),
        AUDIT_UNCONFIRMED.definition(),
        TIME_LEFT.definition(),
        ROOM.definition(),
    ],
};
