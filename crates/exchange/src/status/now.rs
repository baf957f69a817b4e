//! The present status of a message: computed from its lots and refusals for each request, as a pain.002 or as values. A
//! message refused as a whole keeps the status of its answer (`refused_message`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use money::Currency;
use payments::status::{BlockTotals, Tally, summarise};
use payments::{Lot, Refusal, Status};
use rulebook::catalogue::Code;
use store::{Block, Message, Reading, Submission};

use crate::access::caller::grants;
use crate::admission::staged::read_staged;
use crate::bounds::OPEN_SUBMISSIONS_LOOKED_AT_MAX;
use crate::check::pieces::MessageHead;
use crate::status::every_payment::{self, RefusedRange};
use crate::status::named_refusals::{self, NamedRefusals, Refused, What};
use crate::status::pain002::{AnswerContext, BlockReport, StatusReport};
use crate::status::reason::{self, RefusalReason};
use crate::status::received::{ReceivedMessage, not_found};
use crate::status::refused_message;
use crate::status::report::{answer_type, later_report_id};
use crate::stored;
use crate::{
    BlockOverview, Caller, Exchange, Failure, MessageOverview, RefusedPayments, Settings, StatusAnswer, StatusCount,
};

/// How a message stands now, as values.
#[derive(Clone, Debug)]
pub enum MessageStatus {
    /// It was received and waits for its answer.
    Received(ReceivedMessage),
    /// It was answered.
    Judged(Box<MessageOverview>),
}

impl MessageStatus {
    /// How an answered message stands; `None` of one that waits for its answer.
    #[must_use]
    pub fn judged(self) -> Option<MessageOverview> {
        match self {
            MessageStatus::Received(_) => None,
            MessageStatus::Judged(overview) => Some(*overview),
        }
    }
}

/// A message that was asked for.
pub(crate) enum Found<T> {
    /// It was answered; its status.
    Judged(T),
    /// It waits for its answer.
    Received(ReceivedMessage),
}

/// The same by its `MsgId` alone, which only answered messages have in their row.
enum LookedUp<T> {
    Judged(T),
    /// No message was answered that has it. The client's submissions that wait, in the same snapshot.
    Unknown(Vec<Submission>),
}

/// How a message stands.
struct Standing {
    message: Message,
    blocks: Vec<Block>,
    lots: Vec<Lot>,
    report: StatusReport,
    refused: Vec<Refused>,
}

impl Exchange {
    /// A pain.002 that says how the message with this `MsgId` stands now; of one that waits for its answer, that it was received.
    ///
    /// # Errors
    /// When this client has no such message, or another online user sent it and it debits an account that is not granted
    /// to the caller.
    pub async fn status(&self, caller: &Caller, message_id: &str) -> Result<StatusAnswer, Failure> {
        let now = self.now();
        let every = caller.identity().client.preferences.lists_every_payment;
        let say = move |reading: &mut dyn Reading, settings: &Settings, message| {
            status_now(reading, settings, message, now, every)
        };
        match self.found(caller, message_id, say).await? {
            Found::Judged(status) => Ok(status),
            Found::Received(received) => self.status_received(&received),
        }
    }

    /// How the message with this `MsgId` stands now, as values.
    ///
    /// # Errors
    /// When this client has no such message.
    pub async fn status_overview(&self, caller: &Caller, message_id: &str) -> Result<MessageStatus, Failure> {
        Ok(match self.found(caller, message_id, overview_now).await? {
            Found::Judged(overview) => MessageStatus::Judged(Box::new(overview)),
            Found::Received(received) => MessageStatus::Received(received),
        })
    }

