//! Large messages: durable before they are read, staged in chunks while they are read, made final by one short
//! transaction.
//!
//! One thread reads and judges, the store's thread writes, and this task concludes in between; a bounded channel
//! keeps the reader from running ahead. What is staged counts for nobody until the flip. A restart at any moment
//! discards the stage and begins again: the ids are those of the submission, so the outcome is the same.

use std::sync::Arc;

use jiff::civil::Date;
use money::Currency;
use payments::MessageId;
use rulebook::catalogue::Code;
use store::{ClientId, DuplicateKey, Message, NewSubmission, PaymentsDigest, Reading, StoreError, Submission, Writing};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::admission::assessment::{Assessment, Placement, look_up};
use crate::admission::decide::{Checked, Decision, Payments, SubmittedMessage, Undecided, decide};
use crate::admission::duplicates::{self, EarlierMessages, EndToEndIds};
use crate::admission::staged::{Staged, Untold, read_staged};
use crate::bounds::{ATTEMPTS_MAX, STAGE_CHUNKS_WAITING_MAX};
use crate::check::message::{Circumstances, Gone, check};
use crate::check::pieces::{Chunk, MessageEnd, MessageHead, Piece};
use crate::status::pain002::{AnswerContext, receipt};
use crate::status::report::answer_type;
use crate::submission::given_up::UntilGivenUp;
use crate::submission::in_flight::{Leader, Receipt, SubmissionAnswer};
use crate::submission::intake::KeptBody;
use crate::submission::memory::MessageMemory;
use crate::submission::resume::claim;
use crate::submission::small::rows;
use crate::submission::submit::{SubmissionJob, busy};
use crate::{Exchange, Failure, problem};

/// How the work on a large message begins.
enum Begun {
    /// It has its row.
    Received(MessageId),
    /// The same bytes have one already, which nobody works on: from here on this node does.
    LeftOver(Submission),
    /// Another node works on the same bytes.
    Elsewhere(Submission),
    /// The same bytes are set aside.
    SetAside,
    /// They have been answered meanwhile.
    Answered(Box<Message>),
}

/// A message that was read to its end.
struct Read {
    header: MessageHead,
    end: MessageEnd,
    assessment: Assessment,
    /// Of the payments as they are staged.
    digest: [u8; 32],
    business_day: Date,
    /// The client's flips before the first look at earlier messages.
    flips: i64,
    memory: MessageMemory,
}

impl Exchange {
    /// Answers a large message: first it gets its row, unless the same bytes have one that waits for its answer.
    pub(crate) async fn answer_large(
        &self,
        order: &Arc<SubmissionJob>,
        kept: KeptBody,
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        // While nobody knows whether the row is there, the body must be: without a row it is swept at the next start,
        // but a row without its body could never be answered.
        kept.row_written();
        let begun = self.begin(&order.submission).await;
        let body_is_free = match &begun {
            Ok(begun) => !matches!(begun, Begun::Received(_)),
            Err(failure) => failure.code != Code::OutcomeUnknown,
        };
        if body_is_free {
            self.inner.store.remove_body(&order.submission.body);
        }
        match begun? {
            Begun::Received(id) => {
                leader.submitted(id);
                self.inner.attempts.counted(id);
                self.answer_durable(order, id, 1, leader).await
            }
            Begun::LeftOver(submission) => self.go_on_with(order.as_it_was(submission), leader).await,
            Begun::Elsewhere(submission) => self.answer_from_elsewhere(order.as_it_was(submission), leader).await,
            Begun::SetAside => Err(Failure::new(Code::SubmissionSetAside)),
            Begun::Answered(message) => self.settle_halt(order, Undecided::Taken(message)).await,
        }
    }

    /// Finds out how to begin with a large message.
    async fn begin(&self, submission: &NewSubmission) -> Result<Begun, Failure> {
        for _ in 0..ATTEMPTS_MAX {
            let submission = submission.clone();
            let begun = self
                .inner
                .store
                .write_for(submission.client, move |writing| Ok::<_, Failure>(begin(writing, &submission)?))
                .await?;
            match &begun {
                // It came to nothing this very moment, and nothing is left of it.
                Begun::Elsewhere(open) if !self.keep_outcome(open.id).await? => {}
                _ => return Ok(begun),
            }
        }
        Err(busy())
    }

