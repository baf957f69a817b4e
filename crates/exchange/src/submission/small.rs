//! Small messages: one transaction decides about those that wait at the same time, and stores everything that they leave
//! behind. A trial has one of its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use ledger::AccountId;
use payments::{MessageId, PaymentRecord, Refusal};
use rulebook::Route;
use store::{Deciding, DuplicateKey, NewSubmission, PaymentRow, PaymentsDigest, ReadAhead, StoreError, Writing};
use tracing::Span;

use crate::admission::assessment::{Assessment, Placement, look_up};
use crate::admission::decide::{CheckOutcome, Decision, Opened, SubmittedMessage, Undecided, decide, open};
use crate::admission::duplicates::{self, EndToEndIds};
use crate::admission::message_payments::Payments;
use crate::admission::payment_in_file::PaymentInFile;
use crate::check::pieces::{Chunk, PaymentLabel, PaymentPiece};
use crate::failure::damaged;
use crate::submission::job::SubmissionJob;
use crate::submission::reading::SmallMessage;
use crate::{Exchange, Failure, Mode, Settings};

impl Exchange {
    /// Decides about a small message, together with others that wait.
    pub(crate) async fn decide_small(
        &self,
        job: &Arc<SubmissionJob>,
        small: SmallMessage,
    ) -> Result<Decision, Undecided> {
        let (exchange, job, now, span) = (self.clone(), Arc::clone(job), self.now(), Span::current());
        let (mode, client) = (job.mode, job.client.id);
        let ahead = read_ahead(&job.submission, &small);
        let decide = move |writing: &mut dyn Deciding| {
            let message = SubmittedMessage {
                submission: &job.submission,
                evidence: job.evidence.as_ref(),
                keeps_evidence: mode == Mode::Execute,
                client: &job.client,
                head: &small.head,
            };
            let (settings, outside) = (&exchange.inner.settings, &exchange.inner.outside);
            let opened = open(writing, (settings, outside), &message, None, small.business_day, now)?;
            span.record("submission", opened.id.0);
            let (assessment, placements) = assess(writing, settings, &message, &opened, &small)?;
            let payments = InMemory { chunks: &small.chunks, placements: &placements };
            let outcome = CheckOutcome { assessment: &assessment, end: &small.end, business_day: small.business_day };
            decide(writing, settings, &message, &opened, &outcome, &payments, now)
        };
        match mode {
            Mode::Execute => self.inner.store.decide_for(client, ahead, decide).await,
            Mode::Test => self.inner.store.rehearse_for(client, move |writing: &mut dyn Writing| decide(writing)).await,
        }
    }
}

/// What the decision about a message is going to read.
fn read_ahead(submission: &NewSubmission, small: &SmallMessage) -> ReadAhead {
    let blocks = || small.chunks.iter().flat_map(|chunk| &chunk.blocks);
    let plans = || small.chunks.iter().flat_map(|chunk| &chunk.items).filter_map(|item| item.plan);
    let internal = plans().filter(|plan| plan.route == Route::Internal);
    let creditors: BTreeSet<String> = internal.map(|plan| plan.creditor_iban.as_str().to_owned()).collect();
    let debtors: BTreeSet<&str> = blocks().map(|block| block.debtor_iban.as_str()).collect();
    let mut dates: BTreeSet<Date> = plans().map(|plan| plan.execution_date.max(small.business_day)).collect();
    dates.insert(small.business_day);
    let keys = small.chunks.iter().flat_map(|chunk| &chunk.keys);
    ReadAhead {
        certificate: submission.certificate,
        client: submission.client,
        message_id: small.head.message_id.clone(),
        debtor_ibans: debtors.into_iter().map(str::to_owned).collect(),
        creditor_ibans: creditors.into_iter().collect(),
        dates: dates.into_iter().collect(),
        keys: keys.map(|key| DuplicateKey { hash: key.hash, ordinal: key.ordinal }).collect(),
        payment_information_ids: blocks().map(|block| block.payment_information_id.clone()).collect(),
        payments: small.chunks.iter().map(|chunk| chunk.items.len()).sum(),
    }
}

fn assess(
    writing: &mut dyn Deciding,
    settings: &Settings,
    message: &SubmittedMessage<'_>,
    opened: &Opened,
    small: &SmallMessage,
) -> Result<(Assessment, Vec<Vec<Placement>>), Failure> {
    let client = message.client.id;
    let policy = EndToEndIds::of(message.client, small.business_day);
    let mut assessment = Assessment::new(client, policy, &small.memory, settings.refusals_named_max);
    assessment.set_granted(opened.granted().to_vec());
    let mut placements = Vec::with_capacity(small.chunks.len());
    for chunk in &small.chunks {
        let ibans = assessment.unknown_ibans(chunk);
        let found = look_up(writing, client, (opened.id, policy), chunk, &ibans)?;
        placements.push(assessment.conclude(chunk, found)?);
    }
    assessment.end(&small.end)?;
    Ok((assessment, placements))
}

struct InMemory<'a> {
    chunks: &'a [Chunk],
    placements: &'a [Vec<Placement>],
}

impl Payments for InMemory<'_> {
    fn store(&self, writing: &mut dyn Deciding, message: MessageId, assessment: &Assessment) -> Result<(), StoreError> {
        for (chunk, placements) in self.chunks.iter().zip(self.placements) {
            writing.stage_payments(message, &rows(chunk, placements))?;
        }
        writing.stage_duplicate_keys(message, &mut duplicates::kept(&assessment.keys))
    }

    fn describe(
        &self,
        _: &mut dyn Deciding,
        refusal: &Refusal,
        limit: usize,
    ) -> Result<Vec<PaymentInFile>, StoreError> {
        let items = self.chunks.iter().zip(self.placements).flat_map(|(chunk, placements)| {
            chunk.items.iter().zip(placements).map(move |(item, placement)| (chunk, item, placement))
        });
        items
            .filter(|(_, item, placement)| refusal.covers(item.ordinal, placement.lot))
            .take(limit)
            .map(|(chunk, item, placement)| {
                let record =
                    PaymentRecord::decode(&chunk.records[item.record.clone()]).map_err(|error| damaged(&error))?;
                let named = PaymentLabel::of(&record, item.amount);
                let lot = placement.lot;
                Ok(PaymentInFile { ordinal: item.ordinal, block: item.block, lot, line: item.line, named })
            })
            .collect()
    }

    fn digest(&self) -> [u8; 32] {
        let mut digest = PaymentsDigest::default();
        for (chunk, placements) in self.chunks.iter().zip(self.placements) {
            rows(chunk, placements).iter().for_each(|row| digest.add(row));
        }
        digest.end()
    }

    fn forget(&self, _: &mut dyn Deciding, _: MessageId) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The rows of a chunk's payments.
pub(crate) fn rows<'c>(chunk: &'c Chunk, placements: &[Placement]) -> Vec<PaymentRow<'c>> {
    let row = |(item, placement): (&'c PaymentPiece, &Placement)| {
        let creditor: Option<AccountId> = placement.creditor;
        PaymentRow {
            ordinal: item.ordinal,
            block: item.block,
            lot: placement.lot,
            minor: item.minor,
            creditor,
            record: &chunk.records[item.record.clone()],
        }
    };
    chunk.items.iter().zip(placements).map(row).collect()
}
