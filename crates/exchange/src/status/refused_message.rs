//! The content of a stored answer as values. A message refused as a whole leaves only its answer and its reasons, so
//! the exchange reads its overview from them, and both agree.

use std::collections::HashMap;

use iso20022::common::Amount;
use iso20022::pain002::{
    Item, OriginalPaymentInformation, Reader, StatusReason, TransactionStatus, TransactionsPerStatus,
};
use payments::{MessageId, Refusal, RefusalStage, Status};
use rulebook::catalogue::{Code, Language};
use store::Message;
use xsd::{Bounds, ReadError};

use crate::status::reason::{Level, RefusalReason, of_payment, read};
use crate::status::reason_scope::ReasonScope;
use crate::status::report::answer_type;
use crate::{BlockOverview, Failure, MessageOverview, RefusedPayments, StatusCount, stored};

/// The overview of a message that was refused as a whole. `refusals` are those stored for it.
pub(crate) fn overview(message: Message, refusals: &[Refusal]) -> Result<MessageOverview, Failure> {
    let original = stored::type_of(&message)?;
    let kept = Kept::of(refusals)?;
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
    let mut payments = 0_u64;
    let mut reader = Reader::new(answer_type(original), message.answer.as_slice(), Bounds::default());
    loop {
        let item = reader.next().map_err(|error| unreadable(message.id, &error))?;
        match item {
            Some(Item::GroupHeader(_)) => {}
            Some(Item::OriginalGroup(group)) => {
                let reported = || group.reasons.iter().map(|reported| reason(reported).0).collect();
                overview.reasons = kept.of_message.clone().unwrap_or_else(reported);
                overview.counts = counts(group.transactions_per_status);
                let refused = overview.counts.iter().find(|count| count.status == Status::Rejected);
                overview.refused_total = refused.map_or(overview.refused_total, |count| count.count);
            }
            Some(Item::PaymentInformation(reported)) => {
                // Blocks follow each other in the file, so the first payment of each is known.
                let first = payments;
                payments = first.saturating_add(reported.number_of_transactions.unwrap_or(0));
                overview.blocks.push(block(&reported, kept.of_blocks.get(&first)));
            }
            Some(Item::Transaction(reported)) => {
                let number = overview.blocks.len().checked_sub(1).and_then(|last| u32::try_from(last).ok());
                if let (Some(block), Some(original)) = (overview.blocks.last_mut(), reported.original) {
                    block.requested_execution_date = original.requested_execution_date;
                }
                overview.refused.push(payment(&reported, number, &kept)?);
            }
            None => return Ok(overview),
        }
    }
}

/// The status that a message's answer gave it as a whole.
///
/// # Errors
/// When the answer cannot be read.
pub(crate) fn group_status(message: &Message) -> Result<Option<&'static str>, Failure> {
    let original = stored::type_of(message)?;
    let mut reader = Reader::new(answer_type(original), message.answer.as_slice(), Bounds::default());
    loop {
        match reader.next().map_err(|error| unreadable(message.id, &error))? {
            Some(Item::OriginalGroup(group)) => return Ok(group.status.and_then(status).map(Status::code)),
            Some(Item::GroupHeader(_)) => {}
            Some(Item::PaymentInformation(_) | Item::Transaction(_)) | None => return Ok(None),
        }
    }
}

fn unreadable(message: MessageId, error: &ReadError) -> Failure {
    Failure::unexpected(format_args!("the stored answer to message {} cannot be read: {error}", message.0))
}

/// Reasons as they are stored.
#[derive(Default)]
struct Kept {
    of_message: Option<Vec<RefusalReason>>,
    /// By the block's first payment.
    of_blocks: HashMap<u64, Vec<RefusalReason>>,
    /// By the payment's number.
    of_payments: HashMap<u32, (RefusalStage, Vec<RefusalReason>)>,
    /// What a decision refused, or an earlier version stored: of one payment by its number, of several in file order.
    decisions: HashMap<u32, Refusal>,
    ranges: Vec<Refusal>,
}

impl Kept {
    fn of(refusals: &[Refusal]) -> Result<Kept, Failure> {
        let mut kept = Kept::default();
        for refusal in refusals {
            let (level, reasons) = read(refusal)?;
            match level {
                Some(Level::Message) => kept.of_message = Some(reasons),
                Some(Level::Block) => drop(kept.of_blocks.insert(u64::from(refusal.first), reasons)),
                Some(Level::Payment) => {
                    kept.of_payments.insert(refusal.first, (refusal.stage, reasons));
                }
                None if refusal.first == refusal.last => {
                    kept.decisions.insert(refusal.first, refusal.clone());
                }
                None => kept.ranges.push(refusal.clone()),
                Some(Level::Counted) => {}
            }
        }
        kept.ranges.sort_by_key(|refusal| refusal.first);
        Ok(kept)
    }

