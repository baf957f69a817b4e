//! Large messages: durable before they are read, staged in chunks while they are read, made final by one short
//! transaction.
//!
//! One thread reads and judges, the store's thread writes, and this task concludes in between; a bounded channel
//! keeps the reader from running ahead. What is staged counts for nobody until the flip. A restart at any moment
//! discards the stage and begins again: the ids are those of the submission, so the outcome is the same.

use std::io::Read as _;
use std::sync::Arc;

use iso20022::MessageType;
use jiff::civil::Date;
use money::Currency;
use payments::MessageId;
use rulebook::catalogue::Code;
use store::{DuplicateKey, Reading, StoreError, Submission, Writing};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::admit::{Case, Checked, Decision, Halt, Payments, decide};
use crate::answer::{AnswerContext, answer_type, receipt};
use crate::bounds::{ATTEMPTS_MAX, PEEK_BYTES_MAX, RETRY_AFTER, STAGE_CHUNKS_WAITING_MAX};
use crate::check::{Circumstances, Gone, check};
use crate::draft::{Chunk, EndDraft, HeaderDraft, Piece};
use crate::duplicates;
use crate::intake::{KeptBody, look};
use crate::resolve::{Placement, Resolution, look_up};
use crate::running::{Answer, Receipt, Ticket};
use crate::small::rows;
use crate::staged::{Staged, Untold, read_staged};
use crate::submit::Order;
use crate::{Exchange, Failure, Mode, problem};

/// A message that was read to its end.
struct Read {
    header: HeaderDraft,
    end: EndDraft,
    resolution: Resolution,
    business_day: Date,
    /// The client's flips before the first look at earlier messages.
    flips: i64,
}

impl Exchange {
    /// Answers a large message: first it gets its row.
    pub(crate) async fn answer_large(
        &self,
        order: &Arc<Order>,
        kept: KeptBody,
        ticket: &mut Ticket,
    ) -> Result<Answer, Failure> {
        let submission = order.submission.clone();
        // While nobody knows whether the row is there, the body must be: without a row it is swept at the next start,
        // but a row without its body could never be answered.
        kept.row_written();
        let written = self.inner.store.write(move |writing| Ok::<_, Failure>(writing.insert_submission(&submission)?));
        let id = match written.await {
            Ok(id) => id,
            Err(failure) => {
                if failure.code != Code::OutcomeUnknown {
                    self.inner.store.remove_body(&order.submission.body);
                }
                return Err(failure);
            }
        };
        ticket.submitted(id);
        self.answer_durable(order, id, false, ticket).await
    }

    /// Answers a submission that was left over, by a restart or because the store was away.
    pub(crate) async fn take_up(&self, submission: Submission) -> Result<(), Failure> {
        let Submission { id, received, .. } = submission;
        let (ticket, _) = self.inner.running.join((received.user, received.body.hash));
        let Some(mut ticket) = ticket else { return Ok(()) };
        // It may have been answered between the look and the ticket, or another node may work on it by now; with the
        // ticket and the claim, nobody else does.
        let is_open = self.inner.store.write(move |writing| Ok::<_, Failure>(writing.claim_submission(id)?)).await;
        if !matches!(is_open, Ok(true)) {
            // Who joined meanwhile finds on the next try what there is.
            ticket.end(Err(Failure::new(Code::Unavailable).with_retry_after(RETRY_AFTER)));
            return is_open.map(drop);
        }
        ticket.submitted(id);
        // Perhaps the process before has given one.
        ticket.receipt_given();
        tracing::info!(submission = id.0, request_id = received.request_id, "submission taken up again");
        let result = match self.answered_meanwhile(id, &received).await {
            Ok(None) => match self.order_again(received).await {
                Ok(order) => self.answer_durable(&Arc::new(order), id, true, &mut ticket).await,
                Err(failure) => Err(failure),
            },
            Ok(Some(answer)) => Ok(answer),
            Err(failure) => Err(failure),
        };
        let again = result.as_ref().is_err_and(Failure::is_temporary);
        ticket.end(result);
        if again { Err(Failure::new(Code::Unavailable)) } else { Ok(()) }
    }

    /// Who sends the same bytes again and again while the store is away leaves a submission each time. Once one of them
    /// is answered, the others are closed without being read: who was told to come back finds the answer by its bytes.
    async fn answered_meanwhile(
        &self,
        id: MessageId,
        received: &store::NewSubmission,
    ) -> Result<Option<Answer>, Failure> {
        let (user, client, hash) = (received.user, received.client, received.body.hash);
        let found = self.inner.store.read(move |reading| Ok::<_, Failure>(reading.message_by_hash(client, &hash)?));
        let Some(message) = found.await?.filter(|message| message.user == user) else { return Ok(None) };
        self.close_submission(id, Some(problem::write(&Failure::new(Code::MessageIdUsed)))).await?;
        Ok(Some(Answer::of(message, true)))
    }

