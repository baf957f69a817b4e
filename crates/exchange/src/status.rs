//! How a message stands now: computed from its lots and refusals whenever somebody asks, as a pain.002 or as values.
//! A message refused as a whole stands as its answer said ([`told`]).

use std::collections::BTreeMap;

use iso20022::MessageType;
use jiff::Timestamp;
use money::{Currency, Decimal};
use payments::status::{BlockTotals, Tally, summarise};
use payments::{MessageId, Refusal, Status};
use rulebook::catalogue::Code;
use store::{Block, ClientId, Message, Reading};

use crate::admit::Described;
use crate::answer::{AnswerContext, BlockReport, StatusReport, answer_type};
use crate::draft::{HeaderDraft, Reason};
use crate::first_answer::range_reason;
use crate::staged::read_staged;
use crate::{
    BlockOverview, Caller, Exchange, Failure, MessageOverview, RefusalReason, RefusedPayments, Settings, StatusAnswer,
    StatusCount, told,
};

/// How a message stands.
struct Standing {
    message: Message,
    blocks: Vec<Block>,
    report: StatusReport,
    refused: Vec<Refused>,
}

/// A refusal with what is known of the (first) payment that it refuses.
struct Refused {
    refusal: Refusal,
    block: Option<u32>,
    payment: Option<Described>,
}

impl Exchange {
    /// A pain.002 that says how the message with this `MsgId` stands now.
    ///
    /// # Errors
    /// When this client has no such message.
    pub async fn status(&self, caller: &Caller, message_id: &str) -> Result<StatusAnswer, Failure> {
        let (exchange, client, message_id, now) = (self.clone(), caller.client(), message_id.to_owned(), self.now());
        self.inner
            .store
            .read_long(move |reading| {
                let message = message(reading, client, &message_id)?;
                status_now(reading, &exchange.inner.settings, message, now)
            })
            .await
    }

    /// How the message with this `MsgId` stands now, as values.
    ///
    /// # Errors
    /// When this client has no such message.
    pub async fn status_overview(&self, caller: &Caller, message_id: &str) -> Result<MessageOverview, Failure> {
        let (exchange, client, message_id) = (self.clone(), caller.client(), message_id.to_owned());
        self.inner
            .store
            .read_long(move |reading| {
                let message = message(reading, client, &message_id)?;
                overview_now(reading, &exchange.inner.settings, message)
            })
            .await
    }
}

/// How a message stands, as a pain.002.
pub(crate) fn status_now(
    reading: &mut dyn Reading,
    settings: &Settings,
    message: Message,
    now: Timestamp,
) -> Result<StatusAnswer, Failure> {
    let header = header(&message)?;
    let message_type = answer_type(header.message_type);
    if message.payments == 0 {
        // Refused as a whole: the answer was the last word.
        return Ok(StatusAnswer { message_type, pain002: message.answer });
    }
    let standing = standing(reading, settings, message)?;
    let context = AnswerContext { settings, header: &header, id: standing.message.id, now };
    let report_id = report_id(standing.message.id, now);
    let pain002 = standing.report.write_as(&context, &report_id)?;
    Ok(StatusAnswer { message_type, pain002 })
}

/// How a message stands, as values.
pub(crate) fn overview_now(
    reading: &mut dyn Reading,
    settings: &Settings,
    message: Message,
) -> Result<MessageOverview, Failure> {
    if message.payments == 0 {
        let refusals = reading.refusals_of(message.id)?;
        return told::overview(message, &refusals);
    }
    let currency = settings.guideline.currency;
    standing(reading, settings, message).map(|standing| standing.overview(currency))
}

fn message(reading: &mut dyn Reading, client: ClientId, message_id: &str) -> Result<Message, Failure> {
    let found = reading.message_by_message_id(client, message_id)?;
    found.ok_or_else(|| Failure::new(Code::NotFound).with_detail(message_id))
}

fn header(message: &Message) -> Result<HeaderDraft, Failure> {
    let message_type: MessageType = message.message_type.parse().map_err(|_| Failure::new(Code::InternalError))?;
    Ok(HeaderDraft {
        message_type,
        message_id: message.message_id.clone(),
        creation_date_time: message.creation_date_time.clone(),
        number_of_transactions: message.number_of_transactions,
        control_sum: decimal(message.control_sum.as_deref()),
    })
}

fn decimal(text: Option<&str>) -> Option<Decimal> {
    text.and_then(|text| Decimal::parse(text).ok())
}

/// `MsgId` of a later report: the message's number and the moment.
fn report_id(id: MessageId, now: Timestamp) -> String {
    format!("TDAM{}-{:x}", id.0, now.as_microsecond())
}

