//! How the work on a large message begins: it gets a row, unless the same bytes have one. Of several nodes that begin with
//! the same bytes at once, one inserts the row, and the others find it.

use std::sync::Arc;

use payments::MessageId;
use rulebook::catalogue::Code;
use store::{Message, NewSubmission, StoreError, Submission, Writing};

use crate::admission::decide::{Decision, Undecided};
use crate::bounds::ATTEMPTS_MAX;
use crate::submission::in_flight::Leader;
use crate::submission::intake::KeptBody;
use crate::submission::job::{SubmissionAnswer, SubmissionJob, busy};
use crate::submission::reading::LargeReading;
use crate::submission::resume::claim;
use crate::{Exchange, Failure};

/// How the work on a large message begins.
enum Beginning {
    /// It has its row.
    Received(MessageId),
    /// The same bytes have one already, without a node: from here on this node works on it.
    LeftOver(Submission),
    /// Another node works on the same bytes.
    OtherNode(Submission),
    /// The same bytes are set aside.
    SetAside,
    /// They have been answered meanwhile.
    Answered(Box<Message>),
}

impl Exchange {
    /// Answers a large message. `reading` continues where the message turned out to be large.
    pub(crate) async fn answer_large(
        &self,
        job: &Arc<SubmissionJob>,
        kept: KeptBody,
        reading: Option<LargeReading>,
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        // While it is unknown whether the row exists, the body must stay: the next start sweeps a body without a row,
        // but the exchange could never answer a row without its body.
        kept.row_written();
        let beginning = self.begin_large(job).await;
        let body_is_free = match &beginning {
            Ok(beginning) => !matches!(beginning, Beginning::Received(_)),
            Err(failure) => failure.code != Code::OutcomeUnknown,
        };
        if body_is_free {
            self.inner.store.remove_body(&job.submission.body);
        }
        match beginning? {
            Beginning::Received(id) => {
                leader.submitted(id);
                self.inner.attempts.counted(id);
                self.answer_submission(job, id, 1, reading, leader).await
            }
            Beginning::LeftOver(submission) => self.go_on_with(job.of_earlier(submission), leader).await,
            Beginning::OtherNode(submission) => self.answer_from_other_node(job.of_earlier(submission), leader).await,
            Beginning::SetAside => Err(Failure::new(Code::SubmissionSetAside)),
            Beginning::Answered(message) => self.answer_undecided(job, Undecided::Taken(message)).await,
        }
    }

    /// What would be decided about a large message. Nothing is staged.
    pub(crate) async fn try_large(
        &self,
        job: &Arc<SubmissionJob>,
        reading: LargeReading,
    ) -> Result<Decision, Undecided> {
        let (client, hash) = (job.client.id, job.submission.body.hash);
        let set_aside = self
            .inner
            .store
            .read(move |reading| Ok::<_, Failure>(reading.set_aside_submission_of(client, &hash)?.is_some()));
        if set_aside.await? {
            return Err(Failure::new(Code::SubmissionSetAside).into());
        }
        let _place = self.inner.attempts.place(1).await;
        self.decide_large(job, reading, None, None).await
    }

    /// Finds out how to begin with a large message.
    async fn begin_large(&self, job: &Arc<SubmissionJob>) -> Result<Beginning, Failure> {
        for _ in 0..ATTEMPTS_MAX {
            let job = Arc::clone(job);
            let beginning = self
                .inner
                .store
                .write_for(job.submission.client, move |writing| Ok::<_, Failure>(begin(writing, &job)?))
                .await?;
            match &beginning {
                // It ended at this moment without a message, and nothing is left of it.
                Beginning::OtherNode(open) if !self.keep_outcome(open.id).await? => {}
                _ => return Ok(beginning),
            }
        }
        Err(busy())
    }
}

fn begin(writing: &mut dyn Writing, job: &SubmissionJob) -> Result<Beginning, StoreError> {
    let SubmissionJob { submission, evidence, .. } = job;
    let NewSubmission { client, user, body, .. } = submission;
    // From here on no other transaction begins with a message of this client until this one ends.
    writing.activations(*client)?;
    if let Some(message) = writing.message_by_hash(*client, &body.hash)? {
        return Ok(Beginning::Answered(Box::new(message)));
    }
    if writing.set_aside_submission_of(*client, &body.hash)?.is_some() {
        return Ok(Beginning::SetAside);
    }
    // What came under another certificate is judged by that one.
    let same = |open: &Submission| open.received.certificate == submission.certificate;
    let Some(open) = writing.open_submission_of(*user, &body.hash)?.filter(same) else {
        let id = writing.insert_submission(submission)?;
        if let Some(evidence) = evidence {
            writing.insert_evidence(id, evidence)?;
        }
        return Ok(Beginning::Received(id));
    };
    // The same bytes came without a signature before.
    if let Some(evidence) = evidence
        && !writing.is_signed(open.id)?
    {
        writing.insert_evidence(open.id, evidence)?;
    }
    let is_claimed = claim(writing, open.id)?;
    Ok(if is_claimed { Beginning::LeftOver(open) } else { Beginning::OtherNode(open) })
}
