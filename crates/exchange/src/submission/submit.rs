//! Submits a pain.001: from the received bytes to the answer, in each of three ways.
//!
//! | body | way | commits |
//! |---|---|---|
//! | known bytes | the stored answer | none |
//! | small | checked in memory, then one transaction decides about all that wait and does everything | one, shared with others |
//! | large | durable first, then staged in chunks while it is read, then activated | one for each chunk, perhaps some for the last keys, and two |
//!
//! The work goes on when the caller hangs up. That small bytes are known shows in the transaction that would decide about
//! them; a look before it costs more than reading them. Other bytes are looked up first, and so are small ones that come to
//! nothing: what was answered once stays answered.

use std::sync::Arc;

use jiff::civil::Date;
use rulebook::catalogue::Code;
use store::{BodyHash, BodyPlace, ClientId, Message, NewSubmission, Reading};
use tracing::{Instrument as _, field};

use crate::access::refusals::{Refusal, Refused};
use crate::admission::decide::Undecided;
use crate::bounds::ATTEMPTS_MAX;
use crate::measures::SubmissionTimer;
use crate::status::report::answer_type;
use crate::submission::ahead::ReadingAhead;
use crate::submission::continuing::Continuing;
use crate::submission::in_flight::Leader;
use crate::submission::intake::KeptBody;
use crate::submission::job::{SubmissionAnswer, SubmissionJob, busy};
use crate::submission::outcome::follow;
use crate::submission::reading::{LargeReading, ReadBody};
use crate::{Caller, Exchange, Failure, Mode, Received, SubmitOptions, Submitted};

/// The store's data before the work begins.
struct Before {
    message: Option<Message>,
    business_day: Date,
}

