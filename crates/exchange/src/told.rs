//! What a stored answer told, as values. A message refused as a whole leaves nothing but its answer and the reasons of
//! its payments, so its overview is read from them and says the same.

use std::collections::HashMap;

use iso20022::MessageType;
use iso20022::pain002::{
    Item, OriginalPaymentInformation, Reader, StatusReason, TransactionStatus, TransactionsPerStatus,
};
use payments::{Refusal, RefusalStage, Status};
use rulebook::catalogue::Code;
use store::Message;
use xsd::Bounds;

use crate::answer::answer_type;
use crate::{BlockOverview, Failure, MessageOverview, RefusalReason, RefusedPayments, StatusCount};

/// The overview of a message that was refused as a whole. `refusals` are those stored for it.
pub(crate) fn overview(message: Message, refusals: &[Refusal]) -> Result<MessageOverview, Failure> {
    let original: MessageType = message.message_type.parse().map_err(|_| Failure::new(Code::InternalError))?;
    let single = refusals.iter().filter(|refusal| refusal.first == refusal.last);
    let details: HashMap<u32, &Refusal> = single.map(|refusal| (refusal.first, refusal)).collect();
    let mut overview = MessageOverview {
        message_id: message.message_id,
        message_type: message.message_type,
        creation_date_time: message.creation_date_time,
        consumed_at: message.consumed_at,
        status: Status::Rejected,
        number_of_transactions: message.number_of_transactions,
        control_sum: message.control_sum,
        counts: Vec::new(),
        blocks: Vec::new(),
        reasons: Vec::new(),
        refused: Vec::new(),
        refused_total: message.number_of_transactions,
    };
    let mut reader = Reader::new(answer_type(original), message.answer.as_slice(), Bounds::default());
    loop {
        let item = reader.next().map_err(|error| {
            tracing::error!(%error, message = message.id.0, "a stored answer cannot be read");
            Failure::new(Code::InternalError)
        })?;
        match item {
            Some(Item::GroupHeader(_)) => {}
            Some(Item::OriginalGroup(group)) => {
                overview.reasons = group.reasons.iter().map(|told| reason(told).0).collect();
                overview.counts = counts(group.transactions_per_status);
                let refused = overview.counts.iter().find(|count| count.status == Status::Rejected);
                overview.refused_total = refused.map_or(overview.refused_total, |count| count.count);
            }
            Some(Item::PaymentInformation(told)) => overview.blocks.push(block(&told)),
            Some(Item::Transaction(told)) => {
                let number = overview.blocks.len().checked_sub(1).and_then(|last| u32::try_from(last).ok());
                if let (Some(block), Some(original)) = (overview.blocks.last_mut(), told.original) {
                    block.requested_execution_date = original.requested_execution_date;
                }
                overview.refused.push(payment(&told, number, &details));
            }
            None => return Ok(overview),
        }
    }
}

fn block(told: &OriginalPaymentInformation<'_>) -> BlockOverview {
    BlockOverview {
        payment_information_id: told.payment_information_id.to_owned(),
        debtor_iban: String::new(),
        requested_execution_date: None,
        status: told.status.and_then(status).unwrap_or(Status::Rejected),
        reasons: told.reasons.iter().map(|told| reason(told).0).collect(),
        counts: counts(told.transactions_per_status),
    }
}

fn payment(told: &TransactionStatus<'_>, block: Option<u32>, details: &HashMap<u32, &Refusal>) -> RefusedPayments {
    // `StsId` ends in the payment's number, from 1.
    let number = told.status_id.and_then(|id| id.rsplit('-').next()?.parse::<u32>().ok());
    let ordinal = number.unwrap_or(1).saturating_sub(1);
    let (mut reasons, lines): (Vec<RefusalReason>, Vec<Option<u32>>) = told.reasons.iter().map(reason).unzip();
    let stored = details.get(&ordinal);
    if let (Some(first), Some(stored)) = (reasons.first_mut(), stored)
        && first.code.id() == stored.code
    {
        first.detail.clone_from(&stored.detail);
    }
    let original = told.original.unwrap_or_default();
    RefusedPayments {
        first: ordinal,
        last: ordinal,
        count: 1,
        block,
        end_to_end_id: told.end_to_end_id.map(str::to_owned),
        amount: original.instructed_amount,
        creditor_name: original.creditor_name.map(str::to_owned),
        reasons,
        line: lines.into_iter().flatten().next().unwrap_or(0),
        stage: stored.map_or(RefusalStage::Admission, |stored| stored.stage),
    }
}

/// A reason as an answer writes it: our code and the sentence, in lines, and last the line of the file.
fn reason(told: &StatusReason<'_>) -> (RefusalReason, Option<u32>) {
    let mut parts = told.additional_information.to_vec();
    let line = parts.last().and_then(|last| last.strip_prefix("line ")?.parse().ok());
    if line.is_some() {
        parts.pop();
    }
    let text = parts.join(" ");
    let told = text.split_once(": ").and_then(|(code, text)| Some((code.parse::<Code>().ok()?, text.to_owned())));
    let (code, text) = told.unwrap_or((Code::RefusedWithMessage, text));
    (RefusalReason { code, detail: String::new(), text }, line)
}

fn counts(totals: &[TransactionsPerStatus]) -> Vec<StatusCount> {
    let count = |total: &TransactionsPerStatus| {
        let count = total.number_of_transactions;
        Some(StatusCount { status: status(total.status)?, count, total: total.control_sum, currency: None })
    };
    totals.iter().filter_map(count).collect()
}

fn status(code: iso20022::pain002::Status) -> Option<Status> {
    use Status::{Accepted, InProcess, Partial, Pending, Rejected, Settled};
    let all = [Pending, Accepted, InProcess, Settled, Partial, Rejected];
    all.into_iter().find(|status| status.code() == code.code())
}
