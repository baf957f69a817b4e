//! Submissions that another node works on: this node waits for their outcome, and takes the work over when that node is
//! gone.
//!
//! So nodes stage the same large message once. Its outcome is in its row, from whichever node. News announce the
//! outcome; a waiter that misses them looks on its own.

use payments::MessageId;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::bounds::CLAIM_EVERY;
use crate::submission::in_flight::Leader;
use crate::submission::job::{SubmissionAnswer, SubmissionJob, busy};
use crate::submission::outcome::Outcome;
use crate::{Exchange, Failure};

impl Exchange {
    /// The answer to a submission that another node works on, however long that takes. When the other one is gone, this
    /// node takes the work over.
    pub(crate) async fn answer_from_other_node(
        &self,
        open: (MessageId, SubmissionJob),
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        let (id, job) = open;
        tracing::info!(submission = id.0, "another node works on the same bytes");
        let mut news = self.inner.store.news();
        leader.is_done_here(false);
        leader.submitted(id);
        if let Some(receipt) = self.receipt_of(id, job.submission.clone()).await {
            leader.durable(receipt);
        }
        let mut claims = interval_at(Instant::now() + CLAIM_EVERY, CLAIM_EVERY);
        claims.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            match self.outcome_of(id).await? {
                Outcome::Answered(message) => return SubmissionAnswer::stored(message),
                Outcome::Refused(_, failure) => return Err(failure),
                Outcome::Unknown => return Err(busy()),
                Outcome::Open(_) => {}
            }
            tokio::select! {
                () = self.looks_again(&mut news) => {}
                _ = claims.tick() => {
                    if self.claim(id).await? {
                        leader.is_done_here(true);
                        return self.go_on_with((id, job), leader).await;
                    }
                }
            }
        }
    }
}
