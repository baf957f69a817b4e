//! Large messages with a row: the node stages them in chunks while it reads them, and makes them final by one short
//! transaction.
//!
//! One thread reads and judges, the store's thread writes, and this task concludes in between. A stage has no effect
//! until the decision activates it. A restart at any moment discards the stage and begins again: the ids are those of
//! the submission, so the outcome is the same.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::Date;
use money::Currency;
use payments::MessageId;
use rulebook::catalogue::Code;
use store::{ClientId, DuplicateKey, Fingerprint, PaymentsDigest, Reading, Writing};
use tokio::task::JoinHandle;
use tracing::Instrument as _;

use crate::admission::assessment::{Assessment, Placement, look_up};
use crate::admission::decide::{CheckOutcome, Decision, SubmittedMessage, Undecided, decide, open};
use crate::admission::duplicates::{self, EarlierMessages, EndToEndIds};
use crate::admission::message_payments::Payments;
use crate::admission::staged::{NotStored, Staged, read_staged_payments};
use crate::bounds::{
    ATTEMPTS_MAX, CHUNKS_OF_KEYS_IDLE, CHUNKS_OF_KEYS_MAX, CHUNKS_OF_KEYS_MIN, KEYS_OF_A_PAYMENT, READ_BACK_PAYMENTS,
    STAGING_TIME,
};
use crate::check::pieces::{Chunk, MessageEnd, MessageHead};
use crate::status::report::answer_type;
use crate::submission::in_flight::Leader;
use crate::submission::job::{SubmissionAnswer, SubmissionJob};
use crate::submission::memory::{Charge, MessageMemory, vector_bytes};
use crate::submission::reading::LargeReading;
use crate::submission::small::rows;
use crate::{Exchange, Failure, Mode};

/// A message that was read to its end and assessed.
struct Assessed {
    head: MessageHead,
    end: MessageEnd,
    assessment: Assessment,
    /// Of the payments as they are staged.
    digest: [u8; 32],
    business_day: Date,
    /// The client's messages that were activated before the first look at earlier messages.
    activations: i64,
    memory: MessageMemory,
}

/// The stage of a message while a thread reads it.
struct Stage {
    id: MessageId,
    digest: PaymentsDigest,
    /// The transaction that stores a chunk, and how long it took.
    storing: Option<JoinHandle<Result<Duration, Failure>>>,
    keys: PendingKeys,
}

/// Keys of stored payments that are not stored yet.
///
/// Keys are hashes, so any number of them touches nearly all pages of a small index, and the store writes each touched page
/// once for each commit: it gets many keys together, and at once only where it would wait for the reader. In a large
/// index each key has a page of its own; then more keys only make others wait longer, and the exchange stores fewer.
struct PendingKeys {
    keys: Vec<DuplicateKey>,
    of_chunk: usize,
    together_max: usize,
    charge: Charge,
}

impl PendingKeys {
    fn add(&mut self, keys: Vec<DuplicateKey>) -> Result<(), Failure> {
        self.keys.extend(keys);
        self.charge.set(vector_bytes(&self.keys))
    }

    /// A transaction took so long: others have waited for it.
    fn learn(&mut self, taken: Duration) {
        if taken > STAGING_TIME {
            self.together_max = (self.together_max / 2).max(self.of_chunk * CHUNKS_OF_KEYS_MIN);
        }
    }

    /// The keys to be stored with the next chunk.
    fn with_chunk(&mut self, store_is_idle: bool) -> Vec<DuplicateKey> {
        let max = if store_is_idle { self.of_chunk * CHUNKS_OF_KEYS_IDLE } else { usize::MAX };
        if self.keys.len() < self.together_max.min(max) { Vec::new() } else { self.take() }
    }

    /// As many as may be stored together.
    fn take(&mut self) -> Vec<DuplicateKey> {
        let rest = self.keys.split_off(self.keys.len().min(self.together_max));
        std::mem::replace(&mut self.keys, rest)
    }
}

impl Stage {
    fn new(id: MessageId, chunk_payments: u32, memory: &MessageMemory) -> Stage {
        let of_chunk = chunk_payments.max(1) as usize * KEYS_OF_A_PAYMENT;
        let (keys, charge) = (Vec::new(), memory.charge());
        let keys = PendingKeys { keys, of_chunk, together_max: of_chunk * CHUNKS_OF_KEYS_MAX, charge };
        Stage { id, digest: PaymentsDigest::default(), storing: None, keys }
    }

    /// Whether the store still works on the chunk before.
    fn is_storing(&self) -> bool {
        self.storing.as_ref().is_some_and(|storing| !storing.is_finished())
    }

    /// Waits until the last chunk is stored.
    async fn settle(&mut self) -> Result<(), Failure> {
        if let Some(storing) = self.storing.take() {
            self.keys.learn(storing.await.map_err(|error| Failure::unexpected(error))??);
        }
        Ok(())
    }
}

