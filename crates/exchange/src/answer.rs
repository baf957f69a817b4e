//! Answers: the pain.002 that says what became of a message, first as the decision leaves it (`first_answer`), later from
//! what is stored (`status`).
//!
//! Every reason carries the ISO code and, as text, the catalogue's code with its English sentence, the line of the file
//! and the value concerned.

use std::collections::BTreeMap;

use iso20022::common::{Account, Agent, Amount, CodeOrProprietary, Party};
use iso20022::pain002::{
    self, GroupHeader, OriginalGroup, OriginalPaymentInformation, OriginalTransaction, StatusReason, TransactionStatus,
    TransactionsPerStatus, Writer,
};
use iso20022::{DateTime, MessageType};
use jiff::Timestamp;
use jiff::civil::Date;
use money::Decimal;
use payments::status::Tally;
use payments::{MessageId, Status};
use rulebook::catalogue::Language;

use crate::clock::zoned;
use crate::draft::{HeaderDraft, Named};
use crate::status::reason::{REASONS_TOLD_MAX, RefusalReason};
use crate::{Failure, Settings};

/// What every answer to a message has in common.
#[derive(Clone, Copy)]
pub(crate) struct AnswerContext<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) header: &'a HeaderDraft,
    pub(crate) id: MessageId,
    pub(crate) now: Timestamp,
}

/// A status report, ready to be written.
#[derive(Debug)]
pub(crate) struct StatusReport {
    pub(crate) status: Status,
    pub(crate) reasons: Vec<RefusalReason>,
    pub(crate) per_status: BTreeMap<Status, Tally>,
    pub(crate) blocks: Vec<BlockReport>,
}

/// A block of a status report.
#[derive(Debug)]
pub(crate) struct BlockReport {
    pub(crate) payment_information_id: String,
    pub(crate) number_of_transactions: Option<u64>,
    pub(crate) control_sum: Option<Decimal>,
    pub(crate) requested_execution_date: Option<Date>,
    pub(crate) status: Status,
    pub(crate) reasons: Vec<RefusalReason>,
    /// Which of its payments are executed on another day than requested.
    pub(crate) notices: Vec<RefusalReason>,
    pub(crate) per_status: BTreeMap<Status, Tally>,
    /// Payments that are named, in file order.
    pub(crate) transactions: Vec<PaymentReport>,
}

/// A payment that a status report names.
#[derive(Debug)]
pub(crate) struct PaymentReport {
    pub(crate) ordinal: u32,
    pub(crate) named: Named,
    pub(crate) status: Status,
    pub(crate) reasons: Vec<RefusalReason>,
}

impl StatusReport {
    /// Writes the report.
    pub(crate) fn write(&self, context: &AnswerContext<'_>) -> Result<Vec<u8>, Failure> {
        let mut writer = begin(context, &format!("TDAM{}-1", context.id.0))?;
        self.write_into(&mut writer, context)?;
        Ok(writer.finish()?)
    }

    /// Writes the report under an identification of its own.
    pub(crate) fn write_as(&self, context: &AnswerContext<'_>, report_id: &str) -> Result<Vec<u8>, Failure> {
        let mut writer = begin(context, report_id)?;
        self.write_into(&mut writer, context)?;
        Ok(writer.finish()?)
    }

    fn write_into(&self, writer: &mut Writer<Vec<u8>>, context: &AnswerContext<'_>) -> Result<(), Failure> {
        let texts = Texts::of(&self.reasons);
        let lines = texts.lines();
        let reasons = texts.reasons(&lines, &context.settings.identification.name_lv);
        writer.original_group(&OriginalGroup {
            status: Some(pain002_status(self.status)),
            reasons: &reasons,
            transactions_per_status: &per_status(&self.per_status),
            ..original_group(context)
        })?;
        for block in &self.blocks {
            block.write(writer, context)?;
        }
        Ok(())
    }
}

impl BlockReport {
    pub(crate) fn name_refused(&mut self, ordinal: u32, named: Named, reasons: Vec<RefusalReason>) {
        self.transactions.push(PaymentReport { ordinal, named, status: Status::Rejected, reasons });
    }