    /// Answers a submission that has a row and whose attempt is counted. Whatever the outcome, the row knows it, unless the store is away: then
    /// the submission stays unanswered and is taken up again.
    pub(crate) async fn answer_durable(
        &self,
        order: &Arc<SubmissionJob>,
        id: MessageId,
        attempt: u32,
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        let place = self.inner.attempts.place(attempt).await;
        let result = self.answer_at_last(order, id, attempt > 1, leader).await;
        drop(place);
        if !result.as_ref().is_err_and(Failure::is_temporary) {
            self.inner.attempts.ended(id);
        }
        result
    }

    async fn answer_at_last(
        &self,
        order: &Arc<SubmissionJob>,
        id: MessageId,
        mut staged: bool,
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        let mut outcome = Err(Undecided::Changed);
        for _ in 0..ATTEMPTS_MAX {
            if staged {
                let discard = move |writing: &mut dyn Writing| Ok::<_, Failure>(writing.discard_stage(id)?);
                self.inner.store.write(discard).await?;
            }
            staged = true;
            outcome = self.read_and_decide(order, Some(id), Some(leader)).await;
            if !matches!(outcome, Err(Undecided::Changed)) {
                break;
            }
        }
        let halt = match outcome {
            Ok(decision) => {
                let message_type = answer_type(order.message_type);
                return Ok(SubmissionAnswer { message_type, pain002: decision.answer, repeated: false });
            }
            Err(halt) => halt,
        };
        let unreadable = matches!(halt, Undecided::Failure(_));
        let result = self.settle_halt(order, halt).await;
        match &result {
            Err(failure) if failure.is_temporary() => {}
            Err(failure) => {
                if unreadable {
                    self.audit_unreadable(&order.submission, failure).await?;
                }
                self.close_submission(id, failure).await?;
            }
            // The same message had its answer from another submission. Who was told to come back finds it by its bytes.
            Ok(_) => self.close_submission(id, &Failure::new(Code::MessageIdUsed)).await?,
        }
        result
    }

