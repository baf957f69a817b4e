//! The client's messages byte for byte, their answers, and the status of each payment.

use std::io::{self, Write};

use money::{Currency, Money};
use payments::status::{payment_status, reason_of};
use payments::{Lot, MessageId, PaymentRecord, Refusal, Status};
use rulebook::Language;
use serde_json::{Value, json};
use store::{Block, BodyPlace, Message, Reading, StoreError, StoredPayment, Submission, SubmissionState};

use super::job::{Export, ExportError, ROWS_AT_A_TIME};
use super::lines::json_line;
use super::payment::{identification, reference_type};
use crate::failure::damaged;
use crate::status::named_refusals::{reasons_of, without_block};
use crate::status::now::{overview_now, status_now};
use crate::{BlockOverview, Failure, MessageOverview, RefusalReason};

impl Export<'_> {
    pub(super) fn messages(&mut self, reading: &mut dyn Reading) -> Result<(), ExportError> {
        self.overview(reading)?;
        self.payments(reading)?;
        let (store, settings, now, files) = (self.store, self.settings, self.now, &mut *self.files);
        let lists_every_payment = self.client.preferences.lists_every_payment;
        each_submission(reading, self.client.id, &mut |reading, submission| {
            let folder = folder(submission.id);
            if submission.received.body.place != BodyPlace::Forgotten {
                let mut body = store.open_body(&submission.received.body)?;
                let mut file = files.begin(&format!("{folder}/message.xml"))?;
                io::copy(&mut body, &mut file)?;
                file.flush()?;
            }
            let Some(message) = reading.message(submission.id)? else { return Ok(()) };
            let mut file = files.begin(&format!("{folder}/answer.xml"))?;
            file.write_all(&message.answer)?;
            file.flush()?;
            drop(file);
            let status = status_now(reading, settings, message, now, lists_every_payment)?;
            let mut file = files.begin(&format!("{folder}/status.xml"))?;
            file.write_all(&status.pain002)?;
            Ok(file.flush()?)
        })
    }

    /// A line for each submission, with any result.
    fn overview(&mut self, reading: &mut dyn Reading) -> Result<(), ExportError> {
        let mut file = self.files.begin("messages.jsonl")?;
        let (summary, settings) = (&mut self.summary, self.settings);
        each_submission(reading, self.client.id, &mut |reading, submission| {
            let received = &submission.received;
            let mut line = json!({
                "number": submission.id.0,
                "online_user": received.user.0,
                "certificate": received.certificate.to_string(),
                "request_id": received.request_id,
                "received_at": received.received_at.to_string(),
                "sha256": received.body.hash.to_string(),
                "bytes": received.body.size,
                "state": match &submission.state {
                    SubmissionState::Received => "received",
                    SubmissionState::Consumed => "answered",
                    SubmissionState::Refused { .. } => "refused",
                    SubmissionState::SetAside { .. } => "set aside",
                },
                "folder": folder(submission.id),
                "original_kept": received.body.place != BodyPlace::Forgotten,
            });
            if let Some(message) = reading.message(submission.id)? {
                summary.messages += 1;
                add(&mut line, of_message(reading, settings, message)?);
            }
            if let SubmissionState::Refused { problem } = &submission.state {
                add(&mut line, json!({ "problem": String::from_utf8_lossy(problem) }));
            }
            summary.submissions += 1;
            Ok(json_line(&mut file, &line)?)
        })?;
        Ok(file.flush()?)
    }

    /// A line for each payment of the messages that were accepted, in full or in part. Of a message refused as a whole nothing is
    /// kept but its answer: so a line for each payment that the answer names.
    fn payments(&mut self, reading: &mut dyn Reading) -> Result<(), ExportError> {
        let mut file = self.files.begin("payments.jsonl")?;
        let (summary, settings) = (&mut self.summary, self.settings);
        each_submission(reading, self.client.id, &mut |reading, submission| {
            let Some(message) = reading.message(submission.id)? else { return Ok(()) };
            summary.payments += if message.payments > 0 {
                write_payments(reading, &message, settings.guideline.currency, &mut file)?
            } else {
                write_refused(&overview_now(reading, settings, message)?, &mut file)?
            };
            Ok(())
        })?;
        Ok(file.flush()?)
    }
}

fn folder(id: MessageId) -> String {
    format!("messages/{}", id.0)
}

fn each_submission(
    reading: &mut dyn Reading,
    client: store::ClientId,
    each: &mut dyn FnMut(&mut dyn Reading, Submission) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let mut after = None;
    loop {
        let page = reading.submissions_of(client, after, ROWS_AT_A_TIME)?;
        for id in &page {
            let submission = reading.submission(*id)?.ok_or(StoreError::Missing("submission"))?;
            each(reading, submission)?;
        }
        if page.len() < ROWS_AT_A_TIME as usize {
            return Ok(());
        }
        after = page.last().copied();
    }
}

fn of_message(reading: &mut dyn Reading, settings: &crate::Settings, message: Message) -> Result<Value, Failure> {
    let overview = overview_now(reading, settings, message)?;
    let counts = overview.counts.iter().map(|count| {
        json!({
            "status": count.status.code(),
            "payments": count.count,
            "total": count.total.map(|total| total.to_string()),
        })
    });
    Ok(json!({
        "message_id": overview.message_id,
        "message_type": overview.message_type,
        "created": overview.creation_date_time,
        "answered_at": overview.consumed_at.to_string(),
        "number_of_transactions": overview.number_of_transactions,
        "control_sum": overview.control_sum,
        "status": overview.status.code(),
        "statuses": counts.collect::<Vec<_>>(),
        "reasons": reasons_told(&overview.reasons),
        "blocks": overview.blocks.iter().map(block_told).collect::<Vec<_>>(),
    }))
}