    fn write(&self, writer: &mut Writer<Vec<u8>>, context: &AnswerContext<'_>) -> Result<(), Failure> {
        let originator = &context.settings.identification.name_lv;
        let texts = Texts::of(self.reasons.iter().chain(&self.notices));
        let lines = texts.lines();
        writer.payment_information(&OriginalPaymentInformation {
            payment_information_id: &self.payment_information_id,
            number_of_transactions: self.number_of_transactions,
            control_sum: self.control_sum,
            status: Some(pain002_status(self.status)),
            reasons: &texts.reasons(&lines, originator),
            transactions_per_status: &per_status(&self.per_status),
        })?;
        for PaymentReport { ordinal, named, status, reasons } in &self.transactions {
            let texts = Texts::of(reasons);
            let lines = texts.lines();
            let status_id = format!("TDAM{}-{}", context.id.0, u64::from(*ordinal) + 1);
            writer.transaction(&TransactionStatus {
                status_id: Some(&status_id),
                instruction_id: some(&named.instruction_id),
                end_to_end_id: some(&named.end_to_end_id),
                uetr: some(&named.uetr),
                status: Some(pain002_status(*status)),
                reasons: &texts.reasons(&lines, originator),
                original: Some(OriginalTransaction {
                    instructed_amount: named.amount,
                    requested_execution_date: self.requested_execution_date,
                    creditor_name: some(&named.creditor_name),
                    creditor_account: some(&named.creditor_iban)
                        .map(|iban| Account { iban: Some(iban), ..Account::default() }),
                    ..OriginalTransaction::default()
                }),
                ..TransactionStatus::default()
            })?;
        }
        Ok(())
    }
}

/// A receipt: the message has arrived and will be answered.
pub(crate) fn receipt(context: &AnswerContext<'_>) -> Result<Vec<u8>, Failure> {
    let mut writer = begin(context, &format!("TDAM{}-0", context.id.0))?;
    writer.original_group(&OriginalGroup { status: Some(pain002::Status::RCVD), ..original_group(context) })?;
    Ok(writer.finish()?)
}

/// The type of the answer to a message.
pub(crate) fn answer_type(message_type: MessageType) -> MessageType {
    message_type.status_report().unwrap_or(MessageType::Pain002V10)
}

fn begin(context: &AnswerContext<'_>, report_id: &str) -> Result<Writer<Vec<u8>>, Failure> {
    let identification = &context.settings.identification;
    let mut writer = Writer::new(answer_type(context.header.message_type), Vec::new());
    writer.group_header(&GroupHeader {
        message_id: report_id,
        creation_date_time: Some(created(context.now)),
        initiating_party: Some(Party { name: Some(&identification.name_lv), ..Party::default() }),
        debtor_agent: Some(Agent { bic: Some(&identification.bic), ..Agent::default() }),
        ..GroupHeader::default()
    })?;
    Ok(writer)
}

/// A moment as messages state it: local time with its offset, to the millisecond.
pub(crate) fn created(now: Timestamp) -> DateTime {
    let shown = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    DateTime::from_zoned(&zoned(shown))
}

fn original_group<'a>(context: &AnswerContext<'a>) -> OriginalGroup<'a> {
    let HeaderDraft { message_type, message_id, creation_date_time, number_of_transactions, control_sum } =
        context.header;
    OriginalGroup {
        message_id,
        message_name: message_type.name(),
        creation_date_time: some(creation_date_time),
        number_of_transactions: Some(*number_of_transactions),
        control_sum: *control_sum,
        ..OriginalGroup::default()
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

/// The status as messages write it.
pub(crate) fn pain002_status(status: Status) -> pain002::Status {
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

/// Amounts as a file would state them.
pub(crate) fn amount(money: money::Money) -> Amount {
    Amount { value: money.to_decimal(), currency: money.currency() }
}

/// The texts of some reasons, kept while a writer borrows them.
struct Texts {
    reasons: Vec<(&'static str, Vec<String>)>,
}

impl Texts {
    fn of<'r>(reasons: impl IntoIterator<Item = &'r RefusalReason>) -> Texts {
        let told = reasons.into_iter().take(REASONS_TOLD_MAX);
        Texts { reasons: told.map(|reason| (reason.code.iso_reason().unwrap_or("NARR"), text_lines(reason))).collect() }
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
