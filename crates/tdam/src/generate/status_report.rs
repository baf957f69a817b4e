//! Writes the pain.002 of a batch as the exchange would: with its writer and the reasons of its rules, naming refused
//! payments, or every payment, up to its bound.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;

use exchange::bounds::REFUSALS_NAMED_MAX;
use exchange::status_report::{
    OriginalMessage, ReportHead, ReportWriter, ReportedBlock, ReportedPayment, Tally, later_report_id, status_of_all,
};
use exchange::{MessageId, ReasonScope, RefusalReason, Status};
use iso20022::pain001;
use jiff::Timestamp;
use jiff::civil::time;
use jiff::tz::TimeZone;
use money::Decimal;
use rulebook::{CheckContext, Checker, Code, Guideline};
use xsd::Bounds;

use super::batch::{self, GenerateError, flaw_at};
use super::flaw::Flaw;
use super::outcome::{self, PaymentOutcome};
use super::payment::{Payment, TREASURY_BIC, TREASURY_NAME, amount, in_euro};
use super::plan::{Block, PaymentBatch};
use super::random::Random;

/// Sets the number of the message apart from the other draws.
const STREAM: u64 = 0x4D65_7373_6167_6549;
/// The exchange counts messages; the generated one has had so many before it at most.
const MESSAGES_BEFORE_MAX: u64 = 1_000_000;

/// Payments by status.
type Tallies = BTreeMap<Status, Tally>;

/// Why payments are refused, by their numbers.
type Reasons = HashMap<u32, Vec<RefusalReason>>;

/// A summary of the status report.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusSummary {
    /// `OrgnlMsgId`: the message that is reported on.
    pub message_id: String,
    /// The message's status.
    pub status: Status,
    /// Payments by status; statuses that no payment has are left out.
    pub per_status: Vec<(Status, u64)>,
}

/// How many more payments can be named.
#[derive(Debug)]
struct Room {
    refused: u64,
    others: u64,
}

impl PaymentBatch {
    /// Writes the pain.002, of the batch's generation, that reports on this batch in the afternoon of its date.
    ///
    /// # Errors
    /// When the settings cannot be followed, or the output fails.
    pub fn write_status_report<W: Write>(&self, output: W) -> Result<StatusSummary, GenerateError> {
        let (blocks, flaws) = self.planned()?;
        // The totals stand before the payments: fates are drawn twice rather than kept.
        let tallies: Vec<Tallies> = blocks.iter().map(|block| self.tally(block, &flaws)).collect();
        let mut group = Tallies::new();
        for (status, tally) in tallies.iter().flatten() {
            add(&mut group, *status, tally.count, tally.sum);
        }
        let message = MessageId(1 + Random::of(self.seed ^ STREAM, 0).below(MESSAGES_BEFORE_MAX).cast_signed());
        let now = self.afternoon()?;
        let created = self.created();
        let head = ReportHead {
            report_id: &later_report_id(message, now),
            now,
            servicer_name: TREASURY_NAME,
            servicer_bic: TREASURY_BIC,
            original: OriginalMessage {
                message_type: self.message_type,
                message_id: &self.message_id,
                creation_date_time: &created,
                number_of_transactions: u64::from(self.transactions),
                control_sum: total(&group).1,
            },
        };
        let status = status_of_all(&group).unwrap_or(Status::Rejected);
        let mut writer = ReportWriter::begin(head, output)?;
        writer.message(status, &[], &group)?;
        let mut room = self.room(&group);
        for (block, tally) in blocks.iter().zip(&tallies) {
            self.write_standing(block, tally, &flaws, (message, &mut room), &mut writer)?;
        }
        writer.finish()?;
        let per_status = group.into_iter().map(|(status, tally)| (status, tally.count)).collect();
        Ok(StatusSummary { message_id: self.message_id.clone(), status, per_status })
    }

    fn afternoon(&self) -> Result<Timestamp, GenerateError> {
        let moment = TimeZone::UTC.to_timestamp(self.date.to_datetime(time(14, 0, 0, 0)));
        moment.map_err(|error| GenerateError::Settings(format!("{}: {error}", self.date)))
    }

    /// Refused payments are named first; where they are too many, no other payment is.
    fn room(&self, group: &Tallies) -> Room {
        let max = REFUSALS_NAMED_MAX as u64;
        let refused = group.get(&Status::Rejected).map_or(0, |tally| tally.count);
        Room { refused: max, others: if self.lists_every_payment { max.saturating_sub(refused) } else { 0 } }
    }

