//! What the store does, and how long it takes.

use super::bounds::STEP_SECONDS;
use crate::{Counter, Gauge, Group, Histogram, Metric};

/// Bounds for jobs that share a commit.
const JOBS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// Jobs that ended.
pub static JOBS_ENDED: Metric<Counter, 1> = Metric::counter(
    "tdam_store_jobs",
    &["result"],
    "Jobs that write, by `result`: `committed`; `failed`, nothing of it happened: it was refused, or the store could not",
);

/// Commits.
pub static COMMITS: Metric<Counter, 0> =
    Metric::counter("tdam_store_commits", &[], "Durable commits; many jobs may share one");

/// Jobs a commit.
pub static JOBS_PER_COMMIT: Metric<Histogram, 0> =
    Metric::histogram("tdam_store_jobs_per_commit", &[], JOBS, "Jobs that shared a commit");

/// Decisions that are made together.
pub static DECISIONS_TOGETHER: Metric<Histogram, 0> = Metric::histogram(
    "tdam_store_decisions_together",
    &[],
    JOBS,
    "Small messages that were decided on together, with one set of statements and one commit",
);

/// How long a commit takes.
pub static COMMIT_SECONDS: Metric<Histogram, 0> = Metric::histogram(
    "tdam_store_commit_seconds",
    &[],
    STEP_SECONDS,
    "Time of a commit alone: with SQLite that of syncing the disk, with PostgreSQL that of its answer",
)
.alert("the 99th percentile is above 0.25 s for 10 minutes: the disk or the database is slow");

/// How long a job waits.
pub static QUEUE_SECONDS: Metric<Histogram, 0> =
    Metric::histogram("tdam_store_queue_seconds", &[], STEP_SECONDS, "Time that a job waits before the store takes it")
        .alert("the 99th percentile is above 1 s for 5 minutes: the store gets more work than it can do");

/// How long writing takes.
pub static WRITE_SECONDS: Metric<Histogram, 0> = Metric::histogram(
    "tdam_store_write_seconds",
    &[],
    STEP_SECONDS,
    "Time of a job that writes, from the call to its answer, with its waiting and its commit",
);

/// How long reading takes.
pub static READ_SECONDS: Metric<Histogram, 1> = Metric::histogram(
    "tdam_store_read_seconds",
    &["kind"],
    STEP_SECONDS,
    "Time of a job that reads, with its waiting for a connection, by `kind`: `short` (a few rows), `long` (statuses, reports)",
)
.alert("the 99th percentile of `short` is above 0.25 s for 10 minutes");

/// Jobs in line.
pub static JOBS_WAITING: Metric<Gauge, 0> =
    Metric::gauge("tdam_store_jobs_waiting", &[], "Jobs that were handed to the store and are not taken yet");

/// Transactions that ran again.
pub static REPEATED: Metric<Counter, 1> = Metric::counter(
    "tdam_store_repetitions",
    &["reason"],
    "Jobs that ran again, by `reason`: `conflict` (another transaction stood in the way), `gave_way` (it left the group that it had \
     joined), `connection_lost`. PostgreSQL only",
)
.alert("`connection_lost` grows for 5 minutes");

/// Answers that were waited for.
pub static ANSWERS: Metric<Counter, 1> = Metric::counter(
    "tdam_store_answers",
    &["of"],
    "Answers of the database for which a thread waited, `of`: `write` (jobs that write), `read` (readings), `other`. Answers that \
     arrive together count once. PostgreSQL only",
);

/// Confirmations of rights.
pub static RIGHTS_CONFIRMATIONS: Metric<Counter, 1> = Metric::counter(
    "tdam_rights_confirmations",
    &["result"],
    "Questions of this node for the version of the rights that it relies on, by `result`: `confirmed`; `failed`, the store did not \
     answer. Without a confirmation for a second the node relies on nothing that it knows of callers, and asks for each request",
);

/// Identities that were read.
pub static IDENTITIES_READ: Metric<Counter, 0> = Metric::counter(
    "tdam_identities_read",
    &[],
    "Requests whose caller the node read from the store, since it did not know it, or rights had changed. The others cost no \
     question to the store",
);

/// The metrics of the store.
pub static GROUP: Group = Group {
    title: "Store",
    metrics: &[
        JOBS_ENDED.definition(),
        COMMITS.definition(),
        JOBS_PER_COMMIT.definition(),
        DECISIONS_TOGETHER.definition(),
        COMMIT_SECONDS.definition(),
        QUEUE_SECONDS.definition(),
        WRITE_SECONDS.definition(),
        READ_SECONDS.definition(),
        JOBS_WAITING.definition(),
        REPEATED.definition(),
        ANSWERS.definition(),
        RIGHTS_CONFIRMATIONS.definition(),
        IDENTITIES_READ.definition(),
    ],
};
