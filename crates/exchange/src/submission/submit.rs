//! Submitting a pain.001: from the bytes received to the answer, whichever way it goes.
//!
//! | body | way | commits |
//! |---|---|---|
//! | known bytes | the stored answer | none |
//! | small | checked in memory, then one transaction does everything | one, shared with others |
//! | large | durable first, then staged in chunks while it is read, then the flip | one for each chunk, and two |
//!
//! The work runs in a task of its own, so that it is finished when the caller hangs up.

use std::sync::Arc;
use std::time::Duration;

use iso20022::MessageType;
use jiff::civil::Date;
use payments::MessageId;
use rulebook::catalogue::Code;
use store::{BodyHash, Client, ClientId, Message, NewSubmission, OnlineUserId, Reading, Submission};
use tokio::time::Instant;

use crate::access::refusals::{Refusal, Refused};
use crate::admission::decide::Undecided;
use crate::bounds::ATTEMPTS_MAX;
use crate::status::refused_message;
use crate::status::report::answer_type;
use crate::submission::in_flight::{Follower, Leader, Receipt, SubmissionAnswer};
use crate::submission::intake::KeptBody;
use crate::submission::other_node::Became;
use crate::{Caller, Exchange, Failure, Mode, Received, SubmitOptions, Submitted, local_time};

/// A submission as the work on it begins.
pub(crate) struct SubmissionJob {
    pub(crate) submission: NewSubmission,
    pub(crate) client: Client,
    pub(crate) message_type: MessageType,
    pub(crate) mode: Mode,
}

/// What the store knows before the work begins.
struct Before {
    message: Option<Message>,
    business_day: Date,
}

impl SubmissionJob {
    /// The same order as an earlier submission of the same bytes gave it.
    pub(crate) fn as_it_was(&self, earlier: Submission) -> (MessageId, SubmissionJob) {
        let Submission { id, received: submission, .. } = earlier;
        (id, SubmissionJob { submission, client: self.client.clone(), ..*self })
    }
}

impl Exchange {
    /// Whether this caller may submit payments at all: to be asked before its body is taken in.
    ///
    /// # Errors
    /// When it may not. Refusals are told in the audit.
    pub async fn may_submit(&self, caller: &Caller) -> Result<(), Failure> {
        if caller.may_manage() {
            return Ok(());
        }
        let code = Code::ViewUserMayNotPay;
        let (actor, action, who) = ("channel", "payments.not-allowed", Refused::User(caller.user()));
        let (about, trace) = (String::new(), caller.trace());
        self.note_refusal(Refusal { actor, action, code: Some(code), who, about, trace }).await;
        Err(Failure::new(code))
    }

    /// Submits a pain.001. The same bytes from the same online user get the same answer, byte for byte.
    ///
    /// # Errors
    /// When the caller may not pay, the message is not schema-valid, or its `MsgId` was used for another one.
    pub async fn submit(
        &self,
        caller: &Caller,
        received: Received,
        options: SubmitOptions,
    ) -> Result<Submitted, Failure> {
        self.may_submit(caller).await?;
        let message_type = received.message_type();
        if message_type.status_report().is_none() {
            let failure = Failure::new(Code::WrongMessageForAddress).with_detail(message_type.name());
            return Err(failure.with_expected("pain.001"));
        }
        let kept = received.keep().await?;
        let SubmitOptions { request_id, wait, mode, held } = options;
        let identity = caller.identity();
        let submission = NewSubmission {
            user: caller.user(),
            client: caller.client(),
            certificate: identity.certificate.fingerprint,
            request_id,
            received_at: self.now(),
            body: kept.body().clone(),
        };
        let order = SubmissionJob { submission, client: identity.client.clone(), message_type, mode };
        let (client, hash) = (caller.client(), order.submission.body.hash);
        let before = self.inner.store.read(move |reading| before(reading, client, hash)).await?;
        if mode == Mode::Test {
            kept.refuse_without_room()?;
            let tried = self.try_out(order, before.business_day).await?;
            return Ok(Submitted::Answer { message_type: answer_type(message_type), pain002: tried, repeated: false });
        }
        if let Some(message) = before.message {
            return repeat(message, caller.user(), hash).map(Submitted::from);
        }
        kept.refuse_without_room()?;
        let (leader, mut follower) = self.inner.in_flight.join((caller.user(), hash));
        let first = leader.is_some();
        if let Some(leader) = leader {
            let exchange = self.clone();
            tokio::spawn(async move {
                let _held = held;
                exchange.work_off(order, kept, before.business_day, leader).await;
            });
        }
        let submitted = wait_for(&mut follower, wait).await?;
        let submitted = match submitted {
            // It ended while it was being left to itself.
            Submitted::InProgress { submission, .. } if !self.keep_outcome(submission).await? => {
                follower.end().await?.into()
            }
            submitted => submitted,
        };
        Ok(submitted.repeated_unless(first))
    }