    fn write_standing<W: Write>(
        &self,
        block: &Block,
        tally: &Tallies,
        flaws: &[(u32, Flaw)],
        (message, room): (MessageId, &mut Room),
        writer: &mut ReportWriter<'_, W>,
    ) -> Result<(), GenerateError> {
        let reasons = self.reasons(block, flaws)?;
        let (number, sum) = total(tally);
        writer.block(&ReportedBlock {
            payment_information_id: &self.block_id(block),
            number_of_transactions: Some(number),
            control_sum: sum,
            status: status_of_all(tally).unwrap_or(Status::Rejected),
            reasons: &self.only_counted(block, flaws, room.refused),
            notices: &[],
            per_status: tally,
        })?;
        let mut payment = Payment::default();
        for ordinal in block.ordinals() {
            let flaw = flaw_at(flaws, ordinal);
            let outcome = outcome::of(self, block, ordinal, flaw);
            let left = if matches!(outcome, PaymentOutcome::Refused(_)) { &mut room.refused } else { &mut room.others };
            if *left == 0 {
                continue;
            }
            *left -= 1;
            payment.fill(self, block, ordinal, flaw);
            let line = PaymentBatch::line(block, ordinal);
            let by_outcome = match outcome {
                PaymentOutcome::Refused(code) => vec![RefusalReason::new(code, "", line)],
                _ => Vec::new(),
            };
            writer.payment(&ReportedPayment {
                message,
                ordinal,
                instruction_id: &payment.instruction,
                end_to_end_id: &payment.reference,
                uetr: &payment.uetr,
                status: status_of(outcome),
                reasons: reasons.get(&ordinal).unwrap_or(&by_outcome),
                amount: payment.amount.map(in_euro),
                requested_execution_date: Some(self.date),
                creditor_name: &payment.payee.name,
                creditor_iban: &payment.iban,
            })?;
        }
        Ok(())
    }

    /// The rules' findings for the flawed payments of the block.
    fn reasons(&self, block: &Block, flaws: &[(u32, Flaw)]) -> Result<Reasons, GenerateError> {
        let of_block: Vec<(u32, Flaw)> =
            flaws.iter().filter(|(ordinal, _)| block.ordinals().contains(ordinal)).copied().collect();
        let mut reasons = Reasons::new();
        if of_block.is_empty() {
            return Ok(reasons);
        }
        let mut writer = pain001::Writer::new(self.message_type, Vec::new());
        self.write_header(Decimal::ZERO, &mut writer)?;
        self.write_block(block, Decimal::ZERO, &mut writer)?;
        let mut payment = Payment::default();
        for (ordinal, flaw) in &of_block {
            payment.fill(self, block, *ordinal, Some(*flaw));
            payment.write(block, &mut writer)?;
        }
        let message = writer.finish()?;
        let guideline = Guideline::latvia();
        let business_day = guideline.business_day_on(self.date);
        let received_at = business_day.at(9, 0, 0, 0);
        let context = CheckContext { business_day, received_at, message_type: self.message_type, hash_key: 0 };
        let mut checker = Checker::new(&guideline, context);
        let mut reader = pain001::Reader::new(self.message_type, message.as_slice(), Bounds::default());
        let mut found = Vec::new();
        let mut ordinals = of_block.iter().map(|(ordinal, _)| *ordinal);
        // What our own writer wrote can be read; where it could not, the outcome's code remains as the reason.
        while let Ok(Some(item)) = reader.next() {
            match item {
                pain001::Item::PaymentInformation(head) => drop(checker.payment_information(&head, &mut found)),
                pain001::Item::CreditTransfer(payment) => {
                    found.clear();
                    checker.credit_transfer(&payment, &mut found);
                    let Some(ordinal) = ordinals.next().filter(|_| !found.is_empty()) else { continue };
                    let line = PaymentBatch::line(block, ordinal);
                    let refusals = found.iter().map(|finding| RefusalReason { line, ..RefusalReason::from(finding) });
                    reasons.insert(ordinal, refusals.collect());
                }
                _ => {}
            }
        }
        Ok(reasons)
    }

    /// The block's reason for refused payments beyond the bound of named ones.
    fn only_counted(&self, block: &Block, flaws: &[(u32, Flaw)], room: u64) -> Vec<RefusalReason> {
        let refused =
            block.ordinals().filter_map(|ordinal| match outcome::of(self, block, ordinal, flaw_at(flaws, ordinal)) {
                PaymentOutcome::Refused(code) => Some(code),
                _ => None,
            });
        let mut counted: BTreeMap<Code, u32> = BTreeMap::new();
        for code in refused.skip(usize::try_from(room).unwrap_or(usize::MAX)) {
            *counted.entry(code).or_default() += 1;
        }
        let reason = |(code, count)| RefusalReason::new(code, "", 0).about(ReasonScope::More(count));
        counted.into_iter().map(reason).collect()
    }

    fn tally(&self, block: &Block, flaws: &[(u32, Flaw)]) -> Tallies {
        let mut tallies = Tallies::new();
        for ordinal in block.ordinals() {
            let flaw = flaw_at(flaws, ordinal);
            let amount = amount(&mut Random::of(self.seed, u64::from(ordinal)), flaw);
            add(&mut tallies, status_of(outcome::of(self, block, ordinal, flaw)), 1, Some(amount));
        }
        tallies
    }
}

fn add(tallies: &mut Tallies, status: Status, count: u64, sum: Option<Decimal>) {
    let tally = tallies.entry(status).or_insert(Tally { count: 0, sum: Some(Decimal::ZERO) });
    tally.count += count;
    tally.sum = tally.sum.zip(sum).map(|(left, right)| batch::add(left, right));
}

/// How many payments there are, and their sum.
fn total(tallies: &Tallies) -> (u64, Option<Decimal>) {
    let sum = |sum: Decimal, tally: &Tally| Some(batch::add(sum, tally.sum?));
    (tallies.values().map(|tally| tally.count).sum(), tallies.values().try_fold(Decimal::ZERO, sum))
}

fn status_of(outcome: PaymentOutcome) -> Status {
    match outcome {
        PaymentOutcome::Waiting => Status::Accepted,
        PaymentOutcome::InProcess => Status::InProcess,
        PaymentOutcome::Settled => Status::Settled,
        PaymentOutcome::Refused(_) => Status::Rejected,
    }
}