fn block_told(block: &BlockOverview) -> Value {
    json!({
        "payment_information_id": block.payment_information_id,
        "status": block.status.code(),
        "reasons": reasons_told(&block.reasons),
        "notices": reasons_told(&block.notices),
    })
}

/// Reasons with all their parts, as the service gives them.
fn reasons_told(reasons: &[RefusalReason]) -> Vec<Value> {
    let described = |reason: &RefusalReason| {
        json!({
            "code": reason.code.id(),
            "iso_reason": reason.code.iso_reason(),
            "element": reason.element,
            "value": reason.value,
            "expected": reason.expected,
            "given": reason.given,
            "text": reason.sentence(Language::English),
        })
    };
    reasons.iter().map(described).collect()
}

fn add(line: &mut Value, more: Value) {
    if let (Value::Object(line), Value::Object(more)) = (line, more) {
        line.extend(more);
    }
}

/// Returns how many there are.
fn write_payments(
    reading: &mut dyn Reading,
    message: &Message,
    currency: Currency,
    file: &mut dyn Write,
) -> Result<u64, ExportError> {
    let (blocks, lots) = (reading.blocks(message.id)?, reading.lots_of(message.id)?);
    let (mut from, mut written) = (0_u32, 0);
    loop {
        // Only the refusals of this page are looked through for each of its payments.
        let last = from.saturating_add(ROWS_AT_A_TIME - 1);
        let refusals = reading.refusals_between(message.id, from, last)?;
        let (mut page, mut failed) = (Vec::new(), None);
        let read = reading.payments(message.id, None, from, ROWS_AT_A_TIME, &mut |payment| {
            let record = PaymentRecord::decode(payment.record).map_err(|error| damaged(&error))?;
            match payment_line(message, &blocks, &lots, &refusals, &payment, &record, currency) {
                Ok(line) => json_line(&mut page, &line).map_err(|error| StoreError::Refused(error.to_string()))?,
                Err(failure) => failed = Some(failure),
            }
            Ok(())
        })?;
        failed.map_or(Ok(()), Err)?;
        file.write_all(&page)?;
        written += u64::from(read);
        if read < ROWS_AT_A_TIME {
            return Ok(written);
        }
        from += read;
    }
}

/// Returns how many there are.
fn write_refused(overview: &MessageOverview, file: &mut dyn Write) -> Result<u64, ExportError> {
    for refused in &overview.refused {
        let block = refused.block.and_then(|block| overview.blocks.get(block as usize));
        let line = json!({
            "message_id": overview.message_id,
            "number": u64::from(refused.first) + 1,
            "payment_information_id": block.map(|block| block.payment_information_id.as_str()),
            "end_to_end_id": refused.end_to_end_id,
            "amount": refused.amount.map(|amount| amount.value.to_string()),
            "currency": refused.amount.map(|amount| amount.currency.code().to_owned()),
            "creditor_name": refused.creditor_name,
            "status": Status::Rejected.code(),
            "reason": refused.reasons.first().map(|reason| reason.code.id()),
            "detail": refused.reasons.first().map(|reason| &reason.value),
            "reasons": reasons_told(&refused.reasons),
        });
        json_line(file, &line)?;
    }
    Ok(overview.refused.len() as u64)
}

fn payment_line(
    message: &Message,
    blocks: &[Block],
    lots: &[Lot],
    refusals: &[Refusal],
    payment: &StoredPayment<'_>,
    record: &PaymentRecord<'_>,
    currency: Currency,
) -> Result<Value, Failure> {
    let block = blocks.iter().find(|block| block.number == payment.block);
    let status = payment_status(payment.ordinal, payment.lot, lots, refusals);
    let money = Money::new(payment.minor, currency);
    // 0 stands for an amount that could not be booked.
    let amount = (payment.minor > 0).then(|| crate::status::pain002::amount(money));
    let refusal = reason_of(payment.ordinal, payment.lot, refusals);
    let block = block.ok_or_else(|| without_block(message.id, payment.ordinal))?;
    let reasons = refusal.map(|refusal| reasons_of(refusal, amount, record.line, &block.debtor_iban)).transpose()?;
    let reasons = reasons.unwrap_or_default();
    Ok(json!({
        "message_id": message.message_id,
        "number": u64::from(payment.ordinal) + 1,
        "payment_information_id": block.payment_information_id,
        "debtor_iban": block.debtor_iban,
        "instruction_id": record.instruction_id,
        "end_to_end_id": record.end_to_end_id,
        "amount": money.to_decimal().to_string(),
        "currency": currency.code(),
        "creditor_name": record.creditor_name,
        "creditor_iban": record.creditor_iban,
        "remittance": record.remittance,
        "status": status.map(payments::Status::code),
        "reason": reasons.first().map(|reason| reason.code.id()),
        "detail": reasons.first().map(|reason| &reason.value),
        "reasons": reasons_told(&reasons),
        "creditor_reference": record.creditor_reference,
        "reference_type": reference_type(record),
        "reference_issuer": record.reference_issuer,
        "document_numbers": record.document_numbers.lines().collect::<Vec<_>>(),
        "additional_remittance": record.additional_remittance.lines().collect::<Vec<_>>(),
        "ultimate_debtor_name": record.ultimate_debtor.name,
        "ultimate_debtor_id": identification(&record.ultimate_debtor),
        "ultimate_creditor_name": record.ultimate_creditor.name,
        "ultimate_creditor_id": identification(&record.ultimate_creditor),
    }))
}
