//! Reads a pain.002 into the overview that the exchange also gives as JSON, so that the program shows both alike.

use std::io::Read;

use client::{BlockOverview, MessageOverview, PaymentRefusal, ReasonText, StatusCount};
use exchange::RefusalReason;
use iso20022::MessageType;
use iso20022::common::CodeOrProprietary;
use iso20022::pain002::{Item, Reader, Status, StatusReason, TransactionStatus, TransactionsPerStatus};
use rulebook::{Code, Language};
use xsd::{Bounds, ReadError};

/// Refused payments that are kept to be shown; all are counted.
pub(crate) const REFUSALS_MAX: usize = 1_000;

/// Reads a pain.002.
///
/// # Errors
/// When it is not well-formed. One that breaks its schema is read as far as it goes: it comes from the exchange.
pub(crate) fn read(
    message_type: MessageType,
    xml: impl Read,
    language: Language,
) -> Result<MessageOverview, ReadError> {
    let mut reader = Reader::new(message_type, xml, Bounds::default());
    let mut overview = MessageOverview::default();
    let mut block_id = String::new();
    let mut listed = 0;
    while let Some(item) = reader.next()? {
        match item {
            Item::GroupHeader(header) => {
                overview.consumed_at = header.creation_date_time.map(|time| time.to_string()).unwrap_or_default();
            }
            Item::OriginalGroup(group) => {
                group.message_id.clone_into(&mut overview.message_id);
                group.message_name.clone_into(&mut overview.message_type);
                group.creation_date_time.unwrap_or_default().clone_into(&mut overview.creation_date_time);
                overview.number_of_transactions = group.number_of_transactions.unwrap_or_default();
                overview.control_sum = group.control_sum.map(|sum| sum.to_string());
                overview.status = group.status.map(|status| status.to_string()).unwrap_or_default();
                (overview.reason, overview.further_reasons) = reasons(group.reasons, language);
                overview.counts = counts(group.transactions_per_status);
            }
            Item::PaymentInformation(block) => {
                block.payment_information_id.clone_into(&mut block_id);
                let all = block.reasons.iter().map(|reason| one_reason(reason, language).0);
                // A notice stands among the reasons, and is none.
                let is_notice = |reason: &ReasonText| reason.code == Code::ExecutedOnAnotherDay.id();
                let (notices, reasons): (Vec<_>, Vec<_>) = all.partition(is_notice);
                let mut reasons = reasons.into_iter();
                overview.blocks.push(BlockOverview {
                    payment_information_id: block_id.clone(),
                    status: block.status.map(|status| status.to_string()).unwrap_or_default(),
                    reason: reasons.next(),
                    further_reasons: reasons.collect(),
                    notices,
                    counts: counts(block.transactions_per_status),
                    ..BlockOverview::default()
                });
            }
            Item::Transaction(payment) if payment.status == Some(Status::RJCT) => {
                listed += 1;
                if overview.refused.len() < REFUSALS_MAX {
                    overview.refused.push(refusal(&payment, &block_id, language));
                }
            }
            Item::Transaction(_) => {}
        }
    }
    overview.refused_total = refused_total(&overview, listed);
    Ok(overview)
}

/// How many are refused: the most general place that says it counts.
fn refused_total(overview: &MessageOverview, listed: u64) -> u64 {
    if overview.status == Status::RJCT.code() {
        return overview.number_of_transactions;
    }
    if !overview.counts.is_empty() {
        return rejected(&overview.counts);
    }
    let in_blocks: u64 = overview.blocks.iter().map(|block| rejected(&block.counts)).sum();
    in_blocks.max(listed)
}

fn rejected(counts: &[StatusCount]) -> u64 {
    counts.iter().filter(|count| count.status == Status::RJCT.code()).map(|count| count.count).sum()
}

fn counts(totals: &[TransactionsPerStatus]) -> Vec<StatusCount> {
    totals
        .iter()
        .map(|total| StatusCount {
            status: total.status.to_string(),
            count: total.number_of_transactions,
            total: total.control_sum.map(|sum| sum.to_string()),
            currency: None,
        })
        .collect()
}

fn refusal(payment: &TransactionStatus<'_>, block_id: &str, language: Language) -> PaymentRefusal {
    let (reason, further_reasons) = reasons(payment.reasons, language);
    let line = payment.reasons.iter().find_map(|reason| one_reason(reason, language).1);
    let original = payment.original;
    let amount = original.and_then(|original| original.instructed_amount);
    PaymentRefusal {
        count: 1,
        payment_information_id: Some(block_id.to_owned()),
        end_to_end_id: payment.end_to_end_id.map(ToOwned::to_owned),
        amount: amount.map(|amount| amount.value.to_string()),
        currency: amount.map(|amount| amount.currency.to_string()),
        creditor_name: original.and_then(|original| original.creditor_name).map(ToOwned::to_owned),
        line,
        reason: reason.unwrap_or_default(),
        further_reasons,
        ..PaymentRefusal::default()
    }
}

/// The first reason, and the others.
fn reasons(reasons: &[StatusReason<'_>], language: Language) -> (Option<ReasonText>, Vec<ReasonText>) {
    let mut all = reasons.iter().map(|reason| one_reason(reason, language).0);
    (all.next(), all.collect())
}

/// A reason, and the line of the file that it names.
fn one_reason(reason: &StatusReason<'_>, language: Language) -> (ReasonText, Option<u64>) {
    // The exchange says its own code first, and last the line of the file; a text between may be broken anywhere.
    let mut parts = reason.additional_information.to_vec();
    let line = parts.last().and_then(|last| last.strip_prefix("line ")?.parse().ok());
    if line.is_some() {
        parts.pop();
    }
    let text = parts.join(" ");
    let (code, text) = match text.split_once(": ") {
        Some((code, rest)) if code.starts_with("TDAM-") => (code.to_owned(), rest.to_owned()),
        _ => (String::new(), text),
    };
    let iso_reason = reason.reason.map(|reason| match reason {
        CodeOrProprietary::Code(code) | CodeOrProprietary::Proprietary(code) => code.to_owned(),
    });
    (ReasonText { iso_reason, text: in_language(&code, text, language), code, ..ReasonText::default() }, line)
}

/// A pain.002 is written in English; its values go into the catalogue's sentence of the language.
fn in_language(code: &str, text: String, language: Language) -> String {
    match (language, code.parse::<Code>()) {
        (Language::Latvian, Ok(code)) => RefusalReason::read_back(code, &text, 0).sentence(language),
        _ => text,
    }
}