/// How an accepted message stands: one of which payments are stored.
fn standing(reading: &mut dyn Reading, settings: &Settings, message: Message) -> Result<Standing, Failure> {
    let blocks = reading.blocks(message.id)?;
    let lots = reading.lots_of(message.id)?;
    let refusals = reading.refusals_of(message.id)?;
    let currency = settings.guideline.currency;
    let totals: Vec<BlockTotals> = blocks
        .iter()
        .map(|block| BlockTotals {
            block: block.number,
            count: block.count,
            sum: decimal(block.control_sum.as_deref()),
            currency,
        })
        .collect();
    // Invariant: a message with payments has blocks.
    let summary = summarise(&totals, &lots).ok_or_else(|| Failure::new(Code::InternalError))?;
    let mut report = StatusReport {
        status: summary.group.status,
        reasons: Vec::new(),
        per_status: summary.group.per_status,
        blocks: blocks.iter().zip(summary.blocks).map(|(block, (_, summary))| block_report(block, summary)).collect(),
    };
    let mut refused = Vec::with_capacity(refusals.len());
    let mut room = settings.refusals_named_max;
    for refusal in refusals {
        let code: Code = refusal.code.parse().unwrap_or(Code::InternalError);
        let of_block = refusal.lot.is_none() && refusal.first < refusal.last;
        let block_number = blocks.iter().rev().find(|block| block.first <= refusal.first).map(|block| block.number);
        let in_lot = refusal.lot.and_then(|lot| lots.iter().find(|known| known.id.number == lot));
        let block_number = in_lot.map(|lot| lot.block).or(block_number);
        if of_block || refusal.count as usize > room {
            if let Some(block) = block_number.and_then(|number| report.blocks.get_mut(number as usize)) {
                let reason = Reason::new(code, refusal.detail.clone(), refusal.line);
                block.reasons.push(if of_block { reason } else { range_reason(&refusal, code) });
            }
            refused.push(Refused { refusal, block: block_number, payment: None });
            continue;
        }
        // A range counts those of its payments that have no reason of their own.
        let limit = (refusal.last - refusal.first + 1) as usize;
        let Refusal { message, lot, first, last, .. } = refusal;
        let described = read_staged(reading, message, lot, first, last, limit.min(room), currency)?;
        room -= described.len().min(room);
        let payment = described.first().cloned();
        refused.push(Refused { refusal: refusal.clone(), block: block_number, payment });
        for payment in described {
            let Some(block) = report.blocks.get_mut(payment.block as usize) else { continue };
            let detail = if payment.ordinal == first { refusal.detail.clone() } else { String::new() };
            let reason = Reason::new(code, detail, payment.line);
            block.transactions.push((payment.ordinal, payment.named, vec![reason]));
        }
    }
    for block in &mut report.blocks {
        block.transactions.sort_by_key(|(ordinal, ..)| *ordinal);
        // Where ranges overlap, the first named is the narrower one.
        block.transactions.dedup_by_key(|(ordinal, ..)| *ordinal);
    }
    Ok(Standing { message, blocks, report, refused })
}

fn block_report(block: &Block, summary: payments::status::Summary) -> BlockReport {
    BlockReport {
        payment_information_id: block.payment_information_id.clone(),
        number_of_transactions: Some(block.number_of_transactions),
        control_sum: decimal(block.control_sum.as_deref()),
        requested_execution_date: block.requested_execution_date,
        status: summary.status,
        reasons: Vec::new(),
        per_status: summary.per_status,
        transactions: Vec::new(),
    }
}

impl Standing {
    fn overview(self, currency: Currency) -> MessageOverview {
        let Standing { message, blocks, report, refused } = self;
        let refused_total = report.per_status.get(&Status::Rejected).map_or(0, |tally| tally.count);
        let blocks = blocks
            .into_iter()
            .zip(&report.blocks)
            .map(|(block, report)| BlockOverview {
                reasons: reasons_of_block(&block, report.status, &refused),
                payment_information_id: block.payment_information_id,
                debtor_iban: block.debtor_iban,
                requested_execution_date: block.requested_execution_date,
                status: report.status,
                counts: counts(&report.per_status, currency),
            })
            .collect();
        MessageOverview {
            message_id: message.message_id,
            message_type: message.message_type,
            creation_date_time: message.creation_date_time,
            consumed_at: message.consumed_at,
            status: report.status,
            number_of_transactions: message.number_of_transactions,
            control_sum: message.control_sum,
            counts: counts(&report.per_status, currency),
            blocks,
            reasons: Vec::new(),
            refused: refused.into_iter().map(refused_payments).collect(),
            refused_total,
        }
    }
}

fn counts(per_status: &BTreeMap<Status, Tally>, currency: Currency) -> Vec<StatusCount> {
    per_status
        .iter()
        .map(|(status, tally)| StatusCount {
            status: *status,
            count: tally.count,
            total: tally.sum,
            // Refused payments may name any currency.
            currency: (*status != Status::Rejected).then_some(currency),
        })
        .collect()
}

/// Why all payments of a block are refused, where a reason covers the block.
fn reasons_of_block(block: &Block, status: Status, refused: &[Refused]) -> Vec<RefusalReason> {
    let last = block.first.saturating_add(block.count).saturating_sub(1);
    let covers = |refusal: &Refusal| {
        let of_all = refusal.lot.is_none() && refusal.first <= block.first && last <= refusal.last;
        let of_its_lot = block.first <= refusal.first && refusal.last <= last && refusal.count == block.count;
        refusal.first < refusal.last && (of_all || of_its_lot)
    };
    let covering = refused.iter().map(|refused| &refused.refusal).filter(|refusal| covers(refusal));
    if status == Status::Rejected { covering.map(reason_of).collect() } else { Vec::new() }
}

fn reason_of(refusal: &Refusal) -> RefusalReason {
    let code = refusal.code.parse().unwrap_or(Code::InternalError);
    RefusalReason { code, detail: refusal.detail.clone(), text: String::new() }
}

fn refused_payments(refused: Refused) -> RefusedPayments {
    let Refused { refusal, block, payment } = refused;
    RefusedPayments {
        reasons: vec![reason_of(&refusal)],
        first: refusal.first,
        last: refusal.last,
        count: refusal.count,
        block: payment.as_ref().map(|payment| payment.block).or(block),
        end_to_end_id: payment.as_ref().map(|payment| payment.named.end_to_end_id.clone()),
        amount: payment.as_ref().and_then(|payment| payment.named.amount),
        creditor_name: payment.as_ref().map(|payment| payment.named.creditor_name.clone()),
        line: payment.map_or(refusal.line, |payment| payment.line),
        stage: refusal.stage,
    }
}
