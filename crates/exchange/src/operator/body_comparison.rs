//! Compares the stored data of messages with the received bodies that still exist. Each body, read as it was then, must
//! agree with the data; otherwise one of the two has changed.
//!
//! The comparison decides nothing again: rules, accounts and days may differ by now. It compares only the file's
//! content, a chunk at a time, so that memory does not grow with a message.

use std::io::Read;

use iso20022::bounds::PLACEHOLDER_BICS;
use ledger::AccountId;
use payments::{MessageId, PaymentRecord};
use rulebook::catalogue::Code;
use store::{
    AtRest, Block, BodyPlace, Message, Reading, Store, StoreError, StoredBody, Submission, SubmissionState,
    TreasuryAccount,
};

use crate::bounds::{COMPARED_LINES, COMPARED_PAYMENTS, COMPARISON_PROBLEMS_MAX};
use crate::check::message::{Circumstances, MessageCheck, Next};
use crate::check::pieces::{BlockHead, Chunk, MessageHead};
use crate::submission::memory::MemoryBudget;
use crate::{Failure, Settings};

/// The compared data: of an open store, or of a folder opened only for reading.
pub trait Kept {
    /// Reads from one snapshot.
    ///
    /// # Errors
    /// The store's own, and what the job returns.
    fn read(&self, job: &mut dyn FnMut(&mut dyn Reading) -> Result<(), StoreError>) -> Result<(), StoreError>;

    /// Opens a body.
    ///
    /// # Errors
    /// When it is not there.
    fn open_body(&self, body: &StoredBody) -> Result<Box<dyn Read + Send>, StoreError>;
}

impl Kept for Store {
    fn read(&self, job: &mut dyn FnMut(&mut dyn Reading) -> Result<(), StoreError>) -> Result<(), StoreError> {
        self.read_blocking(|reading| job(reading))
    }

    fn open_body(&self, body: &StoredBody) -> Result<Box<dyn Read + Send>, StoreError> {
        Store::open_body(self, body)
    }
}

impl Kept for AtRest {
    fn read(&self, job: &mut dyn FnMut(&mut dyn Reading) -> Result<(), StoreError>) -> Result<(), StoreError> {
        AtRest::read(self, |reading| job(reading))
    }

    fn open_body(&self, body: &StoredBody) -> Result<Box<dyn Read + Send>, StoreError> {
        AtRest::open_body(self, body)
    }
}

/// The result of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Messages whose bodies agree with the stored data.
    pub same: u64,
    /// What is wrong, in plain words; at most [`COMPARISON_PROBLEMS_MAX`].
    pub problems: Vec<String>,
}

const DIFFERENT: &str = "bodies that do not say what is stored of their message";

impl Comparison {
    fn tell(&mut self, problem: String) {
        if self.problems.len() < COMPARISON_PROBLEMS_MAX {
            self.problems.push(problem);
        }
    }
}

/// A message with its stored data.
struct Stored {
    message: Message,
    submission: Submission,
    blocks: Vec<Block>,
    /// The accounts that they name.
    debtors: Vec<TreasuryAccount>,
}