    /// Before somebody is told to come back. `false` when there is no need any more.
    pub(crate) async fn keep_outcome(&self, id: MessageId) -> Result<bool, Failure> {
        self.inner.store.write(move |writing| Ok(writing.keep_outcome(id)?)).await
    }

    /// What became of a submission of this client that was still in progress.
    ///
    /// # Errors
    /// When there is none, or it became no message: then with the reason.
    pub async fn outcome(&self, caller: &Caller, submission: MessageId, wait: Duration) -> Result<Submitted, Failure> {
        let until = Instant::now() + wait;
        let mut news = self.inner.store.news();
        loop {
            let became = self.became(submission).await?;
            let own = |became: &Became| became.of_client() == Some(caller.client());
            let open = match Some(became).filter(own).ok_or_else(|| Failure::new(Code::NotFound))? {
                Became::Answered(message) => return Ok(SubmissionAnswer::of(message, true).into()),
                Became::Refused(_, failure) => return Err(failure),
                Became::Open(open) => open,
                Became::Nothing => return Err(Failure::new(Code::NotFound)),
            };
            if let Some(mut follower) = self.inner.in_flight.find(submission) {
                return wait_for(&mut follower, until.saturating_duration_since(Instant::now())).await;
            }
            // Another node works on it; or nobody, when it has not been taken up again yet.
            if tokio::time::timeout_at(until, self.looks_again(&mut news)).await.is_err() {
                let receipt = self.receipt_again(open).await;
                let again = || Failure::new(Code::MessageInProgress).with_retry_after(crate::bounds::RETRY_AFTER);
                return Ok(Submitted::from(&receipt.ok_or_else(again)?));
            }
        }
    }

    /// Works a submission off and tells everybody who waits for it.
    async fn work_off(&self, order: SubmissionJob, kept: KeptBody, business_day: Date, mut leader: Leader) {
        let (user, request_id) = (order.submission.user, order.submission.request_id.clone());
        let result = self.answer(order, kept, business_day, &mut leader).await;
        match &result {
            Ok(answer) => {
                tracing::info!(request_id, online_user = user.0, bytes = answer.pain002.len(), "submission answered");
            }
            Err(failure) => {
                tracing::info!(request_id, online_user = user.0, code = failure.code.id(), "submission not taken");
            }
        }
        self.inner.work.notify_one();
        leader.end(result);
    }

    async fn answer(
        &self,
        order: SubmissionJob,
        kept: KeptBody,
        business_day: Date,
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        let order = Arc::new(order);
        match self.check_small(&order, business_day).await {
            Ok(Some(small)) => self.answer_small(&order, kept, small).await,
            Ok(None) => self.answer_large(&order, kept, leader).await,
            Err(failure) => {
                self.audit_unreadable(&order.submission, &failure).await?;
                Err(failure)
            }
        }
    }

    /// Answers a message that was checked in memory: one transaction does everything.
    async fn answer_small(
        &self,
        order: &Arc<SubmissionJob>,
        kept: KeptBody,
        mut small: Arc<crate::submission::small::Small>,
    ) -> Result<SubmissionAnswer, Failure> {
        for _ in 0..ATTEMPTS_MAX {
            match self.decide_small(order, &small).await {
                Ok(decision) => {
                    kept.row_written();
                    let message_type = answer_type(order.message_type);
                    return Ok(SubmissionAnswer { message_type, pain002: decision.answer, repeated: false });
                }
                Err(Undecided::Changed) => {
                    let day = self.operator().business_day().await?;
                    let again = self.check_small(order, day).await?;
                    small = again.ok_or_else(|| Failure::new(Code::InternalError))?;
                }
                Err(halt) => return self.settle_halt(order, halt).await,
            }
        }
        Err(busy())
    }