    /// Ends a submission that became no message. If somebody was told to come back, by whichever node, the problem is
    /// found then; otherwise nothing is left of it.
    pub(crate) async fn close_submission(&self, id: MessageId, failure: &Failure) -> Result<(), Failure> {
        let problem = problem::write(failure);
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

    /// What the answer to a large message would be. Nothing is staged.
    pub(crate) async fn try_large(&self, order: &Arc<SubmissionJob>) -> Result<Decision, Undecided> {
        let (client, hash) = (order.client.id, order.submission.body.hash);
        let set_aside = self
            .inner
            .store
            .read(move |reading| Ok::<_, Failure>(reading.set_aside_submission_of(client, &hash)?.is_some()));
        if set_aside.await? {
            return Err(Failure::new(Code::SubmissionSetAside).into());
        }
        let _place = self.inner.attempts.place(1).await;
        self.read_and_decide(order, None, None).await
    }

    async fn read_and_decide(
        &self,
        order: &Arc<SubmissionJob>,
        stage: Option<MessageId>,
        leader: Option<&Leader>,
    ) -> Result<Decision, Undecided> {
        let read = Arc::new(self.read_large(order, stage, leader).await?);
        let case = SubmittedMessage {
            submission: order.submission.clone(),
            client: order.client.clone(),
            header: read.header.clone(),
            mode: order.mode,
        };
        let (exchange, now) = (self.clone(), self.now());
        let currency = self.inner.settings.guideline.currency;
        self.inner
            .store
            .write_for(order.client.id, move |writing| {
                let id = match stage {
                    Some(id) => id,
                    None => writing.insert_submission(&case.submission)?,
                };
                let newer = if stage.is_some() { look_again(writing, id, &read, currency)? } else { None };
                let assessment = newer.as_ref().unwrap_or(&read.assessment);
                let checked = Checked { assessment, end: &read.end, business_day: read.business_day };
                let staged = Staged { currency, digest: read.digest };
                let payments: &dyn Payments = if stage.is_some() { &staged } else { &Untold };
                decide(writing, &exchange.inner.settings, &case, id, &checked, payments, now)
            })
            .await
    }

    async fn read_large(
        &self,
        order: &Arc<SubmissionJob>,
        stage: Option<MessageId>,
        leader: Option<&Leader>,
    ) -> Result<Read, Failure> {
        let client = order.client.id;
        let beginning =
            self.inner.store.read(move |reading| Ok::<_, Failure>((reading.business_day()?, reading.flips(client)?)));
        let (business_day, flips) = beginning.await?;
        let memory = self.inner.memory.message(client);
        let policy = EndToEndIds::of(&order.client, business_day);
        let (mut pieces, reader) = self.read_in_thread(order, business_day, memory.clone());
        let mut assessment = Assessment::new(client, policy, &memory, self.inner.settings.refusals_named_max);
        let (mut staging, mut digest) = (None, PaymentsDigest::default());
        let taken = self.take_pieces(&mut pieces, &mut assessment, stage, leader, (&mut staging, &mut digest)).await;
        // Nothing may be staged any more once this has ended, however it ends: the next attempt stages the same again.
        let staged = finished(staging).await;
        let (header, end) = taken?;
        staged?;
        reader.await.map_err(|_| Failure::new(Code::InternalError))??;
        let (Some(header), Some(end)) = (header, end) else { return Err(Failure::new(Code::InternalError)) };
        assessment.end(&end)?;
        Ok(Read { header, end, assessment, digest: digest.end(), business_day, flips, memory })
    }

    /// Takes the pieces of a message as they come. A chunk is stored while the next one is looked at.
    async fn take_pieces(
        &self,
        pieces: &mut mpsc::Receiver<Piece>,
        assessment: &mut Assessment,
        stage: Option<MessageId>,
        leader: Option<&Leader>,
        (staging, digest): (&mut Option<JoinHandle<Result<(), Failure>>>, &mut PaymentsDigest),
    ) -> Result<(Option<MessageHead>, Option<MessageEnd>), Failure> {
        let (mut header, mut end) = (None, None);
        while let Some(piece) = pieces.recv().await {
            match piece {
                Piece::Header(draft) => {
                    if let (Some(id), Some(leader)) = (stage, leader) {
                        leader.durable(self.receipt(id, &draft)?);
                    }
                    header = Some(draft);
                }
                Piece::Chunk(chunk) => {
                    let chunk = Arc::new(chunk);
                    let placements = self.place(stage, &chunk, assessment).await?;
                    if stage.is_some() {
                        // While the chunk before is being stored.
                        rows(&chunk, &placements).iter().for_each(|row| digest.add(row));
                    }
                    finished(staging.take()).await?;
                    if leader.is_some_and(Leader::is_waited_for) {
                        self.inner.progress.step();
                    }
                    if let Some(id) = stage {
                        let keys = assessment.keys_of(&chunk);
                        *staging =
                            Some(tokio::spawn(self.clone().stage(assessment.client(), id, chunk, placements, keys)));
                    }
                }
                Piece::End(draft) => end = Some(draft),
            }
        }
        Ok((header, end))
    }

    fn read_in_thread(
        &self,
        order: &Arc<SubmissionJob>,
        business_day: Date,
        memory: MessageMemory,
    ) -> (mpsc::Receiver<Piece>, JoinHandle<Result<(), Failure>>) {
        let (sender, pieces) = mpsc::channel(STAGE_CHUNKS_WAITING_MAX);
        let (exchange, order) = (self.clone(), Arc::clone(order));
        let reader = tokio::task::spawn_blocking(move || {
            let settings = &exchange.inner.settings;
            let body = exchange.inner.store.open_body(&order.submission.body)?;
            let body = UntilGivenUp::new(body, || sender.is_closed());
            let circumstances = Circumstances {
                settings,
                memory: &memory,
                client: order.client.id,
                message_type: order.message_type,
                business_day,
                received_at: order.submission.received_at,
                blocks_max: settings.blocks_max,
                chunk_payments: settings.stage_chunk_payments.max(1) as usize,
                as_stored_before: false,
            };
            check(body, &circumstances, &mut |piece| sender.blocking_send(piece).map_err(|_| Gone))
        });
        (pieces, reader)
    }

    /// Looks up what a chunk needs and concludes.
    async fn place(
        &self,
        stage: Option<MessageId>,
        chunk: &Arc<Chunk>,
        assessment: &mut Assessment,
    ) -> Result<Vec<Placement>, Failure> {
        let client = assessment.client();
        let ibans = assessment.unknown_ibans(chunk);
        let looked_at = Arc::clone(chunk);
        // A trial has no id; no message has 0.
        let except = stage.unwrap_or(MessageId(0));
        let policy = assessment.policy();
        let found = self.inner.store.read(move |reading: &mut dyn Reading| {
            look_up(reading, client, (except, policy), &looked_at, &ibans).map_err(Failure::from)
        });
        assessment.conclude(chunk, found.await?)
    }

    async fn stage(
        self,
        client: ClientId,
        id: MessageId,
        chunk: Arc<Chunk>,
        placements: Vec<Placement>,
        keys: Vec<DuplicateKey>,
    ) -> Result<(), Failure> {
        let mut keys = keys;
        self.inner
            .store
            .write_for(client, move |writing| {
                writing.stage_payments(id, &rows(&chunk, &placements))?;
                Ok(writing.stage_duplicate_keys(id, &mut keys)?)
            })
            .await
    }

    pub(crate) fn receipt(&self, id: MessageId, header: &MessageHead) -> Result<Receipt, Failure> {
        let context = AnswerContext { settings: &self.inner.settings, header, id, now: self.now() };
        let message_type = answer_type(header.message_type);
        Ok(Receipt { submission: id, message_type, pain002: receipt(&context)? })
    }
}

async fn finished(staging: Option<JoinHandle<Result<(), Failure>>>) -> Result<(), Failure> {
    match staging {
        Some(staging) => staging.await.map_err(|_| Failure::new(Code::InternalError))?,
        None => Ok(()),
    }
}

/// Of several nodes that begin with the same bytes at once, one inserts the row, and the others find it.
fn begin(writing: &mut dyn Writing, submission: &NewSubmission) -> Result<Begun, StoreError> {
    let NewSubmission { client, user, body, .. } = submission;
    // From here on nobody else begins with a message of this client until the transaction ends.
    writing.flips(*client)?;
    if let Some(message) = writing.message_by_hash(*client, &body.hash)? {
        return Ok(Begun::Answered(Box::new(message)));
    }
    if writing.set_aside_submission_of(*client, &body.hash)?.is_some() {
        return Ok(Begun::SetAside);
    }
    // What came under another certificate is judged by that one.
    let same = |open: &Submission| open.received.certificate == submission.certificate;
    let Some(open) = writing.open_submission_of(*user, &body.hash)?.filter(same) else {
        return writing.insert_submission(submission).map(Begun::Received);
    };
    let is_claimed = claim(writing, open.id)?;
    Ok(if is_claimed { Begun::LeftOver(open) } else { Begun::Elsewhere(open) })
}

/// Looks for duplicates among the messages that came in between. `None` when there were none of either.
fn look_again(
    writing: &mut dyn Writing,
    id: MessageId,
    read: &Read,
    currency: Currency,
) -> Result<Option<Assessment>, Failure> {
    let client = read.assessment.client();
    if writing.flips(client)? == read.flips {
        return Ok(None);
    }
    let duplicates = duplicates::of_stage(writing, id, read.assessment.policy(), &read.assessment.keys)?;
    let ids: Vec<&str> =
        read.assessment.blocks.iter().map(|block| block.head.payment_information_id.as_str()).collect();
    let used = writing.used_payment_information_ids(client, &ids)?;
    if duplicates.is_empty() && used.is_empty() {
        return Ok(None);
    }
    let earlier = EarlierMessages::of(writing, &duplicates, &used)?;
    let mut assessment = read.assessment.copy(&read.memory)?;
    for duplicate in duplicates {
        let payment = read_staged(writing, id, None, duplicate.ordinal, duplicate.ordinal, 1, currency)?;
        if let Some(payment) = payment.into_iter().next() {
            assessment.refuse_duplicate(payment, &duplicate, &earlier);
        }
    }
    assessment.refuse_used_blocks(&used, &earlier);
    assessment.drop_refused_candidates();
    Ok(Some(assessment))
}