/// Compares all messages in the audit chain. `settings`: those under which the exchange took them, if known.
///
/// # Errors
/// When the store cannot be read at all.
pub fn compare_bodies(kept: &dyn Kept, settings: Option<&Settings>) -> Result<Comparison, StoreError> {
    let (mut comparison, mut from) = (Comparison::default(), 0);
    let defaults = Settings::default();
    // The comparison reads an accepted body of any length.
    let settings = settings.unwrap_or(&defaults).clone();
    let settings = &Settings { body_bytes_max: store::bounds::BODY_BYTES_MAX, ..settings };
    loop {
        let mut ids: Vec<MessageId> = Vec::new();
        let mut next = from;
        let page = kept.read(&mut |reading| {
            let page = reading.audit(from, COMPARED_LINES)?;
            next = page.last().map_or(from, |last| last.sequence + 1);
            let decided = |action: &str| ["payments.accepted", "payments.refused"].contains(&action);
            let of_messages = page.iter().filter(|chained| decided(&chained.line.action));
            ids = of_messages.filter_map(|chained| id_of(&chained.line.detail)).collect();
            Ok(())
        });
        if let Err(StoreError::Corrupt(text)) = page {
            comparison.tell(format!("the audit cannot be read: {text}"));
            return Ok(comparison);
        }
        page?;
        for id in ids {
            let compared = stored(kept, id).and_then(|stored| match stored {
                None => Ok(None),
                Some(stored) => compare(kept, settings, &stored).map(Some),
            });
            match compared {
                Ok(None) => {}
                Ok(Some(None)) => comparison.same += 1,
                Ok(Some(Some(what))) => comparison.tell(format!("{DIFFERENT}: {}: {what}", id.0)),
                Err(StoreError::Corrupt(text)) => comparison.tell(format!("message {} cannot be read: {text}", id.0)),
                Err(error) => return Err(error),
            }
        }
        if next == from {
            return Ok(comparison);
        }
        from = next;
    }
}

fn id_of(detail: &str) -> Option<MessageId> {
    detail.strip_prefix("message ")?.split(' ').next()?.parse().ok().map(MessageId)
}

/// `None` where there is nothing to compare: retention removed the body, or it is missing, which the store's own check
/// reports.
fn stored(kept: &dyn Kept, id: MessageId) -> Result<Option<Stored>, StoreError> {
    let mut stored = None;
    kept.read(&mut |reading| {
        let found = reading.submission(id)?.zip(reading.message(id)?);
        if let Some((submission, message)) = found {
            let is_kept = submission.state == SubmissionState::Consumed
                && !matches!(submission.received.body.place, BodyPlace::Forgotten);
            if is_kept {
                let blocks = reading.blocks(id)?;
                let ids: Vec<AccountId> = blocks.iter().filter_map(|block| block.debtor_account).collect();
                let debtors = reading.accounts(&ids)?;
                stored = Some(Stored { message, submission, blocks, debtors });
            }
        }
        Ok(())
    })?;
    Ok(stored)
}

/// The differences, if any. One version wrote the whole message: this one or an earlier one.
fn compare(kept: &dyn Kept, settings: &Settings, stored: &Stored) -> Result<Option<String>, StoreError> {
    match compare_as(kept, settings, stored, false)? {
        Some(what) => Ok(compare_as(kept, settings, stored, true)?.map(|_| what)),
        None => Ok(None),
    }
}

