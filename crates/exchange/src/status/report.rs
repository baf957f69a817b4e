//! The form of a status report (pain.002): its head, and its statuses of a message, its blocks and its payments.
//!
//! The exchange answers this way, and `tdam generate` reports what it draws this way. So an importer that reads
//! generated files meets nothing else in operation.
//!
//! Every reason carries the ISO code and, as text, the catalogue's code with its English sentence, and the line of the file.

use std::collections::BTreeMap;
use std::io::Write;

use iso20022::common::{Account, Agent, Amount, CodeOrProprietary, Party};
use iso20022::pain002::{
    self, GroupHeader, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, StatusReason, TransactionStatus,
    TransactionsPerStatus, Writer,
};
use iso20022::{DateTime, MessageType, WriteError};
use jiff::Timestamp;
use jiff::civil::Date;
use money::Decimal;
pub use payments::status::{Tally, status_of_all};
use payments::{MessageId, Status};
use rulebook::catalogue::Language;

use super::reason::RefusalReason;
use crate::bounds::REASONS_MAX;
use crate::clock::local::zoned;

/// Who reports when, under which identification, on which message.
#[derive(Clone, Copy, Debug)]
pub struct ReportHead<'a> {
    /// `MsgId` of the report.
    pub report_id: &'a str,
    /// When it is made.
    pub now: Timestamp,
    /// Name of who reports.
    pub servicer_name: &'a str,
    /// BIC of who reports.
    pub servicer_bic: &'a str,
    /// The message that is reported on.
    pub original: OriginalMessage<'a>,
}

/// A message as its own header has it.
#[derive(Clone, Copy, Debug)]
pub struct OriginalMessage<'a> {
    /// Which pain.001 it is.
    pub message_type: MessageType,
    /// `MsgId`.
    pub message_id: &'a str,
    /// `CreDtTm`, as it was written.
    pub creation_date_time: &'a str,
    /// `NbOfTxs`.
    pub number_of_transactions: u64,
    /// `CtrlSum`.
    pub control_sum: Option<Decimal>,
}

/// How a block stands.
#[derive(Clone, Copy, Debug)]
pub struct ReportedBlock<'a> {
    /// `PmtInfId`.
    pub payment_information_id: &'a str,
    /// `NbOfTxs`.
    pub number_of_transactions: Option<u64>,
    /// `CtrlSum`.
    pub control_sum: Option<Decimal>,
    /// Its status.
    pub status: Status,
    /// Why it or some of its payments are refused.
    pub reasons: &'a [RefusalReason],
    /// Which of its payments are executed on another day than requested.
    pub notices: &'a [RefusalReason],
    /// Its payments by status.
    pub per_status: &'a BTreeMap<Status, Tally>,
}

/// A payment that is named.
#[derive(Clone, Copy, Debug)]
pub struct ReportedPayment<'a> {
    /// The exchange's number of the message.
    pub message: MessageId,
    /// Its place in the message, from 0.
    pub ordinal: u32,
    /// `InstrId`; empty where it has none.
    pub instruction_id: &'a str,
    /// `EndToEndId`.
    pub end_to_end_id: &'a str,
    /// `UETR`; empty where it has none.
    pub uetr: &'a str,
    /// Its status.
    pub status: Status,
    /// Why it is refused.
    pub reasons: &'a [RefusalReason],
    /// `InstdAmt`.
    pub amount: Option<Amount>,
    /// `ReqdExctnDt` of its block.
    pub requested_execution_date: Option<Date>,
    /// Name of the payee.
    pub creditor_name: &'a str,
    /// IBAN of the payee.
    pub creditor_iban: &'a str,
}

/// Writes a status report, part by part: the message, then blocks with their payments.
#[derive(Debug)]
pub struct ReportWriter<'a, W: Write> {
    writer: Writer<W>,
    head: ReportHead<'a>,
}

