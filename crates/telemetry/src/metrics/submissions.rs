//! Submissions of payments, their answers, and the payments in them.

use super::bounds::ANSWER_SECONDS;
use crate::{Counter, Gauge, Group, Histogram, Metric};

/// Submissions that were answered.
pub static SUBMISSIONS: Metric<Counter, 1> = Metric::counter(
    "tdam_submissions",
    &["outcome"],
    "Submissions that the service worked on to their end, by `outcome`: `accepted`, `partially_accepted`, `refused` (each with a pain.002), \
     `not_taken` (no message, but a problem), `repeated` (a stored answer), `failed` (the service could not \
     answer now)",
)
.alert("`failed` grows for 5 minutes");

/// Submissions that were only checked.
pub static TRIALS: Metric<Counter, 0> =
    Metric::counter("tdam_submission_trials", &[], "Submissions that were only checked (`mode=test`)");

/// Signatures of submissions.
pub static SIGNATURES: Metric<Counter, 1> = Metric::counter(
    "tdam_submission_signatures",
    &["outcome"],
    "Submissions by the `outcome` of looking at their signature: `verified`, `unsigned` (none, and none demanded), `missing` (none, and one \
     demanded), `invalid`, `other_body` (verified, but the body is another one)",
);

/// Submissions that were read ahead.
pub static READ_AHEAD: Metric<Counter, 1> = Metric::counter(
    "tdam_submissions_read_ahead",
    &["step"],
    "Large submissions that the node read while they arrived, by `step`: `begun`, `used`. It reads a body again when it is complete if \
     the sender was slow, or a cut-off lay between",
);

/// Payments that were accepted.
pub static PAYMENTS_ACCEPTED: Metric<Counter, 0> =
    Metric::counter("tdam_payments_accepted", &[], "Payments that were accepted");

/// Payments that were cancelled.
pub static PAYMENTS_CANCELLED: Metric<Counter, 0> = Metric::counter(
    "tdam_payments_cancelled",
    &[],
    "Accepted payments that their client cancelled before they were executed",
);

/// Payments that were refused when their message was decided on.
pub static PAYMENTS_REFUSED: Metric<Counter, 1> = Metric::counter(
    "tdam_payments_refused",
    &["code"],
    "Payments that were refused when their message was decided on, by the code of the catalogue. What a message or block is refused \
     for counts for each payment that has no code of its own",
)
.alert("more than half of all payments are refused for 15 minutes: a client, or a new rule, is wrong");

/// How long an answer takes.
pub static ANSWER_SECONDS_OF_SUBMISSIONS: Metric<Histogram, 1> = Metric::histogram(
    "tdam_submission_answer_seconds",
    &["size"],
    ANSWER_SECONDS,
    "Time from the receipt of a submission to its answer, by the `size` of its body: `up_to_64_KiB`, `up_to_1_MiB`, `up_to_16_MiB`, \
     `larger`. After a restart it counts from the first receipt",
)
.alert("the 99th percentile of `up_to_64_KiB` is above 2 s for 10 minutes");

/// Submissions without an answer.
pub static UNANSWERED: Metric<Gauge, 0> = Metric::gauge(
    "tdam_submissions_unanswered",
    &[],
    "Submissions that are stored and have no answer yet, of all nodes; those that are set aside are not in it",
);

/// The age of the oldest of them.
pub static UNANSWERED_OLDEST: Metric<Gauge, 0> =
    Metric::gauge("tdam_submissions_unanswered_oldest_seconds", &[], "Age of the oldest of them; 0 when there is none")
        .alert("above 900 s: a node that was killed left it, and no other node has taken it over; or it is very large");

/// The metrics of submissions.
pub static GROUP: Group = Group {
    title: "Submissions and payments",
    metrics: &[
        SUBMISSIONS.definition(),
        TRIALS.definition(),
        SIGNATURES.definition(),
        READ_AHEAD.definition(),
        PAYMENTS_ACCEPTED.definition(),
        PAYMENTS_REFUSED.definition(),
        PAYMENTS_CANCELLED.definition(),
        ANSWER_SECONDS_OF_SUBMISSIONS.definition(),
        UNANSWERED.definition(),
        UNANSWERED_OLDEST.definition(),
    ],
};
