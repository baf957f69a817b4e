//! What one decision of a group leaves behind.

use ::payments::{Event, Lot, MessageId, Refusal};
use ledger::AccountId;

use crate::{
    AuditLine, Block, DuplicateKey, Message, MessageName, NewSubmission, PaymentRow, RequestEvidence, StoredPayment,
};

/// The rows of a message that was decided on. Its submission is consumed by it.
#[derive(Debug)]
pub(crate) struct Decided {
    pub(crate) submission: NewSubmission,
    /// What it was signed with.
    pub(crate) evidence: Option<RequestEvidence>,
    pub(crate) message: Message,
    /// Whether its payments count.
    pub(crate) is_active: bool,
    pub(crate) blocks: Vec<Block>,
    /// In file order.
    pub(crate) payments: Vec<KeptPayment>,
    pub(crate) keys: Vec<DuplicateKey>,
    pub(crate) lots: Vec<Lot>,
    pub(crate) events: Vec<Event>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) lines: Vec<AuditLine>,
}

/// A payment, with its record.
#[derive(Clone, Debug)]
pub(crate) struct KeptPayment {
    pub(crate) ordinal: u32,
    pub(crate) block: u32,
    pub(crate) lot: Option<u32>,
    pub(crate) minor: i64,
    pub(crate) creditor: Option<AccountId>,
    pub(crate) record: Vec<u8>,
}

impl KeptPayment {
    pub(crate) fn stored(&self) -> StoredPayment<'_> {
        let KeptPayment { ordinal, block, lot, minor, creditor, ref record } = *self;
        StoredPayment { ordinal, block, lot, minor, creditor, record }
    }

    pub(crate) fn row(&self) -> PaymentRow<'_> {
        let KeptPayment { ordinal, block, lot, minor, creditor, ref record } = *self;
        PaymentRow { ordinal, block, lot, minor, creditor, record }
    }
}

impl Decided {
    pub(crate) fn id(&self) -> MessageId {
        self.message.id
    }

    pub(crate) fn payment(&self, ordinal: u32) -> Option<&KeptPayment> {
        let place = self.payments.binary_search_by_key(&ordinal, |payment| payment.ordinal).ok()?;
        self.payments.get(place)
    }

    /// Whether a payment counts as one that was sent before, by the same words as the statements of
    /// [`ReadDuplicates`](crate::ReadDuplicates): its message is active, and it was not refused, neither before it got a
    /// lot, nor alone or in a range.
    pub(crate) fn counts(&self, ordinal: u32) -> bool {
        let Some(lot) = self.payment(ordinal).filter(|_| self.is_active).and_then(|payment| payment.lot) else {
            return false;
        };
        let refuses = |refusal: &Refusal| {
            (refusal.first..=refusal.last).contains(&ordinal) && refusal.lot.is_none_or(|of| of == lot)
        };
        !self.refusals.iter().any(refuses)
    }

    pub(crate) fn name(&self) -> MessageName {
        let first = self.events.iter().min_by_key(|event| event.lot.number);
        MessageName {
            id: self.id(),
            message_id: self.message.message_id.clone(),
            consumed_at: self.message.consumed_at,
            business_day: first.map(|event| event.business_day),
        }
    }
}