    /// The client's message with this `MsgId`: what `say` says when it is answered, otherwise what was received.
    ///
    /// # Errors
    /// As [`Exchange::status`], and those of `say`.
    pub(crate) async fn found<T: Send + 'static>(
        &self,
        caller: &Caller,
        message_id: &str,
        say: impl Fn(&mut dyn Reading, &Settings, Message) -> Result<T, Failure> + Clone + Send + 'static,
    ) -> Result<Found<T>, Failure> {
        let waiting = match self.looked_up(caller, message_id, say.clone()).await? {
            LookedUp::Judged(status) => return Ok(Found::Judged(status)),
            LookedUp::Unknown(waiting) => waiting,
        };
        if waiting.is_empty() {
            return Err(not_found(message_id));
        }
        if let Some(received) = self.received(waiting, message_id).await? {
            return Ok(Found::Received(received));
        }
        // It may have been answered while the beginnings were read.
        match self.looked_up(caller, message_id, say).await? {
            LookedUp::Judged(status) => Ok(Found::Judged(status)),
            LookedUp::Unknown(_) => Err(not_found(message_id)),
        }
    }

    async fn looked_up<T: Send + 'static>(
        &self,
        caller: &Caller,
        message_id: &str,
        say: impl Fn(&mut dyn Reading, &Settings, Message) -> Result<T, Failure> + Send + 'static,
    ) -> Result<LookedUp<T>, Failure> {
        let (exchange, caller, message_id) = (self.clone(), caller.clone(), message_id.to_owned());
        let client = caller.client();
        self.inner
            .store
            .read_long(move |reading| match reading.message_by_message_id(client, &message_id)? {
                Some(message) if shows(reading, &caller, &message)? => {
                    Ok(LookedUp::Judged(say(reading, &exchange.inner.settings, message)?))
                }
                _ => Ok(LookedUp::Unknown(reading.open_submissions(client, OPEN_SUBMISSIONS_LOOKED_AT_MAX)?)),
            })
            .await
    }
}

/// Whether the caller may see how a message stands: it sent the message, or all accounts that this debits are granted to it.
fn shows(reading: &mut dyn Reading, caller: &Caller, message: &Message) -> Result<bool, Failure> {
    if message.user == caller.user() {
        return Ok(true);
    }
    let granted = &caller.identity().user.granted_accounts;
    let blocks = reading.blocks(message.id)?;
    Ok(blocks.iter().filter_map(|block| block.debtor_account).all(|account| grants(granted, account)))
}

/// How a message stands, as a pain.002 that names every payment, or those refused.
pub(crate) fn status_now(
    reading: &mut dyn Reading,
    settings: &Settings,
    message: Message,
    now: Timestamp,
    every: bool,
) -> Result<StatusAnswer, Failure> {
    let header = header(&message)?;
    let message_type = answer_type(header.message_type);
    if message.payments == 0 {
        // Refused as a whole: the answer was the last word.
        return Ok(StatusAnswer { message_type, pain002: message.answer });
    }
    let mut standing = standing(reading, settings, message)?;
    if every {
        standing.name_the_others(reading, settings)?;
    }
    let context = AnswerContext { settings, header: &header, id: standing.message.id, now };
    let report_id = later_report_id(standing.message.id, now);
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
        return refused_message::overview(message, &refusals);
    }
    // Its name is shown as it is stored.
    stored::type_of(&message)?;
    let currency = settings.guideline.currency;
    standing(reading, settings, message).map(|standing| standing.overview(currency))
}

fn header(message: &Message) -> Result<MessageHead, Failure> {
    Ok(MessageHead {
        message_type: stored::type_of(message)?,
        message_id: message.message_id.clone(),
        creation_date_time: message.creation_date_time.clone(),
        number_of_transactions: message.number_of_transactions,
        control_sum: stored::decimal(message.control_sum.as_deref(), format_args!("message {}", message.id.0))?,
    })
}

/// How an accepted message stands: one of which payments are stored.
fn standing(reading: &mut dyn Reading, settings: &Settings, message: Message) -> Result<Standing, Failure> {
    let blocks = reading.blocks(message.id)?;
    let lots = reading.lots_of(message.id)?;
    let refusals = reading.refusals_of(message.id)?;
    let currency = settings.guideline.currency;
    let totals: Vec<BlockTotals> = blocks
        .iter()
        .map(|block| {
            let of = format_args!("block {} of message {}", block.number, message.id.0);
            let sum = stored::decimal(block.control_sum.as_deref(), of)?;
            Ok(BlockTotals { block: block.number, count: block.count, sum, currency })
        })
        .collect::<Result<_, Failure>>()?;
    // Invariant: a message with payments has blocks.
    let contradicts =
        || Failure::unexpected(format_args!("message {} has lots that its blocks do not hold", message.id.0));
    let summary = summarise(&totals, &lots).ok_or_else(contradicts)?;
    let mut report = StatusReport {
        status: summary.group.status,
        reasons: Vec::new(),
        per_status: summary.group.per_status,
        blocks: blocks
            .iter()
            .zip(&totals)
            .zip(summary.blocks)
            .map(|((block, totals), (_, summary))| block_report(block, totals, &lots, summary))
            .collect(),
    };
    let mut named = NamedRefusals::new(settings, &blocks, &lots);
    named.take(reading, refusals)?;
    let refused = named.write_into(&mut report);
    Ok(Standing { message, blocks, lots, report, refused })
}