fn compare_as(
    kept: &dyn Kept,
    settings: &Settings,
    stored: &Stored,
    as_stored_before: bool,
) -> Result<Option<String>, StoreError> {
    let Stored { message, submission, .. } = stored;
    let body = match kept.open_body(&submission.received.body) {
        Ok(body) => body,
        Err(StoreError::Missing(_) | StoreError::File { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Ok(message_type) = message.message_type.parse() else {
        return Ok(Some("its type is none".to_owned()));
    };
    // The comparison ignores the present memory limit, since the exchange accepted the message once.
    let memory = MemoryBudget::unlimited().message(submission.received.client);
    let circumstances = Circumstances {
        settings,
        memory: &memory,
        blocks_max: usize::MAX,
        client: submission.received.client,
        message_type,
        business_day: crate::local_time(submission.received.received_at).date(),
        received_at: submission.received.received_at,
        first_chunk_payments: COMPARED_PAYMENTS,
        chunk_payments: COMPARED_PAYMENTS,
        as_stored_before,
    };
    let (head, mut check) = match MessageCheck::begin(body, &circumstances) {
        Ok(begun) => begun,
        Err(failure) => return Ok(unreadable(&failure)),
    };
    if let Some(what) = header_differs(&head, message) {
        return Ok(Some(what));
    }
    loop {
        let (chunk, rest) = match check.next() {
            Ok(Next::Chunk(chunk, rest)) => (chunk, Ok(rest)),
            Ok(Next::Last(chunk, end)) => (chunk, Err(end)),
            Err(failure) => return Ok(unreadable(&failure)),
        };
        if let Some(what) = chunk_differs(kept, stored, &chunk)? {
            return Ok(Some(what));
        }
        match rest {
            Ok(rest) => check = rest,
            Err(end) if message.payments > 0 && end.payments != message.payments => {
                return Ok(Some("it has another number of payments".to_owned()));
            }
            Err(_) => return Ok(None),
        }
    }
}

/// An unreadable body differs from the answered one; a truncated one has its own finding.
fn unreadable(failure: &Failure) -> Option<String> {
    (failure.code != Code::Unavailable).then(|| format!("it cannot be read ({})", failure.code.id()))
}

fn header_differs(header: &MessageHead, message: &Message) -> Option<String> {
    let is_same = header.message_id == message.message_id
        && header.creation_date_time == message.creation_date_time
        && header.number_of_transactions == message.number_of_transactions
        && header.control_sum.map(|sum| sum.to_string()) == message.control_sum;
    (!is_same).then(|| "the group header".to_owned())
}

fn chunk_differs(kept: &dyn Kept, stored: &Stored, chunk: &Chunk) -> Result<Option<String>, StoreError> {
    if stored.message.payments == 0 {
        return Ok(None);
    }
    for head in &chunk.blocks {
        let block = stored.blocks.iter().find(|block| block.number == head.number);
        if !block.is_some_and(|block| is_same_block(head, block, &stored.debtors)) {
            return Ok(Some(format!("block {}", head.number)));
        }
    }
    let Some(first) = chunk.items.first().map(|item| item.ordinal) else { return Ok(None) };
    let limit = u32::try_from(chunk.items.len()).unwrap_or(u32::MAX);
    let (mut items, mut different) = (chunk.items.iter(), None);
    kept.read(&mut |reading| {
        items = chunk.items.iter();
        reading.payments(stored.message.id, None, first, limit, &mut |payment| {
            let Some(item) = items.next() else { return Ok(()) };
            let is_same = item.ordinal == payment.ordinal
                && item.block == payment.block
                && item.minor == payment.minor
                && is_same_record(&chunk.records[item.record.clone()], payment.record);
            if !is_same && different.is_none() {
                different = Some(format!("payment {}", item.ordinal));
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(different.or_else(|| items.next().map(|item| format!("payment {}", item.ordinal))))
}

/// Byte for byte, or as an earlier version wrote it.
fn is_same_record(sent: &[u8], stored: &[u8]) -> bool {
    let as_before = || match (PaymentRecord::decode(sent), PaymentRecord::decode(stored)) {
        (Ok(sent), Ok(mut stored)) => {
            let PaymentRecord { creditor_bic, ultimate_debtor, ultimate_creditor, .. } = &mut stored;
            for bic in [creditor_bic, &mut ultimate_debtor.organisation_bic, &mut ultimate_creditor.organisation_bic] {
                // Earlier versions knew fewer placeholders.
                if PLACEHOLDER_BICS.contains(bic) {
                    *bic = "";
                }
            }
            sent.is_stored_as(&stored)
        }
        _ => false,
    };
    sent == stored || as_before()
}

fn is_same_block(head: &BlockHead, block: &Block, debtors: &[TreasuryAccount]) -> bool {
    // A sandbox may have taken the account that is named for one of its own: then it is that one's number.
    let is_alias = |account: &TreasuryAccount| {
        Some(account.ledger.id) == block.debtor_account && account.iban == block.debtor_iban
    };
    head.payment_information_id == block.payment_information_id
        // A blank name is none, and was kept by older versions.
        && head.debtor_name == if block.debtor_name.trim().is_empty() { "" } else { block.debtor_name.as_str() }
        && (head.debtor_iban == block.debtor_iban || debtors.iter().any(is_alias))
        // What older versions stored of a moment is the day as it was written.
        && [head.requested_execution_date, head.written_execution_date].contains(&block.requested_execution_date)
        && head.first == block.first
        && head.number_of_transactions.is_none_or(|count| count == block.number_of_transactions)
}