impl Exchange {
    /// Answers a submission that has a row and a counted attempt. The row gets any outcome, unless the store is
    /// unavailable: then the submission stays unanswered, and a node resumes it later.
    pub(crate) async fn answer_submission(
        &self,
        job: &Arc<SubmissionJob>,
        id: MessageId,
        attempt: u32,
        reading: Option<LargeReading>,
        leader: &mut Leader,
    ) -> Result<SubmissionAnswer, Failure> {
        let place = self.inner.attempts.place(attempt).await;
        let result = match self.decide_submission(job, id, attempt > 1, reading, leader).await {
            Ok(decision) => {
                self.inner.measures.decided(&decision.payments);
                self.forget_mark_of_reading_ahead(job.client.id).await;
                let message_type = answer_type(job.message_type);
                Ok(SubmissionAnswer { message_type, pain002: decision.answer, repeated: false })
            }
            Err(undecided) => self.close_undecided(job, id, undecided).await,
        };
        drop(place);
        if !result.as_ref().is_err_and(Failure::is_temporary) {
            self.inner.attempts.ended(id);
        }
        result
    }

    async fn decide_submission(
        &self,
        job: &Arc<SubmissionJob>,
        id: MessageId,
        mut is_staged: bool,
        mut reading: Option<LargeReading>,
        leader: &Leader,
    ) -> Result<Decision, Undecided> {
        for _ in 0..ATTEMPTS_MAX {
            if is_staged {
                let discard = move |writing: &mut dyn Writing| Ok::<_, Failure>(writing.discard_stage(id)?);
                self.inner.store.write(discard).await?;
            }
            is_staged = true;
            let read = match reading.take() {
                Some(reading) => reading,
                None => self.read_large(job, self.operator().business_day().await?).await?,
            };
            leader.durable(self.receipt(id, &read.head)?);
            match self.decide_large(job, read, Some(id), Some(leader)).await {
                Err(Undecided::Changed) => {}
                decided => return decided,
            }
        }
        Err(Undecided::Changed)
    }

    async fn close_undecided(
        &self,
        job: &SubmissionJob,
        id: MessageId,
        undecided: Undecided,
    ) -> Result<SubmissionAnswer, Failure> {
        if let Undecided::Failure(failure) = &undecided {
            self.note_unreadable(&job.submission, failure).await;
        }
        let result = self.answer_undecided(job, undecided).await;
        match &result {
            Err(failure) if failure.is_temporary() => {}
            Err(failure) => self.close_submission(id, failure).await?,
            // The same message had its answer from another submission. A client that comes back finds it by its bytes.
            Ok(_) => self.close_submission(id, &Failure::new(Code::MessageIdUsed)).await?,
        }
        result
    }

    /// Reads a message to its end and decides about it. Without a stage nothing is kept of it.
    pub(crate) async fn decide_large(
        &self,
        job: &Arc<SubmissionJob>,
        reading: LargeReading,
        stage: Option<MessageId>,
        leader: Option<&Leader>,
    ) -> Result<Decision, Undecided> {
        let read = self.assess_large(job, reading, stage, leader).await?;
        let (exchange, job, now) = (self.clone(), Arc::clone(job), self.now());
        let (mode, client) = (job.mode, job.client.id);
        let currency = self.inner.settings.guideline.currency;
        self.write_decision(mode, client, move |writing| {
            let newer = match stage {
                Some(id) => look_again(writing, id, &read, currency)?,
                None => None,
            };
            let message = SubmittedMessage {
                submission: &job.submission,
                evidence: job.evidence.as_ref(),
                keeps_evidence: mode == Mode::Execute,
                client: &job.client,
                head: &read.head,
            };
            let rules = (&exchange.inner.settings, &exchange.inner.outside);
            let opened = open(writing, rules, &message, stage, read.business_day, now)?;
            let assessment = newer.as_ref().unwrap_or(&read.assessment);
            let outcome = CheckOutcome { assessment, end: &read.end, business_day: read.business_day };
            let staged = Staged { currency, digest: read.digest };
            let payments: &dyn Payments = if stage.is_some() { &staged } else { &NotStored };
            decide(writing, &exchange.inner.settings, &message, &opened, &outcome, payments, now)
        })
        .await
    }

    async fn assess_large(
        &self,
        job: &Arc<SubmissionJob>,
        mut reading: LargeReading,
        stage: Option<MessageId>,
        leader: Option<&Leader>,
    ) -> Result<Assessed, Failure> {
        let client = job.client.id;
        let activations = self.inner.store.read(move |reading| Ok::<_, Failure>(reading.activations(client)?)).await?;
        let (business_day, memory) = (reading.business_day, reading.memory.clone());
        let policy = EndToEndIds::of(&job.client, business_day);
        let mut assessment = Assessment::new(client, policy, &memory, self.inner.settings.refusals_named_max);
        let mut stage = stage.map(|id| Stage::new(id, self.inner.settings.stage_chunk_payments, &memory));
        let certificate = job.submission.certificate;
        let taken = self.take_chunks(&mut reading, &mut assessment, certificate, stage.as_mut(), leader).await;
        // Nothing may be staged any more once this has ended, however it ends: the next attempt stages the same again.
        let staged = match &mut stage {
            Some(stage) => stage.settle().await,
            None => Ok(()),
        };
        taken?;
        staged?;
        let head = reading.head.clone();
        let end = reading.end().await?;
        if let Some(stage) = &mut stage {
            self.stage_last_keys(client, stage).await?;
        }
        assessment.end(&end)?;
        let digest = stage.map(|stage| stage.digest).unwrap_or_default().end();
        Ok(Assessed { head, end, assessment, digest, business_day, activations, memory })
    }

