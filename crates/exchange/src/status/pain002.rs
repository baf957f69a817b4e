//! Answers: the pain.002 with the statuses of a message, first after the decision (`first_report`), later from stored
//! data (`now`). `status::report` defines its form.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use money::Decimal;
use payments::status::Tally;
use payments::{MessageId, Status};

use crate::check::pieces::{MessageHead, PaymentLabel};
use crate::status::reason::RefusalReason;
use crate::status::report::{
    OriginalMessage, ReportHead, ReportWriter, ReportedBlock, ReportedPayment, first_report_id,
};
use crate::{Failure, Settings};

/// What every answer to a message has in common.
#[derive(Clone, Copy)]
pub(crate) struct AnswerContext<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) header: &'a MessageHead,
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
    pub(crate) named: PaymentLabel,
    pub(crate) status: Status,
    pub(crate) reasons: Vec<RefusalReason>,
}

impl StatusReport {
    /// Writes the report.
    pub(crate) fn write(&self, context: &AnswerContext<'_>) -> Result<Vec<u8>, Failure> {
        self.write_as(context, &first_report_id(context.id))
    }

    /// Writes the report under an identification of its own.
    pub(crate) fn write_as(&self, context: &AnswerContext<'_>, report_id: &str) -> Result<Vec<u8>, Failure> {
        let mut writer = ReportWriter::begin(head(context, report_id), Vec::new())?;
        writer.message(self.status, &self.reasons, &self.per_status)?;
        for block in &self.blocks {
            block.write(&mut writer, context.id)?;
        }
        Ok(writer.finish()?)
    }
}

impl BlockReport {
    pub(crate) fn name_refused(&mut self, ordinal: u32, named: PaymentLabel, reasons: Vec<RefusalReason>) {
        self.transactions.push(PaymentReport { ordinal, named, status: Status::Rejected, reasons });
    }

    fn write(&self, writer: &mut ReportWriter<'_, Vec<u8>>, message: MessageId) -> Result<(), Failure> {
        writer.block(&ReportedBlock {
            payment_information_id: &self.payment_information_id,
            number_of_transactions: self.number_of_transactions,
            control_sum: self.control_sum,
            status: self.status,
            reasons: &self.reasons,
            notices: &self.notices,
            per_status: &self.per_status,
        })?;
        for PaymentReport { ordinal, named, status, reasons } in &self.transactions {
            writer.payment(&ReportedPayment {
                message,
                ordinal: *ordinal,
                instruction_id: &named.instruction_id,
                end_to_end_id: &named.end_to_end_id,
                uetr: &named.uetr,
                status: *status,
                reasons,
                amount: named.amount,
                requested_execution_date: self.requested_execution_date,
                creditor_name: &named.creditor_name,
                creditor_iban: &named.creditor_iban,
            })?;
        }
        Ok(())
    }
}

/// A receipt: the message has arrived and will be answered.
pub(crate) fn receipt(context: &AnswerContext<'_>) -> Result<Vec<u8>, Failure> {
    let receipt_id = format!("TDAM{}-0", context.id.0);
    let mut writer = ReportWriter::begin(head(context, &receipt_id), Vec::new())?;
    writer.received()?;
    Ok(writer.finish()?)
}

fn head<'a>(context: &AnswerContext<'a>, report_id: &'a str) -> ReportHead<'a> {
    let MessageHead { message_type, message_id, creation_date_time, number_of_transactions, control_sum } =
        context.header;
    ReportHead {
        report_id,
        now: context.now,
        servicer_name: &context.settings.identification.name_lv,
        servicer_bic: &context.settings.identification.bic,
        original: OriginalMessage {
            message_type: *message_type,
            message_id,
            creation_date_time,
            number_of_transactions: *number_of_transactions,
            control_sum: *control_sum,
        },
    }
}

/// Amounts as a file would state them.
pub(crate) fn amount(money: money::Money) -> iso20022::common::Amount {
    iso20022::common::Amount { value: money.to_decimal(), currency: money.currency() }
}
