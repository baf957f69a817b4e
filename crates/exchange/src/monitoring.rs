//! What monitoring reads: metrics of this process, gauges of what is stored, and a measure for each chore.
//!
//! A chore reads the store at intervals, and health is looked at when somebody scrapes; so a scrape waits for nothing, also
//! when the store stands still.

use std::time::Instant;

use store::StoreError;
use telemetry::Telemetry;
use telemetry::metrics::execution as metrics;
use tokio::sync::watch;
use tracing::Instrument as _;

use crate::bounds::GAUGES_READ_EVERY;
use crate::clock::local::local_time;
use crate::measures::SubmissionTimer;
use crate::submission::job::SubmissionAnswer;
use crate::{Exchange, Failure};

impl Exchange {
    /// What this process measures.
    #[must_use]
    pub fn telemetry(&self) -> &Telemetry {
        self.inner.store.telemetry()
    }

    /// All metrics, in Prometheus' text format. Waits for nothing.
    #[must_use]
    pub fn metrics(&self) -> String {
        self.inner.measures.node.show_health(&self.inner.health, self.inner.clock.monotonic());
        self.telemetry().scrape()
    }

    /// Keeps the gauges of what is stored true until `stop` becomes true.
    pub async fn watch_the_gauges(&self, mut stop: watch::Receiver<bool>) {
        loop {
            self.read_the_gauges().await;
            tokio::select! {
                () = tokio::time::sleep(GAUGES_READ_EVERY) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Reads them once. When that fails they stay as they are, and the gauge of their age says so.
    pub async fn read_the_gauges(&self) {
        let monotonic = self.inner.clock.monotonic();
        let gauges: Result<_, StoreError> = self.inner.store.read(|reading| reading.gauges()).await;
        let gauges = match gauges {
            Ok(gauges) => gauges,
            Err(error) => return tracing::debug!(%error, "the gauges could not be read; they grow old"),
        };
        let (now, guideline) = (self.now(), &self.inner.settings.guideline);
        let today = local_time(now).date();
        self.inner.measures.node.show(&gauges, (now, monotonic), today, guideline.business_day_on(today));
    }

    /// Counts the end of the work on a submission. What was decided in it is counted already, and the answer of a repetition
    /// is not measured: nothing was decided for it.
    pub(crate) fn count_end(&self, submission: SubmissionTimer, result: &Result<SubmissionAnswer, Failure>) {
        let measures = &self.inner.measures;
        match result {
            Ok(answer) if answer.repeated => measures.repeated(),
            Ok(_) => measures.answered(submission, self.now()),
            Err(failure) => {
                measures.not_answered(failure.is_temporary());
                if !failure.is_temporary() {
                    measures.answered(submission, self.now());
                }
            }
        }
    }

    /// Runs a chore in a span of its own, and measures it. Its name is in the program.
    pub(crate) async fn measure_chore<T>(
        &self,
        name: &'static str,
        chore: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let begun = Instant::now();
        let result = chore.instrument(tracing::info_span!("chore", chore = name)).await;
        self.telemetry().histogram(&metrics::CHORE_SECONDS, [name]).observe(begun.elapsed().as_secs_f64());
        let failures = self.telemetry().counter(&metrics::CHORE_FAILURES, [name]);
        if result.is_err() {
            failures.inc();
        }
        result
    }
}
