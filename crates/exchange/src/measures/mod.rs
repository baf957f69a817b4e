//! What the use cases measure of themselves, through handles that an exchange takes once.
//!
//! What happens is counted where it happens; `monitoring` reads what stands at intervals.

mod gauges;
mod signatures;

use std::time::Duration;

use jiff::Timestamp;
use rulebook::Code;
use store::NewSubmission;
use telemetry::metrics::notices::{LETTER_OUTCOMES, LETTERS};
use telemetry::metrics::store::IDENTITIES_READ;
use telemetry::metrics::submissions as metrics;
use telemetry::{ByCode, Counter, Histogram, Telemetry};

use self::gauges::NodeGauges;
use self::signatures::SignatureMeasures;

/// Bodies up to so many bytes are one size, from the second on all that are larger than the one before.
const SIZES: [(u64, &str); 4] =
    [(64 << 10, "up_to_64_KiB"), (1 << 20, "up_to_1_MiB"), (16 << 20, "up_to_16_MiB"), (u64::MAX, "larger")];

/// What the use cases measure.
pub(crate) struct Measures {
    accepted: Counter,
    partially_accepted: Counter,
    refused: Counter,
    not_taken: Counter,
    repeated: Counter,
    failed: Counter,
    trials: Counter,
    pub(crate) signatures: SignatureMeasures,
    readings_ahead_begun: Counter,
    readings_ahead_used: Counter,
    payments_accepted: Counter,
    payments_cancelled: Counter,
    payments_refused: ByCode,
    answer_seconds: [Histogram; SIZES.len()],
    identities_read: Counter,
    pub(crate) node: NodeGauges,
}

/// What was decided about the payments of a message, as it is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PaymentCounts {
    /// Payments that were accepted.
    pub(crate) accepted: u64,
    /// Payments that were refused.
    pub(crate) refused: u64,
    /// The same by code.
    pub(crate) refused_by_code: Vec<(Code, u64)>,
}

/// A submission that is worked on: how large it is, and since when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SubmissionTimer {
    received_at: Timestamp,
    bytes: u64,
}

impl SubmissionTimer {
    pub(crate) fn of(submission: &NewSubmission) -> SubmissionTimer {
        SubmissionTimer { received_at: submission.received_at, bytes: submission.body.size }
    }
}

impl Measures {
    pub(crate) fn new(telemetry: &Telemetry, started_at: Timestamp, monotonic: Duration) -> Measures {
        // So that a scrape has them before the first letter.
        LETTER_OUTCOMES.into_iter().for_each(|outcome| drop(telemetry.counter(&LETTERS, [outcome])));
        let outcome = |outcome| telemetry.counter(&metrics::SUBMISSIONS, [outcome]);
        Measures {
            accepted: outcome("accepted"),
            partially_accepted: outcome("partially_accepted"),
            refused: outcome("refused"),
            not_taken: outcome("not_taken"),
            repeated: outcome("repeated"),
            failed: outcome("failed"),
            trials: telemetry.counter(&metrics::TRIALS, []),
            signatures: SignatureMeasures::new(telemetry),
            readings_ahead_begun: telemetry.counter(&metrics::READ_AHEAD, ["begun"]),
            readings_ahead_used: telemetry.counter(&metrics::READ_AHEAD, ["used"]),
            payments_accepted: telemetry.counter(&metrics::PAYMENTS_ACCEPTED, []),
            payments_cancelled: telemetry.counter(&metrics::PAYMENTS_CANCELLED, []),
            payments_refused: ByCode::new(telemetry, &metrics::PAYMENTS_REFUSED),
            answer_seconds: SIZES.map(|(_, size)| telemetry.histogram(&metrics::ANSWER_SECONDS_OF_SUBMISSIONS, [size])),
            identities_read: telemetry.counter(&IDENTITIES_READ, []),
            node: NodeGauges::new(telemetry, started_at, monotonic),
        }
    }

    /// A caller was read from the store.
    pub(crate) fn identity_read(&self) {
        self.identities_read.inc();
    }

    /// A message was decided on, and the decision is final.
    pub(crate) fn decided(&self, counts: &PaymentCounts) {
        let outcome = match (counts.accepted, counts.refused) {
            (0, _) => &self.refused,
            (_, 0) => &self.accepted,
            _ => &self.partially_accepted,
        };
        outcome.inc();
        self.payments_accepted.inc_by(counts.accepted);
        for (code, count) in &counts.refused_by_code {
            self.payments_refused.count(*code, *count);
        }
    }

    /// So many accepted payments were cancelled.
    pub(crate) fn cancelled(&self, payments: u64) {
        self.payments_cancelled.inc_by(payments);
    }

    /// A submission has the answer that it had before.
    pub(crate) fn repeated(&self) {
        self.repeated.inc();
    }

    /// A submission became no message; `is_temporary` when a later attempt may succeed.
    pub(crate) fn not_answered(&self, is_temporary: bool) {
        if is_temporary { &self.failed } else { &self.not_taken }.inc();
    }

    /// A submission was only checked.
    pub(crate) fn tried(&self) {
        self.trials.inc();
    }

    /// The node begins to read a body while it arrives.
    pub(crate) fn reading_ahead_begun(&self) {
        self.readings_ahead_begun.inc();
    }

    /// It need not read it again.
    pub(crate) fn reading_ahead_used(&self) {
        self.readings_ahead_used.inc();
    }

    /// A submission has its answer, whichever it is.
    pub(crate) fn answered(&self, submission: SubmissionTimer, now: Timestamp) {
        let size = SIZES.iter().position(|(most, _)| submission.bytes <= *most).unwrap_or(SIZES.len() - 1);
        let seconds = now.duration_since(submission.received_at).as_secs_f64();
        self.answer_seconds[size].observe(seconds.max(0.0));
    }
}
