//! Digests a message part by part, as a reader hands them out: one pass, and no allocation for a payment.

use iso20022::pain001::{CreditTransfer, GroupHeader, Item, PaymentInformation};

use super::canonical::Canonical;
use super::digest::{
    Context, Digest, Place, block_digest, block_head_digest, message_digest, message_head_digest, payment_digest,
};
use super::proof::{BlockProof, PaymentProof, Proof};
use super::tree::{Inclusion, Tree};

/// Why a message has no digest. None of these can happen to a message that follows its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// A part came where it cannot stand.
    #[error("a part of the message stands where it cannot")]
    OutOfOrder,
    /// A block has no payment, or the message no block.
    #[error("a message or block without payments")]
    Empty,
}

/// The part whose place in the message is to be proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A block, from 0.
    Block(u64),
    /// A payment of the whole message, from 0.
    Payment(u64),
}

/// The digest of a message, with its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digested {
    /// The digest.
    pub message: Digest,
    /// How many blocks it has.
    pub blocks: u64,
    /// How many payments it has.
    pub payments: u64,
    /// The proof that was wanted; `None` without a wish, or when the message has no such part.
    pub proof: Option<Proof>,
}

/// Digests a message.
///
/// ```
/// use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation};
/// use signatures::payments::{Context, MessageDigester};
///
/// # fn main() -> Result<(), signatures::payments::DigestError> {
/// let context = Context { client: 7, submission: 4711 };
/// let mut digester = MessageDigester::new(context, &GroupHeader::default(), None);
/// digester.begin_block(&PaymentInformation::default())?;
/// let payment = digester.payment(&CreditTransfer::default())?;
/// let block = digester.end_block()?;
/// let message = digester.finish()?;
/// assert_eq!((message.blocks, message.payments), (1, 1));
/// assert!(payment != block && block != message.message);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MessageDigester {
    head: Digest,
    wanted: Option<Wanted>,
    blocks: Tree,
    payments: u64,
    /// The head of the block that is open.
    block_head: Option<Digest>,
    block: Tree,
    buffer: Canonical,
    /// Of the block that has the wanted payment: its head, and the payment's place in it.
    found: Option<(Digest, Inclusion)>,
}

impl MessageDigester {
    /// Begins with the message's head.
    #[must_use]
    pub fn new(context: Context, header: &GroupHeader<'_>, wanted: Option<Wanted>) -> MessageDigester {
        let wanted_block = match wanted {
            Some(Wanted::Block(block)) => Some(block),
            Some(Wanted::Payment(_)) | None => None,
        };
        MessageDigester {
            head: message_head_digest(context, header),
            wanted,
            blocks: Tree::new(wanted_block),
            payments: 0,
            block_head: None,
            block: Tree::new(None),
            buffer: Canonical::default(),
            found: None,
        }
    }

    /// Takes a part as a reader hands it out, behind the group header. Returns the digest of the payment, or of the block
    /// that has ended.
    ///
    /// # Errors
    /// When the part cannot stand there.
    pub fn item(&mut self, item: &Item<'_>) -> Result<Option<Digest>, DigestError> {
        match item {
            Item::GroupHeader(_) => Err(DigestError::OutOfOrder),
            Item::PaymentInformation(head) => self.begin_block(head).map(|()| None),
            Item::CreditTransfer(payment) => self.payment(payment).map(Some),
            Item::EndOfPaymentInformation { .. } => self.end_block().map(Some),
        }
    }

    /// Begins a block.
    ///
    /// # Errors
    /// When another one is open.
    pub fn begin_block(&mut self, head: &PaymentInformation<'_>) -> Result<(), DigestError> {
        if self.block_head.is_some() {
            return Err(DigestError::OutOfOrder);
        }
        self.block_head = Some(block_head_digest(self.head, self.blocks.count(), head));
        let wanted = match self.wanted {
            Some(Wanted::Payment(ordinal)) => ordinal.checked_sub(self.payments),
            Some(Wanted::Block(_)) | None => None,
        };
        self.block.restart(wanted);
        Ok(())
    }

    /// Takes a payment of the open block and returns its digest.
    ///
    /// # Errors
    /// When no block is open.
    pub fn payment(&mut self, payment: &CreditTransfer<'_>) -> Result<Digest, DigestError> {
        let block_head = self.block_head.ok_or(DigestError::OutOfOrder)?;
        let place = Place { block_head, ordinal: self.payments };
        let digest = payment_digest(place, payment, &mut self.buffer);
        self.block.push(digest);
        self.payments += 1;
        Ok(digest)
    }

    /// Ends the open block and returns its digest.
    ///
    /// # Errors
    /// When no block is open, or it has no payment.
    pub fn end_block(&mut self) -> Result<Digest, DigestError> {
        let head = self.block_head.take().ok_or(DigestError::OutOfOrder)?;
        let payments = self.block.count();
        let (root, inclusion) = self.block.finish().ok_or(DigestError::Empty)?;
        if let Some(inclusion) = inclusion {
            self.found = Some((head, inclusion));
            self.blocks.want_next();
        }
        let digest = block_digest(head, payments, root);
        self.blocks.push(digest);
        Ok(digest)
    }

    /// The digest of the whole message.
    ///
    /// # Errors
    /// When a block is open, or there was none.
    pub fn finish(mut self) -> Result<Digested, DigestError> {
        if self.block_head.is_some() {
            return Err(DigestError::OutOfOrder);
        }
        let (blocks, payments) = (self.blocks.count(), self.payments);
        let (root, inclusion) = self.blocks.finish().ok_or(DigestError::Empty)?;
        let block = inclusion.map(|inclusion| BlockProof { message_head: self.head, payments, inclusion });
        let proof = match (block, self.found) {
            (None, _) => None,
            (Some(block), None) => Some(Proof::Block(block)),
            (Some(block), Some((block_head, inclusion))) => {
                Some(Proof::Payment(PaymentProof { block_head, inclusion, block }))
            }
        };
        Ok(Digested { message: message_digest(self.head, blocks, payments, root), blocks, payments, proof })
    }
}
