//! Counts what comes of the signatures of submissions.

use telemetry::metrics::submissions::SIGNATURES;
use telemetry::{Counter, Telemetry};

/// A counter for each outcome.
pub(crate) struct SignatureMeasures {
    verified: Counter,
    unsigned: Counter,
    missing: Counter,
    invalid: Counter,
    other_body: Counter,
}

impl SignatureMeasures {
    pub(super) fn new(telemetry: &Telemetry) -> SignatureMeasures {
        let outcome = |outcome| telemetry.counter(&SIGNATURES, [outcome]);
        SignatureMeasures {
            verified: outcome("verified"),
            unsigned: outcome("unsigned"),
            missing: outcome("missing"),
            invalid: outcome("invalid"),
            other_body: outcome("other_body"),
        }
    }

    /// It is by the caller, and covers the body.
    pub(crate) fn verified(&self) {
        self.verified.inc();
    }

    /// There is none, and none is demanded.
    pub(crate) fn unsigned(&self) {
        self.unsigned.inc();
    }

    /// There is none, and one is demanded.
    pub(crate) fn missing(&self) {
        self.missing.inc();
    }

    /// It is not by the caller over the request.
    pub(crate) fn invalid(&self) {
        self.invalid.inc();
    }

    /// It is by the caller, and the body is not the one that it covers.
    pub(crate) fn other_body(&self) {
        self.other_body.inc();
    }
}
