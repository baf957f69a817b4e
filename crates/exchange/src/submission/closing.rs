//! The end of a submission that becomes no message.

use payments::MessageId;
use rulebook::catalogue::Code;
use store::NewSubmission;

use crate::access::refusals::{Refusal, Refused};
use crate::admission::decide::Undecided;
use crate::submission::job::{SubmissionAnswer, SubmissionJob, busy};
use crate::{Exchange, Failure, problem};

impl Exchange {
    /// The client's answer for a message without a decision.
    pub(crate) async fn answer_undecided(
        &self,
        job: &SubmissionJob,
        undecided: Undecided,
    ) -> Result<SubmissionAnswer, Failure> {
        match undecided {
            Undecided::Taken(message) => {
                let result = SubmissionAnswer::repeat(*message, job.submission.user, job.submission.body.hash);
                if let Err(failure) = &result {
                    self.note_no_message("payments.not-taken", Some(failure.code), &job.submission).await;
                }
                result
            }
            Undecided::Failure(failure) => Err(failure),
            Undecided::Changed => Err(busy()),
        }
    }

    /// Notes a body that can become no message. One that only cannot be read now may still become one.
    pub(crate) async fn note_unreadable(&self, submission: &NewSubmission, failure: &Failure) {
        if !failure.is_temporary() {
            self.note_no_message("payments.not-taken", Some(failure.code), submission).await;
        }
    }

    /// Notes a body that became no message: the one trace of it.
    pub(crate) async fn note_no_message(&self, action: &'static str, code: Option<Code>, submission: &NewSubmission) {
        let NewSubmission { user, body, request_id, .. } = submission;
        let (about, trace) = (format!("sha256 {}", body.hash), format!("request {request_id}"));
        self.note_refusal(Refusal { actor: "exchange", action, code, who: Refused::User(*user), about, trace }).await;
    }

    /// Ends a submission that became no message. If a node told a client to come back, the client finds the problem then;
    /// otherwise nothing is left of it.
    pub(crate) async fn close_submission(&self, id: MessageId, failure: &Failure) -> Result<(), Failure> {
        let problem = problem::write(failure)?;
        self.inner
            .store
            .write(move |writing| {
                if !writing.discard_submission(id)? {
                    writing.refuse_submission(id, &problem)?;
                }
                Ok(())
            })
            .await
    }
}