    /// The decisions that can have refused this payment, the narrowest first.
    fn decisions_on(&self, ordinal: u32) -> impl Iterator<Item = &Refusal> {
        let begun = self.ranges.partition_point(|range| range.first <= ordinal);
        let covering = self.ranges[..begun].iter().filter(move |range| ordinal <= range.last);
        self.decisions.get(&ordinal).into_iter().chain(covering)
    }
}

fn block(reported: &OriginalPaymentInformation<'_>, kept: Option<&Vec<RefusalReason>>) -> BlockOverview {
    // Only the answer has the reasons that a block gives for payments which it does not name.
    let of_some = |reported: &RefusalReason| reported.payments.is_some() || ReasonScope::read(&reported.text).is_some();
    let counted = reported.reasons.iter().map(|reported| reason(reported).0).filter(of_some);
    let reasons = match kept {
        Some(kept) => kept.iter().cloned().chain(counted).collect(),
        None => reported.reasons.iter().map(|reported| reason(reported).0).collect(),
    };
    BlockOverview {
        payment_information_id: reported.payment_information_id.to_owned(),
        debtor_iban: String::new(),
        requested_execution_date: None,
        status: reported.status.and_then(status).unwrap_or(Status::Rejected),
        reasons,
        notices: Vec::new(),
        counts: counts(reported.transactions_per_status),
    }
}

fn payment(reported: &TransactionStatus<'_>, block: Option<u32>, kept: &Kept) -> Result<RefusedPayments, Failure> {
    // `StsId` ends in the payment's number, from 1.
    let number = reported.status_id.and_then(|id| id.rsplit('-').next()?.parse::<u32>().ok());
    let ordinal = number.unwrap_or(1).saturating_sub(1);
    let original = reported.original.unwrap_or_default();
    let (mut reasons, lines): (Vec<RefusalReason>, Vec<Option<u32>>) = reported.reasons.iter().map(reason).unzip();
    let stage = match kept.of_payments.get(&ordinal) {
        Some((stage, kept)) => {
            reasons.clone_from(kept);
            *stage
        }
        None => {
            let decided = |reported| decided(reported, ordinal, original.instructed_amount, kept);
            reasons = reasons.into_iter().map(decided).collect::<Result<_, Failure>>()?;
            RefusalStage::Admission
        }
    };
    Ok(RefusedPayments {
        first: ordinal,
        last: ordinal,
        count: 1,
        block,
        end_to_end_id: reported.end_to_end_id.map(str::to_owned),
        amount: original.instructed_amount,
        creditor_name: original.creditor_name.map(str::to_owned),
        reasons,
        line: lines.into_iter().flatten().next().unwrap_or(0),
        stage,
    })
}

/// A reason that an answer reported, with the parts that the decision kept which says the same.
fn decided(
    reported: RefusalReason,
    ordinal: u32,
    amount: Option<Amount>,
    kept: &Kept,
) -> Result<RefusalReason, Failure> {
    let text = reported.sentence(Language::English);
    for decision in kept.decisions_on(ordinal) {
        let made = of_payment(decision, amount, reported.line)?;
        if made.code == reported.code && made.sentence(Language::English) == text {
            return Ok(made);
        }
    }
    // An earlier version had other words for what it stored.
    let decision = kept.decisions.get(&ordinal).map(|decision| of_payment(decision, amount, reported.line));
    Ok(match decision.transpose()? {
        Some(stored) if stored.code == reported.code && !reported.text.is_empty() => {
            RefusalReason { value: stored.value, expected: stored.expected, ..reported }
        }
        _ => reported,
    })
}

/// A reason as an answer writes it: our code and the sentence, in lines, and last the line of the file.
fn reason(reported: &StatusReason<'_>) -> (RefusalReason, Option<u32>) {
    let mut parts = reported.additional_information.to_vec();
    let line = parts.last().and_then(|last| last.strip_prefix("line ")?.parse().ok());
    if line.is_some() {
        parts.pop();
    }
    let text = parts.join(" ");
    let number = line.unwrap_or(0);
    let reported = text.split_once(": ").and_then(|(code, text)| Some((code.parse::<Code>().ok()?, text)));
    let reason = match reported {
        Some((code, text)) => RefusalReason::read_back(code, text, number),
        None => {
            let text = text.into();
            RefusalReason { text, ..RefusalReason::new(Code::RefusedWithMessage, "", number) }
        }
    };
    (reason, line)
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