    /// Takes the chunks of a message as they come. Stores one while it assesses the next.
    async fn take_chunks(
        &self,
        reading: &mut LargeReading,
        assessment: &mut Assessment,
        certificate: Fingerprint,
        mut stage: Option<&mut Stage>,
        leader: Option<&Leader>,
    ) -> Result<(), Failure> {
        while let Some(chunk) = reading.next_chunk().await {
            let chunk = Arc::new(chunk);
            let placements = self.place(stage.as_ref().map(|stage| stage.id), &chunk, assessment, certificate).await?;
            if let Some(stage) = &mut stage {
                // While the chunk before is being stored.
                rows(&chunk, &placements).iter().for_each(|row| stage.digest.add(row));
                let store_is_idle = !stage.is_storing();
                stage.settle().await?;
                stage.keys.add(assessment.keys_of(&chunk))?;
                let keys = stage.keys.with_chunk(store_is_idle);
                let storing = self.clone().stage(assessment.client(), stage.id, chunk, placements, keys);
                stage.storing = Some(tokio::spawn(storing.in_current_span()));
            }
            if leader.is_some_and(Leader::is_waited_for) {
                self.inner.progress.step();
            }
        }
        Ok(())
    }

    /// Looks up the data of a chunk and concludes.
    async fn place(
        &self,
        stage: Option<MessageId>,
        chunk: &Arc<Chunk>,
        assessment: &mut Assessment,
        certificate: Fingerprint,
    ) -> Result<Vec<Placement>, Failure> {
        let client = assessment.client();
        let ibans = assessment.unknown_ibans(chunk);
        let looked_at = Arc::clone(chunk);
        // A trial has no id; no message has 0.
        let except = stage.unwrap_or(MessageId(0));
        let policy = assessment.policy();
        let found = self.inner.store.read(move |reading: &mut dyn Reading| {
            // An account that no chunk before has named: whether the sender may debit it.
            let identity = if ibans.is_empty() { None } else { reading.identity(&certificate)? };
            let found = look_up(reading, client, (except, policy), &looked_at, &ibans)?;
            Ok::<_, Failure>((found, identity.map(|identity| identity.user.granted_accounts)))
        });
        let (found, granted) = found.await?;
        if let Some(granted) = granted {
            assessment.set_granted(granted);
        }
        assessment.conclude(chunk, found)
    }

    async fn stage(
        self,
        client: ClientId,
        id: MessageId,
        chunk: Arc<Chunk>,
        placements: Vec<Placement>,
        keys: Vec<DuplicateKey>,
    ) -> Result<Duration, Failure> {
        let (begun, mut keys) = (Instant::now(), keys);
        self.inner
            .store
            .write_for(client, move |writing| {
                writing.stage_payments(id, &rows(&chunk, &placements))?;
                stage_keys(writing, id, &mut keys)
            })
            .await?;
        Ok(begun.elapsed())
    }

    /// Stores the keys that are left: a payment counts only with its keys.
    async fn stage_last_keys(&self, client: ClientId, stage: &mut Stage) -> Result<(), Failure> {
        loop {
            let (begun, id, mut keys) = (Instant::now(), stage.id, stage.keys.take());
            if keys.is_empty() {
                return Ok(());
            }
            self.inner.store.write_for(client, move |writing| stage_keys(writing, id, &mut keys)).await?;
            stage.keys.learn(begun.elapsed());
        }
    }
}

fn stage_keys(writing: &mut dyn Writing, id: MessageId, keys: &mut [DuplicateKey]) -> Result<(), Failure> {
    if keys.is_empty() {
        return Ok(());
    }
    Ok(writing.stage_duplicate_keys(id, keys)?)
}

/// Searches duplicates among the messages that came in between. `None` when there were no such messages or no
/// duplicates.
fn look_again(
    writing: &mut dyn Writing,
    id: MessageId,
    read: &Assessed,
    currency: Currency,
) -> Result<Option<Assessment>, Failure> {
    let client = read.assessment.client();
    if writing.activations(client)? == read.activations {
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
    // All payments of a file may be duplicates: a statement for each would take a round trip for each.
    for some in duplicates.chunks(READ_BACK_PAYMENTS as usize) {
        let ordinals = some.iter().map(|duplicate| duplicate.ordinal);
        let staged = read_staged_payments(writing, id, ordinals, currency)?;
        for duplicate in some {
            if let Some(payment) = staged.get(&duplicate.ordinal) {
                assessment.refuse_duplicate(payment, duplicate, &earlier);
            }
        }
    }
    assessment.refuse_used_blocks(&used, &earlier);
    assessment.drop_refused_candidates();
    Ok(Some(assessment))
}