impl<'a, W: Write> ReportWriter<'a, W> {
    /// Begins a report.
    ///
    /// # Errors
    /// When the output fails, or the schema does not allow a value.
    pub fn begin(head: ReportHead<'a>, output: W) -> Result<ReportWriter<'a, W>, WriteError> {
        let mut writer = Writer::new(answer_type(head.original.message_type), output);
        writer.group_header(&GroupHeader {
            message_id: head.report_id,
            creation_date_time: Some(created(head.now)),
            initiating_party: Some(Party { name: Some(head.servicer_name), ..Party::default() }),
            debtor_agent: Some(Agent { bic: Some(head.servicer_bic), ..Agent::default() }),
            ..GroupHeader::default()
        })?;
        Ok(ReportWriter { writer, head })
    }

    /// The message has arrived, and nothing is known yet.
    ///
    /// # Errors
    /// As [`ReportWriter::begin`].
    pub fn received(&mut self) -> Result<(), WriteError> {
        self.group(pain002::Status::RCVD, &[], &BTreeMap::new())
    }

    /// How the message stands.
    ///
    /// # Errors
    /// As [`ReportWriter::begin`].
    pub fn message(
        &mut self,
        status: Status,
        reasons: &[RefusalReason],
        per_status: &BTreeMap<Status, Tally>,
    ) -> Result<(), WriteError> {
        self.group(pain002_status(status), reasons, per_status)
    }

    fn group(
        &mut self,
        status: pain002::Status,
        reasons: &[RefusalReason],
        tallies: &BTreeMap<Status, Tally>,
    ) -> Result<(), WriteError> {
        let OriginalMessage { message_type, message_id, creation_date_time, number_of_transactions, control_sum } =
            self.head.original;
        let texts = Texts::of(reasons);
        self.writer.original_group(&OriginalGroup {
            message_id,
            message_name: message_type.name(),
            creation_date_time: some(creation_date_time),
            number_of_transactions: Some(number_of_transactions),
            control_sum,
            status: Some(status),
            reasons: &texts.reasons(&texts.lines(), self.head.servicer_name),
            transactions_per_status: &per_status(tallies),
        })
    }

    /// How a block stands; its payments follow.
    ///
    /// # Errors
    /// As [`ReportWriter::begin`].
    pub fn block(&mut self, block: &ReportedBlock<'_>) -> Result<(), WriteError> {
        let texts = Texts::of(block.reasons.iter().chain(block.notices));
        self.writer.payment_information(&OriginalPaymentInformation {
            payment_information_id: block.payment_information_id,
            number_of_transactions: block.number_of_transactions,
            control_sum: block.control_sum,
            status: Some(pain002_status(block.status)),
            reasons: &texts.reasons(&texts.lines(), self.head.servicer_name),
            transactions_per_status: &per_status(block.per_status),
        })
    }

    /// How a payment of the block stands.
    ///
    /// # Errors
    /// As [`ReportWriter::begin`].
    pub fn payment(&mut self, payment: &ReportedPayment<'_>) -> Result<(), WriteError> {
        let texts = Texts::of(payment.reasons);
        let status_id = format!("TDAM{}-{}", payment.message.0, u64::from(payment.ordinal) + 1);
        self.writer.transaction(&TransactionStatus {
            status_id: Some(&status_id),
            instruction_id: some(payment.instruction_id),
            end_to_end_id: some(payment.end_to_end_id),
            uetr: some(payment.uetr),
            status: Some(pain002_status(payment.status)),
            reasons: &texts.reasons(&texts.lines(), self.head.servicer_name),
            original: Some(OriginalTransaction {
                instructed_amount: payment.amount,
                requested_execution_date: payment.requested_execution_date,
                creditor_name: some(payment.creditor_name),
                creditor_account: some(payment.creditor_iban)
                    .map(|iban| Account { iban: Some(iban), ..Account::default() }),
                ..OriginalTransaction::default()
            }),
            ..TransactionStatus::default()
        })
    }

    /// Ends the report and gives the output back.
    ///
    /// # Errors
    /// As [`ReportWriter::begin`].
    pub fn finish(self) -> Result<W, WriteError> {
        self.writer.finish()
    }
}

/// The type of the answer to a message. Invariant: only messages come here that have one, so the other type is never taken.
pub(crate) fn answer_type(message_type: MessageType) -> MessageType {
    message_type.status_report().unwrap_or(MessageType::Pain002V10)
}

/// `MsgId` of the first report on a message.
pub(crate) fn first_report_id(message: MessageId) -> String {
    format!("TDAM{}-1", message.0)
}

/// `MsgId` of a later report: the message's number and the moment.
#[must_use]
pub fn later_report_id(message: MessageId, now: Timestamp) -> String {
    format!("TDAM{}-{:x}", message.0, now.as_microsecond())
}

/// A moment as messages state it: local time with its offset, to the millisecond.
pub(crate) fn created(now: Timestamp) -> DateTime {
    let shown = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    DateTime::from_zoned(&zoned(shown))
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The status as messages write it.
fn pain002_status(status: Status) -> pain002::Status {
    match status {
        Status::Pending => pain002::Status::PDNG,
        Status::Accepted => pain002::Status::ACCP,
        Status::InProcess => pain002::Status::ACSP,
        Status::Settled => pain002::Status::ACSC,
        Status::Partial => pain002::Status::PART,
        Status::Rejected => pain002::Status::RJCT,
    }
}

fn per_status(per_status: &BTreeMap<Status, Tally>) -> Vec<TransactionsPerStatus> {
    per_status
        .iter()
        .map(|(status, tally)| TransactionsPerStatus {
            number_of_transactions: tally.count,
            status: pain002_status(*status),
            control_sum: tally.sum,
        })
        .collect()
}

/// The texts of some reasons, kept while a writer borrows them.
struct Texts {
    reasons: Vec<(&'static str, Vec<String>)>,
}

impl Texts {
    fn of<'r>(reasons: impl IntoIterator<Item = &'r RefusalReason>) -> Texts {
        let stated = reasons.into_iter().take(REASONS_MAX);
        Texts {
            reasons: stated.map(|reason| (reason.code.iso_reason().unwrap_or("NARR"), text_lines(reason))).collect(),
        }
    }

    fn lines(&self) -> Vec<Vec<&str>> {
        self.reasons.iter().map(|(_, lines)| lines.iter().map(String::as_str).collect()).collect()
    }

    fn reasons<'t>(&'t self, lines: &'t [Vec<&'t str>], originator: &'t str) -> Vec<StatusReason<'t>> {
        self.reasons
            .iter()
            .zip(lines)
            .map(|((code, _), lines)| StatusReason {
                originator_name: some(originator),
                reason: Some(CodeOrProprietary::Code(code)),
                additional_information: lines,
            })
            .collect()
    }
}

fn text_lines(reason: &RefusalReason) -> Vec<String> {
    let mut lines = vec![format!("{}: {}", reason.code.id(), reason.sentence(Language::English))];
    if reason.line > 0 {
        lines.push(format!("line {}", reason.line));
    }
    lines
}
