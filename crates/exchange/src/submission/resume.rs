//! Resumes submissions left over by a restart, by another node that is gone, or because the store was unavailable. The
//! work on one begins again, including its stage.

use std::sync::Arc;

use payments::MessageId;
use rulebook::catalogue::Code;
use store::{Message, NewSubmission, StoreError, Submission, Writing};
use tracing::Instrument as _;

use crate::bounds::RETRY_AFTER;
use crate::measures::SubmissionTimer;
use crate::submission::in_flight::Leader;
use crate::submission::job::{SubmissionAnswer, SubmissionJob};
use crate::submission::outcome::type_of;
use crate::{Exchange, Failure, Mode};

impl Exchange {
    /// Answers a submission that was left over, by a restart or because the store was away.
    pub(crate) async fn resume(&self, submission: Submission) -> Result<(), Failure> {
        let NewSubmission { user, request_id, .. } = &submission.received;
        let (number, request_id, online_user) = (submission.id.0, request_id.as_str(), user.0);
        let span = tracing::info_span!("submission", submission = number, request_id, online_user);
        self.answer_left_over(submission).instrument(span).await
    }

    async fn answer_left_over(&self, submission: Submission) -> Result<(), Failure> {
        let (id, received) = (submission.id, &submission.received);
        let (leader, _) = self.inner.in_flight.join((received.user, received.body.hash));
        let Some(mut leader) = leader else { return Ok(()) };
        leader.background_waits();
        // It may have got its answer between the look and the leader, or another node may work on it by now; with the
        // leader and the claim, no other task does.
        let is_open = self.claim(id).await;
        if !matches!(is_open, Ok(true)) {
            // Followers that joined meanwhile find the result on the next try.
            leader.end(Err(Failure::new(Code::Unavailable).with_retry_after(RETRY_AFTER)));
            return is_open.map(drop);
        }
        let timer = SubmissionTimer::of(received);
        let result = match self.job_of(submission).await {
            Ok(job) => self.go_on_with(job, &mut leader).await,
            Err(failure) => Err(failure),
        };
        self.count_end(timer, &result);
        let again = result.as_ref().is_err_and(Failure::is_temporary);
        leader.end(result);
        if again { Err(Failure::new(Code::Unavailable)) } else { Ok(()) }
    }

    /// Takes over the work on a submission, unless another task or node has it.
    pub(crate) async fn claim(&self, id: MessageId) -> Result<bool, Failure> {
        self.inner.store.write(move |writing| Ok(claim(writing, id)?)).await
    }

    /// Answers a submission that was left over and has been claimed.
    pub(crate) async fn go_on_with(
        &self,
        left: (MessageId, SubmissionJob),
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        let (id, job) = left;
        leader.submitted(id);
        tracing::info!(submission = id.0, request_id = job.submission.request_id, "submission resumed");
        if let Some(message) = self.answered_meanwhile(&job.submission).await? {
            self.close_submission(id, &Failure::new(Code::MessageIdUsed)).await?;
            return SubmissionAnswer::stored(message);
        }
        match self.begin_attempt(id).await? {
            Some(attempt) => self.answer_submission(&Arc::new(job), id, attempt.max(2), None, leader).await,
            None => Err(Failure::new(Code::SubmissionSetAside)),
        }
    }

    /// The message of the same bytes from another submission, for example sent again while the store was unavailable. A
    /// client with a receipt finds its answer by the bytes, so the node need not read them once more.
    async fn answered_meanwhile(&self, submission: &NewSubmission) -> Result<Option<Message>, Failure> {
        let (user, client, hash) = (submission.user, submission.client, submission.body.hash);
        let found = self.inner.store.read(move |reading| Ok::<_, Failure>(reading.message_by_hash(client, &hash)?));
        Ok(found.await?.filter(|message| message.user == user))
    }

    /// The job that a submission gave when it arrived.
    async fn job_of(&self, submission: Submission) -> Result<(MessageId, SubmissionJob), Failure> {
        let Submission { id, received: submission, .. } = submission;
        let client = submission.client;
        let clients = self.inner.store.read(|reading| reading.clients().map_err(Failure::from)).await?;
        let client = clients.into_iter().find(|known| known.id == client);
        let client = client.ok_or_else(|| Failure::unexpected(format_args!("submission {} is of no client", id.0)))?;
        let (store, body) = (self.inner.store.clone(), submission.body.clone());
        let message_type = crate::span::spawn_blocking(move || type_of(store.open_body(&body)?))
            .await
            .map_err(|error| Failure::unexpected(error))??;
        Ok((id, SubmissionJob { submission, evidence: None, client, message_type, mode: Mode::Execute }))
    }
}

/// Perhaps the node that had it before gave a receipt.
pub(crate) fn claim(writing: &mut dyn Writing, id: MessageId) -> Result<bool, StoreError> {
    Ok(writing.claim_submission(id)? && writing.keep_outcome(id)?)
}
