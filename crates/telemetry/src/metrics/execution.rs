//! Lots on their way, settlement, and the background work.

use super::bounds::ANSWER_SECONDS;
use crate::{Counter, Gauge, Group, Histogram, Metric};

/// Lots by stage.
pub static LOTS: Metric<Gauge, 1> = Metric::gauge(
    "tdam_lots",
    &["stage"],
    "Lots that are not at their end, by `stage`: `scheduled` (their day is to come), `awaiting_funds`, `held` (due and covered, to be \
     carried out), `dispatched` (the settlement system has them)",
);

/// The age of the oldest lot of a stage.
pub static LOTS_OLDEST: Metric<Gauge, 1> = Metric::gauge(
    "tdam_lots_oldest_seconds",
    &["stage"],
    "Time since the oldest lot of a stage reached it; 0 when there is none",
)
.alert(
    "`held` above 300 s: nothing is carried out. `dispatched` above 3 times the usual answer of the settlement system (60 s with the \
     simulator): settlement is stuck",
);

/// Steps of the background work.
pub static CHORE_SECONDS: Metric<Histogram, 1> = Metric::histogram(
    "tdam_chore_seconds",
    &["chore"],
    ANSWER_SECONDS,
    "Time of a chore of the background work in one round, by its name in the log: `carry out`, `fall due`, `settle`, `resume submissions`, …",
);

/// Chores that failed.
pub static CHORE_FAILURES: Metric<Counter, 1> =
    Metric::counter("tdam_chore_failures", &["chore"], "Chores that failed and are tried again")
        .alert("grows for 10 minutes");

/// Work that is set aside.
pub static SET_ASIDE: Metric<Gauge, 1> = Metric::gauge(
    "tdam_set_aside",
    &["work"],
    "Work that ended the process more than once and waits for the operator, by `work`: `submission`, or `other` (lots and chores)",
)
.alert("above 0");

/// Returns that wait.
pub static RETURNS_WAITING: Metric<Gauge, 0> = Metric::gauge(
    "tdam_returns_waiting",
    &[],
    "Returned payments whose money waits, since the account takes no part in payments: `tdam operator returns` lists them",
)
.alert("above 0: open the account, or pay the money by hand and note it");

/// The metrics of execution.
pub static GROUP: Group = Group {
    title: "Execution and settlement",
    metrics: &[
        LOTS.definition(),
        LOTS_OLDEST.definition(),
        CHORE_SECONDS.definition(),
        CHORE_FAILURES.definition(),
        SET_ASIDE.definition(),
        RETURNS_WAITING.definition(),
    ],
};
