//! The pieces that the check of a message hands on: no XML any more, no accounts yet.

use std::ops::Range;

use iso20022::MessageType;
use iso20022::common::Amount;
use jiff::civil::Date;
use money::Decimal;
use payments::PaymentRecord;
use rulebook::{Iban, Route};

use crate::Failure;
use crate::bounds::{CHUNK_BYTES_MAX, CHUNK_RECORD_BYTES_RESERVED};
use crate::check::key_kind::KeyKind;
use crate::status::reason::RefusalReason;
use crate::submission::memory::{Charge, MessageMemory, vector_bytes};

/// The group header.
#[derive(Clone, Debug)]
pub(crate) struct MessageHead {
    pub(crate) message_type: MessageType,
    pub(crate) message_id: String,
    pub(crate) creation_date_time: String,
    pub(crate) number_of_transactions: u64,
    pub(crate) control_sum: Option<Decimal>,
}

/// Payments that follow each other in the file, and the heads of the blocks that began among them.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) blocks: Vec<BlockHead>,
    pub(crate) items: Vec<PaymentPiece>,
    /// The records of all items, one after the other.
    pub(crate) records: Vec<u8>,
    /// Duplicate keys of the items that no rule refuses.
    pub(crate) keys: Vec<PaymentKey>,
    /// Bytes of the texts that blocks and reasons hold.
    held_bytes: usize,
    charge: Charge,
}

impl Chunk {
    pub(crate) fn new(memory: &MessageMemory) -> Chunk {
        Chunk {
            blocks: Vec::new(),
            items: Vec::new(),
            records: Vec::new(),
            keys: Vec::new(),
            held_bytes: 0,
            charge: memory.charge(),
        }
    }

    /// Makes room for so many payments. Vectors that double as they grow leave holes of megabytes in the heap, and the threads
    /// that read messages take turns in leaving them.
    pub(crate) fn make_room(&mut self, payments: usize) {
        let record_bytes = (payments * CHUNK_RECORD_BYTES_RESERVED).min(CHUNK_BYTES_MAX);
        self.items.reserve_exact(payments);
        self.records.reserve_exact(record_bytes);
        self.keys.reserve_exact(payments * KeyKind::OF_A_PAYMENT);
    }

    pub(crate) fn push_block(&mut self, block: BlockHead) {
        self.held_bytes += block.text_bytes();
        self.blocks.push(block);
    }

    pub(crate) fn push_item(&mut self, item: PaymentPiece) {
        self.held_bytes += reasons_bytes(&item.reasons);
        self.items.push(item);
    }

    /// Bytes of its records and texts, which decide where it ends.
    pub(crate) fn text_bytes(&self) -> usize {
        self.records.len() + self.held_bytes
    }

    /// Charges what it keeps to the message's memory, until it is dropped.
    pub(crate) fn charge(&mut self) -> Result<(), Failure> {
        let vectors = vector_bytes(&self.blocks) + vector_bytes(&self.items) + vector_bytes(&self.keys);
        self.charge.set(vectors + vector_bytes(&self.records) + self.held_bytes)
    }
}

/// Bytes that the texts of reasons occupy, and the reasons themselves.
pub(crate) fn reasons_bytes(reasons: &Vec<RefusalReason>) -> usize {
    vector_bytes(reasons) + reasons.iter().map(RefusalReason::text_bytes).sum::<usize>()
}

/// The head of a block.
#[derive(Clone, Debug)]
pub(crate) struct BlockHead {
    pub(crate) number: u32,
    pub(crate) line: u32,
    pub(crate) payment_information_id: String,
    pub(crate) number_of_transactions: Option<u64>,
    pub(crate) control_sum: Option<Decimal>,
    pub(crate) debtor_name: String,
    /// Compact; after the sandbox's aliases.
    pub(crate) debtor_iban: String,
    pub(crate) requested_execution_date: Option<Date>,
    /// The day as the file writes it, wherever its moment lies.
    pub(crate) written_execution_date: Option<Date>,
    /// Its first payment.
    pub(crate) first: u32,
}