/// Which payments of a block are executed on another day than requested: a notice for each day.
pub(crate) fn other_days(requested: Option<Date>, block: u32, lots: &[Lot]) -> Vec<RefusalReason> {
    let Some(requested) = requested else { return Vec::new() };
    let mut days: BTreeMap<Date, u32> = BTreeMap::new();
    for lot in lots.iter().filter(|lot| lot.block == block && lot.count > 0 && lot.execution_date != requested) {
        *days.entry(lot.execution_date).or_default() += lot.count;
    }
    let notice = |(day, count): (Date, u32)| {
        RefusalReason::new(Code::ExecutedOnAnotherDay, requested.to_string(), 0)
            .with_expected(day.to_string())
            .with_given(count.to_string())
    };
    days.into_iter().map(notice).collect()
}

fn block_report(block: &Block, totals: &BlockTotals, lots: &[Lot], summary: payments::status::Summary) -> BlockReport {
    BlockReport {
        payment_information_id: block.payment_information_id.clone(),
        number_of_transactions: Some(block.number_of_transactions),
        control_sum: totals.sum,
        requested_execution_date: block.requested_execution_date,
        status: summary.status,
        reasons: Vec::new(),
        notices: other_days(block.requested_execution_date, block.number, lots),
        per_status: summary.per_status,
        transactions: Vec::new(),
    }
}

impl Standing {
    fn name_the_others(&mut self, reading: &mut dyn Reading, settings: &Settings) -> Result<(), Failure> {
        // Refused payments that are only counted have used up the room.
        if self.refused.iter().any(|refused| refused.what == What::Counted) {
            return Ok(());
        }
        let (id, max) = (self.message.id, settings.refusals_named_max);
        let last = self.message.payments.saturating_sub(1);
        let all = read_staged(reading, id, None, 0, last, max, settings.guideline.currency)?;
        let range = |refused: &Refused| match refused.what {
            What::Block => {
                let Refusal { first, last, .. } = refused.refusal;
                Some(RefusedRange::of_block(first, last - first + 1))
            }
            What::Decided if refused.payment.is_none() => {
                let block = refused.block.and_then(|number| named_refusals::block_of(&self.blocks, number));
                let range = RefusedRange::of(&refused.refusal);
                Some(range.debited(block.map_or("", |block| block.debtor_iban.as_str())))
            }
            // PaymentLabel already.
            What::Decided | What::Payment | What::Counted => None,
        };
        let refused = self.refused.iter().filter_map(range).collect();
        every_payment::list(&mut self.report, all, &self.lots, refused, max)?;
        Ok(())
    }

    fn overview(self, currency: Currency) -> MessageOverview {
        let Standing { message, blocks, report, refused, .. } = self;
        let refused_total = report.per_status.get(&Status::Rejected).map_or(0, |tally| tally.count);
        let blocks = blocks
            .into_iter()
            .zip(&report.blocks)
            .map(|(block, report)| BlockOverview {
                reasons: reasons_of_block(&block, report.status, &refused),
                notices: report.notices.clone(),
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
            // A block whose payments all have reasons of their own stands for none of them.
            refused: refused.into_iter().filter(|refused| refused.refusal.count > 0).map(refused_payments).collect(),
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
    let covers = |refused: &&Refused| {
        let refusal = &refused.refusal;
        match refused.what {
            What::Block => refusal.first <= block.first && last <= refusal.last,
            What::Decided => {
                let is_within = block.first <= refusal.first && refusal.last <= last;
                refused.payment.is_none() && is_within && refusal.count == block.count
            }
            What::Payment | What::Counted => false,
        }
    };
    let covering = refused.iter().filter(covers).flat_map(|refused| refused.reasons.iter().cloned());
    if status == Status::Rejected { covering.collect() } else { Vec::new() }
}

fn refused_payments(refused: Refused) -> RefusedPayments {
    let Refused { refusal, what, reasons, block, payment } = refused;
    // The block itself has its fault.
    let reasons = if what == What::Block { vec![reason::with_block(refusal.line)] } else { reasons };
    RefusedPayments {
        reasons,
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
