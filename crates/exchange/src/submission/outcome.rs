//! The state of a submission that was in progress: its receipt, its answer, or why it became no message.

use std::time::Duration;

use iso20022::MessageType;
use jiff::civil::Date;
use payments::MessageId;
use rulebook::catalogue::Code;
use store::{ClientId, Message, NewSubmission, News, Reach, Reading, Submission, SubmissionState};
use tokio::time::{Instant, sleep};

use crate::bounds::{NEWS_GATHERED, PEEK_BYTES_MAX, RETRY_AFTER};
use crate::check::message::{Circumstances, MessageCheck};
use crate::check::pieces::MessageHead;
use crate::status::pain002::{AnswerContext, receipt};
use crate::status::report::answer_type;
use crate::submission::in_flight::{Follower, Receipt};
use crate::submission::intake::{Rest, look};
use crate::submission::job::SubmissionAnswer;
use crate::{Caller, Exchange, Failure, Submitted, problem};

/// How a submission stands.
pub(crate) enum Outcome {
    /// There is no such submission.
    Unknown,
    /// It waits for its answer.
    Open(Submission),
    /// It was refused, or set aside for the time being, and this is why.
    Refused(ClientId, Failure),
    /// Its bytes have their answer.
    Answered(Message),
}

impl Outcome {
    /// The client that submitted it.
    fn client(&self) -> Option<ClientId> {
        match self {
            Outcome::Unknown => None,
            Outcome::Open(submission) => Some(submission.received.client),
            Outcome::Refused(client, _) => Some(*client),
            Outcome::Answered(message) => Some(message.client),
        }
    }
}

impl Exchange {
    /// The outcome of a submission of this client that was still in progress.
    ///
    /// # Errors
    /// When there is none, or it became no message: then with the reason.
    pub async fn outcome(&self, caller: &Caller, submission: MessageId, wait: Duration) -> Result<Submitted, Failure> {
        let until = Instant::now() + wait;
        let mut news = self.inner.store.news();
        loop {
            let outcome = self.outcome_of(submission).await?;
            let own = |outcome: &Outcome| outcome.client() == Some(caller.client());
            let open = match Some(outcome).filter(own).ok_or_else(|| Failure::new(Code::NotFound))? {
                Outcome::Answered(message) => return Ok(SubmissionAnswer::stored(message)?.into()),
                Outcome::Refused(_, failure) => return Err(failure),
                Outcome::Open(open) => open,
                Outcome::Unknown => return Err(Failure::new(Code::NotFound)),
            };
            if let Some(mut follower) = self.inner.in_flight.find(submission) {
                return follow(&mut follower, until.saturating_duration_since(Instant::now())).await;
            }
            // Another node works on it; or none yet, when it has not been resumed.
            if tokio::time::timeout_at(until, self.looks_again(&mut news)).await.is_err() {
                let receipt = self.receipt_of(open.id, open.received).await;
                let again = || Failure::new(Code::MessageInProgress).with_retry_after(RETRY_AFTER);
                return Ok(Submitted::from(&receipt.ok_or_else(again)?));
            }
        }
    }

    /// How a submission stands now.
    pub(crate) async fn outcome_of(&self, id: MessageId) -> Result<Outcome, Failure> {
        self.inner.store.read(move |reading| outcome(reading, id)).await
    }

    /// Keeps the outcome of a submission for a client that comes back. `false` when there is nothing to keep any more.
    pub(crate) async fn keep_outcome(&self, id: MessageId) -> Result<bool, Failure> {
        self.inner.store.write(move |writing| Ok(writing.keep_outcome(id)?)).await
    }

    /// Waits until it is worth looking again at what other nodes do.
    pub(crate) async fn looks_again(&self, news: &mut News) {
        let settings = &self.inner.settings;
        let pause = if news.reach() == Reach::Everybody { settings.tick_with_news } else { settings.tick };
        tokio::select! {
            () = news.changed() => sleep(NEWS_GATHERED).await,
            () = sleep(pause) => {}
        }
    }

