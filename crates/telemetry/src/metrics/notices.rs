//! Letters to contact persons about certificates and registrations that end.

use crate::{Counter, Gauge, Group, Metric};

/// Notices that are not at their end.
pub static NOTICES: Metric<Gauge, 1> = Metric::gauge(
    "tdam_notices",
    &["state"],
    "Letters about certificates and registrations that end, by `state`: `waiting` to be sent, `refused` (it could not be sent, and waits \
     for the operator)",
)
.alert("`refused` above 0: `tdam operator mail` says why; tell the contact person another way");

/// The age of the oldest notice that waits.
pub static NOTICES_OLDEST: Metric<Gauge, 0> = Metric::gauge(
    "tdam_notices_oldest_seconds",
    &[],
    "Time since the oldest letter that waits was due; 0 when none waits",
)
.alert("above 4 hours: the mail server takes no letters");

/// What became of letters.
pub static LETTERS: Metric<Counter, 1> = Metric::counter(
    "tdam_letters",
    &["outcome"],
    "Attempts to send a letter, by `outcome`: `sent`, `refused` (for good), `postponed` (refused for now), `unreachable` (the mail server \
     does not answer, or lets the node not log in)",
);

/// Every outcome.
pub const LETTER_OUTCOMES: [&str; 4] = ["sent", "refused", "postponed", "unreachable"];

/// The metrics of letters.
pub static GROUP: Group =
    Group { title: "Letters", metrics: &[NOTICES.definition(), NOTICES_OLDEST.definition(), LETTERS.definition()] };
