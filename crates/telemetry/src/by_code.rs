//! Counters by the catalogue's code. The catalogue has some hundred codes and most are never seen: a code gets its
//! series when it is first counted, and its handle is kept.

use std::sync::OnceLock;

use rulebook::Code;

use crate::{Counter, Metric, Telemetry};

/// Counters of one metric, one a code.
#[derive(Debug)]
pub struct ByCode {
    telemetry: Telemetry,
    metric: &'static Metric<Counter, 1>,
    /// In the order of [`Code::ALL`].
    counters: Box<[OnceLock<Counter>]>,
}

impl ByCode {
    /// Counters of this metric.
    #[must_use]
    pub fn new(telemetry: &Telemetry, metric: &'static Metric<Counter, 1>) -> ByCode {
        ByCode { telemetry: telemetry.clone(), metric, counters: Code::ALL.iter().map(|_| OnceLock::new()).collect() }
    }

    /// Counts so many of a code.
    pub fn count(&self, code: Code, count: u64) {
        let place = Code::ALL.binary_search(&code).ok();
        if let Some(counter) = place.and_then(|place| self.counters.get(place)) {
            counter.get_or_init(|| self.telemetry.counter(self.metric, [code.id()])).inc_by(count);
        }
    }
}