    /// The receipt of a message that was read up to its header.
    pub(crate) fn receipt(&self, id: MessageId, header: &MessageHead) -> Result<Receipt, Failure> {
        let context = AnswerContext { settings: &self.inner.settings, header, id, now: self.now() };
        let message_type = answer_type(header.message_type);
        Ok(Receipt { submission: id, message_type, pain002: receipt(&context)? })
    }

    /// The receipt of a submission that another task or node may be working on. `None` when its beginning is not
    /// readable, or no longer: then it will have an outcome soon.
    pub(crate) async fn receipt_of(&self, id: MessageId, submission: NewSubmission) -> Option<Receipt> {
        let day = self.known_business_day().await.ok()?;
        let exchange = self.clone();
        let head = crate::span::spawn_blocking(move || exchange.head_of(&submission, day)).await;
        let head = head.ok()?.inspect_err(|failure| tracing::debug!(submission = id.0, code = failure.code.id()));
        self.receipt(id, &head.ok()?).ok()
    }

    /// The head of a message that waits for its answer. Blocks.
    pub(crate) fn head_of(&self, submission: &NewSubmission, business_day: Date) -> Result<MessageHead, Failure> {
        let (store, settings) = (&self.inner.store, &self.inner.settings);
        let memory = self.inner.memory.message(submission.client);
        let circumstances = Circumstances {
            settings,
            memory: &memory,
            client: submission.client,
            message_type: type_of(store.open_body(&submission.body)?)?,
            business_day,
            received_at: submission.received_at,
            blocks_max: settings.blocks_max,
            first_chunk_payments: 1,
            chunk_payments: 1,
            as_stored_before: false,
        };
        let body = store.open_body(&submission.body)?;
        MessageCheck::begin(body, &circumstances).map(|(head, _)| head)
    }
}

/// Waits for the answer; after a while for a receipt, as soon as there is one.
pub(crate) async fn follow(follower: &mut Follower, wait: Duration) -> Result<Submitted, Failure> {
    match tokio::time::timeout(wait, follower.end()).await {
        Ok(answer) => Ok(answer?.into()),
        Err(_) => match follower.receipt().await {
            Some(receipt) => Ok(Submitted::from(&*receipt)),
            None => Ok(follower.end().await?.into()),
        },
    }
}

fn outcome(reading: &mut dyn Reading, id: MessageId) -> Result<Outcome, Failure> {
    let Some(submission) = reading.submission(id)? else { return Ok(Outcome::Unknown) };
    // The same bytes may have had their answer from another submission, after a restart.
    let NewSubmission { user, client, body, .. } = &submission.received;
    let message = match reading.message(id)? {
        None => reading.message_by_hash(*client, &body.hash)?.filter(|message| message.user == *user),
        own => own,
    };
    Ok(match (message, &submission.state) {
        (Some(message), _) => Outcome::Answered(message),
        (None, SubmissionState::Refused { problem } | SubmissionState::SetAside { problem }) => {
            Outcome::Refused(*client, problem::read(problem))
        }
        (None, SubmissionState::Received) => Outcome::Open(submission),
        (None, SubmissionState::Consumed) => {
            return Err(Failure::unexpected(format_args!("submission {} became a message that is not there", id.0)));
        }
    })
}

/// The type of a stored body, by its beginning.
pub(crate) fn type_of(body: Box<dyn std::io::Read + Send>) -> Result<MessageType, Failure> {
    use std::io::Read as _;

    let mut beginning = Vec::new();
    body.take(PEEK_BYTES_MAX as u64).read_to_end(&mut beginning).map_err(|error| Failure::unexpected(error))?;
    look(&beginning, Rest::Nothing)?.ok_or_else(|| Failure::new(Code::TruncatedXml))
}

impl From<&Receipt> for Submitted {
    fn from(receipt: &Receipt) -> Submitted {
        let Receipt { submission, message_type, pain002 } = receipt;
        Submitted::InProgress { submission: *submission, message_type: *message_type, receipt: pain002.clone() }
    }
}

impl From<SubmissionAnswer> for Submitted {
    fn from(answer: SubmissionAnswer) -> Submitted {
        let SubmissionAnswer { message_type, pain002, repeated } = answer;
        Submitted::Answer { message_type, pain002, repeated }
    }
}