    /// The order as it was when the submission arrived.
    async fn order_again(&self, submission: store::NewSubmission) -> Result<Order, Failure> {
        let client = submission.client;
        let clients = self.inner.store.read(|reading| reading.clients().map_err(Failure::from)).await?;
        let client = clients.into_iter().find(|known| known.id == client);
        let client = client.ok_or_else(|| Failure::new(Code::InternalError))?;
        let (store, body) = (self.inner.store.clone(), submission.body.clone());
        let message_type = tokio::task::spawn_blocking(move || type_of(store.open_body(&body)?))
            .await
            .map_err(|_| Failure::new(Code::InternalError))??;
        Ok(Order { submission, client, message_type, mode: Mode::Execute })
    }

    /// Answers a submission that has a row. Whatever the outcome, the row knows it, unless the store is away: then
    /// the submission stays unanswered and is taken up again.
    async fn answer_durable(
        &self,
        order: &Arc<Order>,
        id: MessageId,
        mut staged: bool,
        ticket: &mut Ticket,
    ) -> Result<Answer, Failure> {
        let mut outcome = Err(Halt::Changed);
        for _ in 0..ATTEMPTS_MAX {
            if staged {
                let discard = move |writing: &mut dyn Writing| Ok::<_, Failure>(writing.discard_stage(id)?);
                self.inner.store.write(discard).await?;
            }
            staged = true;
            outcome = self.read_and_decide(order, Some(id), Some(ticket)).await;
            if !matches!(outcome, Err(Halt::Changed)) {
                break;
            }
        }
        let told = ticket.close_receipts();
        let halt = match outcome {
            Ok(decision) => {
                let message_type = answer_type(order.message_type);
                return Ok(Answer { message_type, pain002: decision.answer, repeated: false });
            }
            Err(halt) => halt,
        };
        let unreadable = matches!(halt, Halt::Failure(_));
        let result = self.settle_halt(order, halt).await;
        match &result {
            Err(failure) if failure.is_temporary() => {}
            Err(failure) => {
                if unreadable {
                    self.audit_unreadable(&order.submission, failure).await?;
                }
                self.close_submission(id, told.then(|| problem::write(failure))).await?;
            }
            // The same message had its answer from another submission. Who was told to come back finds it by its bytes.
            Ok(_) => {
                let elsewhere = Failure::new(Code::MessageIdUsed);
                self.close_submission(id, told.then(|| problem::write(&elsewhere))).await?;
            }
        }
        result
    }

    /// Ends a submission that became no message; somebody who was told to come back finds the problem.
    async fn close_submission(&self, id: MessageId, problem: Option<Vec<u8>>) -> Result<(), Failure> {
        self.inner
            .store
            .write(move |writing| {
                match &problem {
                    Some(problem) => writing.refuse_submission(id, problem)?,
                    None => writing.discard_submission(id)?,
                }
                Ok(())
            })
            .await
    }

    /// What the answer to a large message would be. Nothing is staged.
    pub(crate) async fn try_large(&self, order: &Arc<Order>) -> Result<Decision, Halt> {
        self.read_and_decide(order, None, None).await
    }

    async fn read_and_decide(
        &self,
        order: &Arc<Order>,
        stage: Option<MessageId>,
        ticket: Option<&Ticket>,
    ) -> Result<Decision, Halt> {
        let read = Arc::new(self.read_large(order, stage, ticket).await?);
        let case = Case {
            submission: order.submission.clone(),
            client: order.client.clone(),
            header: read.header.clone(),
            mode: order.mode,
        };
        let (exchange, now) = (self.clone(), self.now());
        let currency = self.inner.settings.guideline.currency;
        self.inner
            .store
            .write(move |writing| {
                let id = match stage {
                    Some(id) => id,
                    None => writing.insert_submission(&case.submission)?,
                };
                let newer = if stage.is_some() { look_again(writing, id, &read, currency)? } else { None };
                let resolution = newer.as_ref().unwrap_or(&read.resolution);
                let checked = Checked { resolution, end: &read.end, business_day: read.business_day };
                let staged = Staged { currency };
                let payments: &dyn Payments = if stage.is_some() { &staged } else { &Untold };
                decide(writing, &exchange.inner.settings, &case, id, &checked, payments, now)
            })
            .await
    }

