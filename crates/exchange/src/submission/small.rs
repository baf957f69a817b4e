//! Small messages: checked in memory, decided in one transaction together with everything they leave behind.

use std::sync::Arc;

use jiff::civil::Date;
use ledger::AccountId;
use payments::{MessageId, PaymentRecord, Refusal};
use rulebook::catalogue::Code;
use store::{BodyPlace, PaymentRow, PaymentsDigest, StoreError, Writing};

use crate::admission::assessment::{Assessment, Placement, look_up};
use crate::admission::decide::{Checked, Decision, PaymentInFile, Payments, SubmittedMessage, Undecided, decide};
use crate::admission::duplicates::{self, EndToEndIds};
use crate::check::message::{Circumstances, Gone, check};
use crate::check::pieces::{Chunk, MessageEnd, MessageHead, PaymentLabel, Piece};
use crate::failure::damaged;
use crate::submission::memory::MessageMemory;
use crate::submission::submit::SubmissionJob;
use crate::{Exchange, Failure, Settings};

/// A message in memory, checked by schema and rulebook.
#[derive(Debug)]
pub(crate) struct Small {
    header: MessageHead,
    chunks: Vec<Chunk>,
    end: MessageEnd,
    business_day: Date,
    memory: MessageMemory,
}

impl Exchange {
    /// Checks a message in memory; `None` when it is too large for that.
    pub(crate) async fn check_small(
        &self,
        order: &Arc<SubmissionJob>,
        day: Date,
    ) -> Result<Option<Arc<Small>>, Failure> {
        if !matches!(order.submission.body.place, BodyPlace::Inline(_)) {
            return Ok(None);
        }
        let (exchange, order) = (self.clone(), Arc::clone(order));
        let checked = tokio::task::spawn_blocking(move || {
            let memory = exchange.inner.memory.message(order.client.id);
            read_small(&exchange.inner.settings, memory, &order, day)
        })
        .await;
        checked.map_err(|_| Failure::new(Code::InternalError))?.map(|small| small.map(Arc::new))
    }

    /// Decides about it.
    pub(crate) async fn decide_small(
        &self,
        order: &Arc<SubmissionJob>,
        small: &Arc<Small>,
    ) -> Result<Decision, Undecided> {
        let case = SubmittedMessage {
            submission: order.submission.clone(),
            client: order.client.clone(),
            header: small.header.clone(),
            mode: order.mode,
        };
        let (exchange, small, now) = (self.clone(), Arc::clone(small), self.now());
        self.inner
            .store
            .write_for(order.client.id, move |writing| {
                let id = writing.insert_submission(&case.submission)?;
                let settings = &exchange.inner.settings;
                let (assessment, placements) = resolve(writing, settings, &case, id, &small)?;
                let payments = InMemory { chunks: &small.chunks, placements: &placements };
                let checked = Checked { assessment: &assessment, end: &small.end, business_day: small.business_day };
                decide(writing, settings, &case, id, &checked, &payments, now)
            })
            .await
    }
}

fn read_small(
    settings: &Settings,
    memory: MessageMemory,
    order: &SubmissionJob,
    business_day: Date,
) -> Result<Option<Small>, Failure> {
    let BodyPlace::Inline(bytes) = &order.submission.body.place else { return Ok(None) };
    let max = settings.small_message_payments_max as usize;
    let circumstances = Circumstances {
        settings,
        memory: &memory,
        client: order.submission.client,
        message_type: order.message_type,
        business_day,
        received_at: order.submission.received_at,
        blocks_max: settings.blocks_max,
        // One more than is small: a second chunk with anything in it says that the message is not.
        chunk_payments: max + 1,
        as_stored_before: false,
    };
    let (mut header, mut chunks, mut end, mut large) = (None, Vec::new(), None, false);
    let checked = check(bytes.as_slice(), &circumstances, &mut |piece| {
        match piece {
            Piece::Header(draft) => header = Some(draft),
            Piece::Chunk(chunk) => {
                large = chunk.items.len() > max;
                chunks.push(chunk);
            }
            Piece::End(draft) => end = Some(draft),
        }
        if large { Err(Gone) } else { Ok(()) }
    });
    if large {
        return Ok(None);
    }
    checked?;
    match (header, end) {
        (Some(header), Some(end)) => Ok(Some(Small { header, chunks, end, business_day, memory })),
        // A schema-valid message has a header.
        _ => Err(Failure::new(Code::InternalError)),
    }
}

fn resolve(
    writing: &mut dyn Writing,
    settings: &Settings,
    case: &SubmittedMessage,
    id: MessageId,
    small: &Small,
) -> Result<(Assessment, Vec<Vec<Placement>>), Failure> {
    let client = case.client.id;
    let policy = EndToEndIds::of(&case.client, small.business_day);
    let mut assessment = Assessment::new(client, policy, &small.memory, settings.refusals_named_max);
    let mut placements = Vec::with_capacity(small.chunks.len());
    for chunk in &small.chunks {
        let ibans = assessment.unknown_ibans(chunk);
        let found = look_up(writing, client, (id, policy), chunk, &ibans)?;
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
    fn store(&self, writing: &mut dyn Writing, message: MessageId, assessment: &Assessment) -> Result<(), StoreError> {
        for (chunk, placements) in self.chunks.iter().zip(self.placements) {
            writing.stage_payments(message, &rows(chunk, placements))?;
        }
        writing.stage_duplicate_keys(message, &mut duplicates::kept(&assessment.keys))
    }

    fn describe(&self, _: &mut dyn Writing, refusal: &Refusal, limit: usize) -> Result<Vec<PaymentInFile>, StoreError> {
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

    fn forget(&self, _: &mut dyn Writing, _: MessageId) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The rows of a chunk's payments.
pub(crate) fn rows<'c>(chunk: &'c Chunk, placements: &[Placement]) -> Vec<PaymentRow<'c>> {
    let row = |(item, placement): (&'c crate::check::pieces::PaymentPiece, &Placement)| {
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
