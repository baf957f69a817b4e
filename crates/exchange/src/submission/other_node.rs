//! Submissions that another node works on: their outcome is waited for, and the work is taken over when that node is gone.
//!
//! So the same large message sent to several nodes is staged once. What comes of it stands in its row whichever node
//! brings it about, and word of that comes as news; who misses them looks by itself.

use payments::MessageId;
use rulebook::catalogue::Code;
use store::{ClientId, Message, NewSubmission, News, Reach, Reading, Submission, SubmissionState};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep};

use crate::bounds::{CLAIM_EVERY, NEWS_GATHERED};
use crate::check::message::{Circumstances, Gone, check};
use crate::check::pieces::{MessageHead, Piece};
use crate::submission::in_flight::{Leader, Receipt, SubmissionAnswer};
use crate::submission::resume::type_of;
use crate::submission::submit::{SubmissionJob, busy};
use crate::{Exchange, Failure, problem};

/// What has become of a submission.
pub(crate) enum Became {
    /// There is none.
    Nothing,
    /// It waits for its answer.
    Open(Submission),
    /// It was refused, or set aside for the time being, and this is why.
    Refused(ClientId, Failure),
    /// Its bytes have their answer.
    Answered(Message),
}

impl Became {
    /// Whose it is.
    pub(crate) fn of_client(&self) -> Option<ClientId> {
        match self {
            Became::Nothing => None,
            Became::Open(submission) => Some(submission.received.client),
            Became::Refused(client, _) => Some(*client),
            Became::Answered(message) => Some(message.client),
        }
    }
}

impl Exchange {
    /// What has become of a submission by now.
    pub(crate) async fn became(&self, id: MessageId) -> Result<Became, Failure> {
        self.inner.store.read(move |reading| became(reading, id)).await
    }

    /// The answer to a submission that another node works on, however long that takes. When the other one is gone, this
    /// node takes the work over.
    pub(crate) async fn answer_from_elsewhere(
        &self,
        open: (MessageId, SubmissionJob),
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        let (id, order) = open;
        tracing::info!(submission = id.0, "another node works on the same bytes");
        let mut news = self.inner.store.news();
        leader.is_done_here(false);
        leader.submitted(id);
        if let Some(receipt) = self.receipt_of(id, order.submission.clone()).await {
            leader.durable(receipt);
        }
        let mut claims = interval_at(Instant::now() + CLAIM_EVERY, CLAIM_EVERY);
        claims.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            match self.became(id).await? {
                Became::Answered(message) => return Ok(SubmissionAnswer::of(message, true)),
                Became::Refused(_, failure) => return Err(failure),
                Became::Nothing => return Err(busy()),
                Became::Open(_) => {}
            }
            tokio::select! {
                () = self.looks_again(&mut news) => {}
                _ = claims.tick() => {
                    if self.claim(id).await? {
                        leader.is_done_here(true);
                        return self.go_on_with((id, order), leader).await;
                    }
                }
            }
        }
    }

    /// Waits until it is worth looking again at what others do.
    pub(crate) async fn looks_again(&self, news: &mut News) {
        let settings = &self.inner.settings;
        let pause = if news.reach() == Reach::Everybody { settings.tick_with_news } else { settings.tick };
        tokio::select! {
            () = news.changed() => sleep(NEWS_GATHERED).await,
            () = sleep(pause) => {}
        }
    }

    /// A receipt for somebody who comes back before there is an answer.
    pub(crate) async fn receipt_again(&self, open: Submission) -> Option<Receipt> {
        self.receipt_of(open.id, open.received).await
    }

    /// The receipt of a submission that somebody else may be working on. `None` when its beginning cannot be read, or not
    /// any more: then it will have an outcome soon.
    async fn receipt_of(&self, id: MessageId, submission: NewSubmission) -> Option<Receipt> {
        let day = self.operator().business_day().await.ok()?;
        let exchange = self.clone();
        let header = tokio::task::spawn_blocking(move || exchange.header_of(&submission, day)).await;
        let header = header.ok()?.inspect_err(|failure| tracing::debug!(submission = id.0, code = failure.code.id()));
        self.receipt(id, &header.ok()??).ok()
    }

    /// The head of a message that waits for its answer; `None` when it has none that can be read. Blocks.
    pub(crate) fn header_of(
        &self,
        submission: &NewSubmission,
        business_day: jiff::civil::Date,
    ) -> Result<Option<MessageHead>, Failure> {
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
            chunk_payments: 1,
            as_stored_before: false,
        };
        let mut header = None;
        // Nothing is read beyond the header.
        let read = check(store.open_body(&submission.body)?, &circumstances, &mut |piece| {
            if let Piece::Header(draft) = piece {
                header = Some(draft);
            }
            Err(Gone)
        });
        match header {
            None => read.map(|()| None),
            header => Ok(header),
        }
    }
}

fn became(reading: &mut dyn Reading, id: MessageId) -> Result<Became, Failure> {
    let Some(submission) = reading.submission(id)? else { return Ok(Became::Nothing) };
    // The same bytes may have had their answer from another submission, after a restart.
    let NewSubmission { user, client, body, .. } = &submission.received;
    let message = match reading.message(id)? {
        None => reading.message_by_hash(*client, &body.hash)?.filter(|message| message.user == *user),
        own => own,
    };
    Ok(match (message, &submission.state) {
        (Some(message), _) => Became::Answered(message),
        (None, SubmissionState::Refused { problem } | SubmissionState::SetAside { problem }) => {
            Became::Refused(*client, problem::read(problem))
        }
        (None, SubmissionState::Received) => Became::Open(submission),
        // It became a message, and there is none.
        (None, SubmissionState::Consumed) => return Err(Failure::new(Code::InternalError)),
    })
}