    async fn read_large(
        &self,
        order: &Arc<Order>,
        stage: Option<MessageId>,
        ticket: Option<&Ticket>,
    ) -> Result<Read, Failure> {
        let client = order.client.id;
        let beginning =
            self.inner.store.read(move |reading| Ok::<_, Failure>((reading.business_day()?, reading.flips(client)?)));
        let (business_day, flips) = beginning.await?;
        let (mut pieces, reader) = self.read_in_thread(order, business_day);
        let mut resolution = Resolution::new(client, self.inner.settings.refusals_named_max);
        let (mut header, mut end) = (None, None);
        let mut staging: Option<JoinHandle<Result<(), Failure>>> = None;
        while let Some(piece) = pieces.recv().await {
            match piece {
                Piece::Header(draft) => {
                    if let (Some(id), Some(ticket)) = (stage, ticket) {
                        ticket.durable(self.receipt(id, &draft)?);
                    }
                    header = Some(draft);
                }
                Piece::Chunk(chunk) => {
                    let chunk = Arc::new(chunk);
                    let placements = self.place(client, stage, &chunk, &mut resolution).await?;
                    finished(staging.take()).await?;
                    if let Some(id) = stage {
                        let keys = resolution.keys_of(&chunk);
                        staging = Some(tokio::spawn(self.clone().stage(id, chunk, placements, keys)));
                    }
                }
                Piece::End(draft) => end = Some(draft),
            }
        }
        finished(staging.take()).await?;
        reader.await.map_err(|_| Failure::new(Code::InternalError))??;
        let (Some(header), Some(end)) = (header, end) else { return Err(Failure::new(Code::InternalError)) };
        resolution.end(&end);
        Ok(Read { header, end, resolution, business_day, flips })
    }

    fn read_in_thread(
        &self,
        order: &Arc<Order>,
        business_day: Date,
    ) -> (mpsc::Receiver<Piece>, JoinHandle<Result<(), Failure>>) {
        let (sender, pieces) = mpsc::channel(STAGE_CHUNKS_WAITING_MAX);
        let (exchange, order) = (self.clone(), Arc::clone(order));
        let reader = tokio::task::spawn_blocking(move || {
            let settings = &exchange.inner.settings;
            let body = exchange.inner.store.open_body(&order.submission.body)?;
            let circumstances = Circumstances {
                settings,
                client: order.client.id,
                message_type: order.message_type,
                business_day,
                received_at: order.submission.received_at,
                chunk_payments: settings.stage_chunk_payments.max(1) as usize,
            };
            check(body, &circumstances, &mut |piece| sender.blocking_send(piece).map_err(|_| Gone))
        });
        (pieces, reader)
    }

    /// Looks up what a chunk needs and concludes.
    async fn place(
        &self,
        client: store::ClientId,
        stage: Option<MessageId>,
        chunk: &Arc<Chunk>,
        resolution: &mut Resolution,
    ) -> Result<Vec<Placement>, Failure> {
        let ibans = resolution.unknown_ibans(chunk);
        let looked_at = Arc::clone(chunk);
        // A trial has no id; no message has 0.
        let except = stage.unwrap_or(MessageId(0));
        let found = self.inner.store.read(move |reading: &mut dyn Reading| {
            look_up(reading, client, except, &looked_at, &ibans).map_err(Failure::from)
        });
        Ok(resolution.conclude(chunk, found.await?)?)
    }

    async fn stage(
        self,
        id: MessageId,
        chunk: Arc<Chunk>,
        placements: Vec<Placement>,
        keys: Vec<DuplicateKey>,
    ) -> Result<(), Failure> {
        let mut keys = keys;
        self.inner
            .store
            .write(move |writing| {
                writing.stage_payments(id, &rows(&chunk, &placements))?;
                Ok(writing.stage_duplicate_keys(id, &mut keys)?)
            })
            .await
    }

    fn receipt(&self, id: MessageId, header: &HeaderDraft) -> Result<Receipt, Failure> {
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

/// Looks for duplicates among the messages that came in between. `None` when there were none of either.
fn look_again(
    writing: &mut dyn Writing,
    id: MessageId,
    read: &Read,
    currency: Currency,
) -> Result<Option<Resolution>, StoreError> {
    let client = read.resolution.client();
    if writing.flips(client)? == read.flips {
        return Ok(None);
    }
    let duplicates = duplicates::of_stage(writing, id, &read.resolution.keys)?;
    let ids: Vec<&str> =
        read.resolution.blocks.iter().map(|block| block.head.payment_information_id.as_str()).collect();
    let used = writing.used_payment_information_ids(client, &ids)?;
    if duplicates.is_empty() && used.is_empty() {
        return Ok(None);
    }
    let mut resolution = read.resolution.clone();
    for duplicate in duplicates {
        let payment = read_staged(writing, id, None, duplicate.ordinal, duplicate.ordinal, 1, currency)?;
        if let Some(payment) = payment.into_iter().next() {
            resolution.refuse_duplicate(payment, duplicate.kind);
        }
    }
    resolution.refuse_used_blocks(&used);
    resolution.drop_refused_candidates();
    Ok(Some(resolution))
}

/// What the beginning of a stored body says it is.
fn type_of(body: Box<dyn std::io::Read + Send>) -> Result<MessageType, Failure> {
    let mut beginning = Vec::new();
    body.take(PEEK_BYTES_MAX as u64).read_to_end(&mut beginning).map_err(|error| {
        tracing::error!(%error, "a body cannot be read back");
        Failure::new(Code::InternalError)
    })?;
    look(&beginning, true)?.ok_or_else(|| Failure::new(Code::TruncatedXml))
}