impl Exchange {
    /// Whether this caller may submit payments at all: asked before its body is taken in.
    ///
    /// # Errors
    /// When it may not. The audit counts the refusal.
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
        mut received: Received,
        options: SubmitOptions,
    ) -> Result<Submitted, Failure> {
        self.may_submit(caller).await?;
        let message_type = received.message_type();
        if message_type.status_report().is_none() {
            let failure = Failure::new(Code::WrongMessageForAddress).with_detail(message_type.name());
            return Err(failure.with_expected("pain.001"));
        }
        let ahead = received.take_reading();
        let kept = received.keep().await?;
        let SubmitOptions { request_id, wait, mode, signed, held } = options;
        self.check_signed_body(signed.as_ref(), &kept.body().hash.0)?;
        let identity = caller.identity();
        let submission = NewSubmission {
            user: caller.user(),
            client: caller.client(),
            certificate: identity.certificate.fingerprint,
            request_id,
            received_at: self.now(),
            body: kept.body().clone(),
        };
        let evidence = signed.as_ref().map(|signed| signed.evidence(submission.received_at));
        let job = SubmissionJob { submission, evidence, client: identity.client.clone(), message_type, mode };
        let (client, hash) = (caller.client(), job.submission.body.hash);
        let is_read_at_once = mode == Mode::Execute && job.is_read_at_once();
        let before = if is_read_at_once {
            Before { message: None, business_day: self.known_business_day().await? }
        } else {
            self.inner.store.read(move |reading| before(reading, client, hash)).await?
        };
        if mode == Mode::Test {
            kept.refuse_without_room()?;
            let tried = self.try_out(job, before.business_day, ahead).await?;
            return Ok(Submitted::Answer { message_type: answer_type(message_type), pain002: tried, repeated: false });
        }
        if let Some(message) = before.message {
            let repeated = SubmissionAnswer::repeat(message, caller.user(), hash);
            match &repeated {
                Ok(_) => self.inner.measures.repeated(),
                Err(failure) => self.inner.measures.not_answered(failure.is_temporary()),
            }
            return repeated.map(Submitted::from);
        }
        kept.refuse_without_room()?;
        if let Some(signed) = &signed {
            self.keep_certificates(signed).await?;
        }
        let (leader, mut follower) = self.inner.in_flight.join((caller.user(), hash));
        let is_first = leader.is_some();
        let followed = if let Some(leader) = leader {
            let exchange = self.clone();
            let work = async move {
                let _held = held;
                exchange.lead(job, (kept, ahead), before.business_day, leader).await;
            };
            // Within the request that began it, also when that is over. Its number is noted when it has one.
            let work = work.instrument(tracing::info_span!("submission", submission = field::Empty));
            if is_read_at_once {
                let mut work = Continuing::new(work);
                tokio::select! {
                    biased;
                    () = &mut work => follow(&mut follower, wait).await,
                    followed = follow(&mut follower, wait) => followed,
                }
            } else {
                tokio::spawn(work);
                follow(&mut follower, wait).await
            }
        } else {
            follow(&mut follower, wait).await
        };
        let submitted = match followed? {
            // It ended just before the client got its receipt.
            Submitted::InProgress { submission, .. } if !self.keep_outcome(submission).await? => {
                follower.end().await?.into()
            }
            submitted => submitted,
        };
        Ok(submitted.repeated_unless(is_first))
    }

    /// Answers a submission for all that wait for it.
    async fn lead(
        &self,
        job: SubmissionJob,
        body: (KeptBody, Option<ReadingAhead>),
        business_day: Date,
        mut leader: Leader,
    ) {
        let (user, request_id) = (job.submission.user, job.submission.request_id.clone());
        let timer = SubmissionTimer::of(&job.submission);
        let result = self.answer(job, body, business_day, &mut leader).await;
        self.count_end(timer, &result);
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
        job: SubmissionJob,
        (kept, ahead): (KeptBody, Option<ReadingAhead>),
        mut business_day: Date,
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        let job = Arc::new(job);
        if !matches!(job.submission.body.place, BodyPlace::Inline(_)) {
            let reading = self.taken_over(&job, business_day, ahead).await;
            return self.answer_large(&job, kept, reading, leader).await;
        }
        for _ in 0..ATTEMPTS_MAX {
            let small = match self.read_body(&job, business_day).await {
                Ok(ReadBody::Small(small)) => small,
                Ok(ReadBody::Large(reading)) => return self.answer_large(&job, kept, Some(reading), leader).await,
                Err(failure) => {
                    if let Some(known) = self.known_answer(&job).await {
                        return known;
                    }
                    self.note_unreadable(&job.submission, &failure).await;
                    return Err(failure);
                }
            };
            match self.decide_small(&job, small).await {
                Ok(decision) => {
                    kept.row_written();
                    self.inner.measures.decided(&decision.payments);
                    let message_type = answer_type(job.message_type);
                    return Ok(SubmissionAnswer { message_type, pain002: decision.answer, repeated: false });
                }
                Err(Undecided::Changed) => business_day = self.operator().business_day().await?,
                Err(Undecided::Taken(message)) if message.hash == job.submission.body.hash => {
                    return SubmissionAnswer::repeat(*message, job.submission.user, job.submission.body.hash);
                }
                Err(Undecided::Failure(failure)) => return self.known_answer(&job).await.unwrap_or(Err(failure)),
                Err(undecided) => return self.answer_undecided(&job, undecided).await,
            }
        }
        Err(busy())
    }

    /// What was read of the body while it arrived, if it may be used.
    async fn taken_over(
        &self,
        job: &SubmissionJob,
        business_day: Date,
        ahead: Option<ReadingAhead>,
    ) -> Option<LargeReading> {
        let reading = ahead?.take_over(self, business_day, job.submission.received_at).await?;
        self.inner.measures.reading_ahead_used();
        Some(reading)
    }

    /// The answer of small bytes that were answered before, when they came to nothing now.
    async fn known_answer(&self, job: &SubmissionJob) -> Option<Result<SubmissionAnswer, Failure>> {
        let (user, client, hash) = (job.submission.user, job.client.id, job.submission.body.hash);
        let known = self.inner.store.read(move |reading| Ok::<_, Failure>(reading.message_by_hash(client, &hash)?));
        // What kept them from an answer may keep this look from its own: the first failure says more.
        let message = known.await.ok().flatten()?;
        Some(SubmissionAnswer::repeat(message, user, hash))
    }

    /// The answer of a trial. Stores nothing.
    async fn try_out(
        &self,
        job: SubmissionJob,
        business_day: Date,
        ahead: Option<ReadingAhead>,
    ) -> Result<Vec<u8>, Failure> {
        let job = Arc::new(job);
        self.inner.measures.tried();
        let read = match self.taken_over(&job, business_day, ahead).await {
            Some(reading) => ReadBody::Large(reading),
            None => self.read_body(&job, business_day).await?,
        };
        let decided = match read {
            ReadBody::Small(small) => self.decide_small(&job, small).await,
            ReadBody::Large(reading) => self.try_large(&job, reading).await,
        };
        let outcome = match decided {
            Ok(decision) => Ok(decision.answer),
            Err(Undecided::Failure(failure)) => Err(failure),
            // What it would get in earnest: its stored answer, or that the `MsgId` is used.
            Err(Undecided::Taken(message)) => {
                SubmissionAnswer::repeat(*message, job.submission.user, job.submission.body.hash)
                    .map(|answer| answer.pain002)
            }
            // Nothing is kept that could be repeated.
            Err(Undecided::Changed) => Err(busy()),
        };
        let code = outcome.as_ref().err().map(|failure| failure.code);
        self.note_no_message("payments.tried", code, &job.submission).await;
        outcome
    }
}

fn before(reading: &mut dyn Reading, client: ClientId, hash: BodyHash) -> Result<Before, Failure> {
    Ok(Before { message: reading.message_by_hash(client, &hash)?, business_day: reading.business_day()? })
}

impl Submitted {
    /// The same, marked as repeated for all but the first that asked.
    fn repeated_unless(mut self, is_first: bool) -> Submitted {
        if let Submitted::Answer { repeated, .. } = &mut self {
            *repeated |= !is_first;
        }
        self
    }
}