impl BlockHead {
    /// Bytes of its texts.
    pub(crate) fn text_bytes(&self) -> usize {
        self.payment_information_id.capacity() + self.debtor_name.capacity() + self.debtor_iban.capacity()
    }
}

/// A payment.
#[derive(Debug)]
pub(crate) struct PaymentPiece {
    pub(crate) ordinal: u32,
    pub(crate) block: u32,
    pub(crate) line: u32,
    /// Minor units; 0 when the amount is none that could be booked.
    pub(crate) minor: i64,
    /// As the file states it.
    pub(crate) amount: Option<Amount>,
    /// How and when it is executed; `None` when a rule refuses it.
    pub(crate) plan: Option<ExecutionPlan>,
    /// Where its record lies in [`Chunk::records`].
    pub(crate) record: Range<usize>,
    /// Why the rulebook refuses it.
    pub(crate) reasons: Vec<RefusalReason>,
}

/// How a payment that no rule refuses is executed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ExecutionPlan {
    pub(crate) route: Route,
    pub(crate) execution_date: Date,
    pub(crate) creditor_iban: Iban,
    /// The code of the payee's side that a payment to a bailiff's account must carry, where it does not.
    pub(crate) lacks_for_bailiff: Option<&'static str>,
}

/// A duplicate key of a payment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaymentKey {
    pub(crate) kind: KeyKind,
    pub(crate) hash: i64,
    pub(crate) ordinal: u32,
}

/// How a file calls a payment, for its sender to recognise it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PaymentLabel {
    pub(crate) instruction_id: String,
    pub(crate) end_to_end_id: String,
    pub(crate) uetr: String,
    pub(crate) amount: Option<Amount>,
    pub(crate) creditor_name: String,
    pub(crate) creditor_iban: String,
}

impl PaymentLabel {
    /// Bytes of its texts.
    pub(crate) fn text_bytes(&self) -> usize {
        let PaymentLabel { instruction_id, end_to_end_id, uetr, creditor_name, creditor_iban, .. } = self;
        [instruction_id, end_to_end_id, uetr, creditor_name, creditor_iban].into_iter().map(String::capacity).sum()
    }

    pub(crate) fn of(record: &PaymentRecord<'_>, amount: Option<Amount>) -> PaymentLabel {
        PaymentLabel {
            instruction_id: record.instruction_id.to_owned(),
            end_to_end_id: record.end_to_end_id.to_owned(),
            uetr: record.uetr.to_owned(),
            amount,
            creditor_name: record.creditor_name.to_owned(),
            creditor_iban: record.creditor_iban.to_owned(),
        }
    }
}

/// Values from the end of the message.
#[derive(Debug, Default)]
pub(crate) struct MessageEnd {
    /// How many payments there are.
    pub(crate) payments: u32,
    /// The blocks' totals, in order.
    pub(crate) blocks: Vec<BlockEnd>,
    /// Why the message as a whole is refused.
    pub(crate) reasons: Vec<RefusalReason>,
    /// Bytes of the blocks' reasons.
    held_bytes: usize,
    /// What it takes of the message's memory, once it is complete.
    charge: Option<Charge>,
}

impl MessageEnd {
    pub(crate) fn push(&mut self, block: BlockEnd) {
        self.held_bytes += reasons_bytes(&block.reasons);
        self.blocks.push(block);
    }

    /// It is complete, and its charge goes with it.
    pub(crate) fn hold(&mut self, charge: Charge) {
        self.charge = Some(charge);
    }

    /// Bytes that it keeps.
    pub(crate) fn heap_bytes(&self) -> usize {
        vector_bytes(&self.blocks) + self.held_bytes + reasons_bytes(&self.reasons)
    }
}

/// A block's totals.
#[derive(Clone, Debug)]
pub(crate) struct BlockEnd {
    pub(crate) count: u32,
    /// `None` when it is beyond what a decimal holds.
    pub(crate) sum: Option<Decimal>,
    /// Why the rulebook refuses the block.
    pub(crate) reasons: Vec<RefusalReason>,
}
