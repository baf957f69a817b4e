//! Shows that a block or a payment belongs to a message that was signed as a whole: what evidence keeps, however many
//! payments the message has.

use super::digest::{Digest, block_digest, message_digest};
use super::tree::Inclusion;

/// The place of a block in its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockProof {
    /// The digest of the message's head.
    pub message_head: Digest,
    /// How many payments the message has.
    pub payments: u64,
    /// Its place among the blocks.
    pub inclusion: Inclusion,
}

/// The place of a payment in its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentProof {
    /// The digest of its block's head.
    pub block_head: Digest,
    /// Its place among the payments of its block.
    pub inclusion: Inclusion,
    /// The place of its block.
    pub block: BlockProof,
}

/// The place of a part in its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Of a block.
    Block(BlockProof),
    /// Of a payment.
    Payment(PaymentProof),
}

impl BlockProof {
    /// The digest of the message that has this block there; `None` when no message has. The caller compares it with what
    /// was signed.
    #[must_use]
    pub fn message_digest(&self, block: Digest) -> Option<Digest> {
        let root = self.inclusion.root(block)?;
        Some(message_digest(self.message_head, self.inclusion.count, self.payments, root))
    }
}

impl PaymentProof {
    /// The digest of the block that has this payment there; `None` when no block has.
    #[must_use]
    pub fn block_digest(&self, payment: Digest) -> Option<Digest> {
        let root = self.inclusion.root(payment)?;
        Some(block_digest(self.block_head, self.inclusion.count, root))
    }

    /// The digest of the message that has this payment there; `None` when no message has.
    #[must_use]
    pub fn message_digest(&self, payment: Digest) -> Option<Digest> {
        self.block.message_digest(self.block_digest(payment)?)
    }
}

impl Proof {
    /// The digest of the message that has this part there; `None` when no message has.
    #[must_use]
    pub fn message_digest(&self, part: Digest) -> Option<Digest> {
        match self {
            Proof::Block(proof) => proof.message_digest(part),
            Proof::Payment(proof) => proof.message_digest(part),
        }
    }
}
