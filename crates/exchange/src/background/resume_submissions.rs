//! Resumes submissions that a restart, or a node that is gone, left unanswered.

use tokio::time::Instant;

use super::chore::{Chore, Doing, Round};
use crate::bounds::{TAKE_UP_EVERY, TAKEN_UP_MAX};
use crate::{Exchange, Failure};

#[derive(Default)]
pub(super) struct ResumeSubmissions {
    looked: Option<Instant>,
}

impl Chore for ResumeSubmissions {
    fn name(&self) -> &'static str {
        "resume submissions"
    }

    fn is_wanted(&self, _: &Round) -> bool {
        self.looked.is_none_or(|looked| looked.elapsed() >= TAKE_UP_EVERY)
    }

    fn run<'a>(&'a mut self, exchange: &'a Exchange, _: &'a mut Round) -> Doing<'a> {
        Box::pin(async {
            self.looked = Some(Instant::now());
            let inner = &exchange.inner;
            let left_over =
                inner.store.read(|reading| reading.left_over_submissions(TAKEN_UP_MAX).map_err(Failure::from)).await?;
            let mut resumed = false;
            for submission in left_over {
                let id = submission.id;
                if inner.attempts.is_stopping() {
                    break;
                }
                if inner.in_flight.find(id).is_some() {
                    continue;
                }
                // One that cannot be answered now keeps neither the others nor the rest of the work waiting.
                match exchange.resume(submission).await {
                    Ok(()) => resumed = true,
                    Err(failure) => tracing::warn!(
                        submission = id.0,
                        code = failure.code.id(),
                        "a submission stays unanswered for now"
                    ),
                }
                inner.progress.step();
            }
            // Their lots came after the round's look at the stages.
            Ok(resumed)
        })
    }
}