    /// What a decision that was not made means for the caller.
    pub(crate) async fn settle_halt(
        &self,
        order: &SubmissionJob,
        halt: Undecided,
    ) -> Result<SubmissionAnswer, Failure> {
        match halt {
            Undecided::Taken(message) => {
                let result = repeat(*message, order.submission.user, order.submission.body.hash);
                if result.is_err() {
                    let code = result.as_ref().err().map(|failure| failure.code);
                    self.note_outcome("payments.not-taken", code, &order.submission).await;
                }
                result
            }
            Undecided::Failure(failure) => Err(failure),
            Undecided::Changed => Err(busy()),
            Undecided::Tried(_) => Err(Failure::new(Code::InternalError)),
        }
    }

    /// The one trace of a body that became no message.
    pub(crate) async fn audit_unreadable(&self, submission: &NewSubmission, failure: &Failure) -> Result<(), Failure> {
        if failure.is_temporary() {
            return Ok(());
        }
        self.note_outcome("payments.not-taken", Some(failure.code), submission).await;
        Ok(())
    }

    /// Notes a body that became no message.
    async fn note_outcome(&self, action: &'static str, code: Option<Code>, submission: &NewSubmission) {
        let NewSubmission { user, body, request_id, .. } = submission;
        let (about, trace) = (format!("sha256 {}", body.hash), format!("request {request_id}"));
        self.note_refusal(Refusal { actor: "exchange", action, code, who: Refused::User(*user), about, trace }).await;
    }

    async fn try_out(&self, order: SubmissionJob, business_day: Date) -> Result<Vec<u8>, Failure> {
        let order = Arc::new(order);
        let tried = match self.check_small(&order, business_day).await? {
            Some(small) => self.decide_small(&order, &small).await,
            None => self.try_large(&order).await,
        };
        let outcome = match tried {
            Err(Undecided::Tried(answer)) => Ok(answer),
            Err(Undecided::Failure(failure)) => Err(failure),
            // What it would get in earnest: its stored answer, or that the `MsgId` is used.
            Err(Undecided::Taken(message)) => {
                repeat(*message, order.submission.user, order.submission.body.hash).map(|answer| answer.pain002)
            }
            // Nothing is kept that could be repeated.
            Err(Undecided::Changed) => Err(busy()),
            Ok(_) => Err(Failure::new(Code::InternalError)),
        };
        let code = outcome.as_ref().err().map(|failure| failure.code);
        self.note_outcome("payments.tried", code, &order.submission).await;
        outcome
    }
}

fn before(reading: &mut dyn Reading, client: ClientId, hash: BodyHash) -> Result<Before, Failure> {
    Ok(Before { message: reading.message_by_hash(client, &hash)?, business_day: reading.business_day()? })
}

/// The stored answer for the same bytes from the same online user; otherwise the `MsgId` is taken.
fn repeat(message: Message, user: OnlineUserId, hash: BodyHash) -> Result<SubmissionAnswer, Failure> {
    if message.user == user && message.hash == hash {
        Ok(SubmissionAnswer::of(message, true))
    } else {
        Err(used(&message, message.hash == hash))
    }
}

/// Why a `MsgId` is not taken again: when it was used, and what it was answered then.
fn used(message: &Message, same_bytes: bool) -> Failure {
    let code = if same_bytes { Code::MessageOfAnotherUser } else { Code::MessageIdUsed };
    let when = local_time(message.consumed_at).strftime("%F %H:%M").to_string();
    let failure = Failure::new(code).with_detail(message.message_id.clone()).with_given(when);
    failure.with_expected(refused_message::group_status(message).unwrap_or_default())
}

pub(crate) fn busy() -> Failure {
    Failure::new(Code::Unavailable).with_retry_after(crate::bounds::RETRY_AFTER)
}

/// Waits for the answer; after a while for a receipt, as soon as there is one.
async fn wait_for(follower: &mut Follower, wait: Duration) -> Result<Submitted, Failure> {
    match tokio::time::timeout(wait, follower.end()).await {
        Ok(answer) => Ok(answer?.into()),
        Err(_) => match follower.receipt().await {
            Some(receipt) => Ok(Submitted::from(&*receipt)),
            None => Ok(follower.end().await?.into()),
        },
    }
}

impl SubmissionAnswer {
    pub(crate) fn of(message: Message, repeated: bool) -> SubmissionAnswer {
        let original = message.message_type.parse().unwrap_or(MessageType::Pain001V09);
        SubmissionAnswer { message_type: answer_type(original), pain002: message.answer, repeated }
    }
}

impl Submitted {
    /// The same, said to be repeated for all but the first one who asked.
    fn repeated_unless(mut self, first: bool) -> Submitted {
        if let Submitted::Answer { repeated, .. } = &mut self {
            *repeated |= !first;
        }
        self
    }
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
