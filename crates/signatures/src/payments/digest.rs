//! Hashes of the tree's parts, each by itself.

use std::fmt;

use iso20022::pain001::{CreditTransfer, GroupHeader, PaymentInformation};
use sha2::{Digest as _, Sha256};

use super::canonical::Canonical;
use super::leaves::Leaves;

/// What every hash begins with: the form of the payments and its version.
pub const LABEL: &[u8] = b"tdam/signed-payments/1\0";

/// Bytes of a hash.
const HASH_BYTES: usize = 32;
/// Bytes of what is hashed for a node: label, kind, two hashes.
const NODE_BYTES: usize = LABEL.len() + 1 + 2 * HASH_BYTES;

/// The digest of a message, a block, a payment, or of a part that stands for others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; HASH_BYTES]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Whose message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The client.
    pub client: i64,
    /// The submission: it has its id before anybody reads the message.
    pub submission: i64,
}

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The digest of its block's head.
    pub block_head: Digest,
    /// Which payment of the message it is, from 0.
    pub ordinal: u64,
}

/// What a hash is of: the byte behind the label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Payment = 0,
    Node = 1,
    MessageHead = 2,
    BlockHead = 3,
    Block = 4,
    Message = 5,
}

/// Begins the bytes of a hash.
pub(super) fn begin(kind: Kind, to: &mut Canonical) {
    to.truncate(0);
    to.raw(LABEL);
    to.byte(kind as u8);
}

/// The hash of what was written.
pub(super) fn end(written: &Canonical) -> Digest {
    Digest(Sha256::digest(written.bytes()).into())
}

/// The hash over two others.
pub(super) fn node(left: Digest, right: Digest) -> Digest {
    let mut bytes = [0; NODE_BYTES];
    let (begin, hashes) = bytes.split_at_mut(NODE_BYTES - 2 * HASH_BYTES);
    begin[..LABEL.len()].copy_from_slice(LABEL);
    begin[LABEL.len()] = Kind::Node as u8;
    let (one, other) = hashes.split_at_mut(HASH_BYTES);
    one.copy_from_slice(&left.0);
    other.copy_from_slice(&right.0);
    Digest(Sha256::digest(bytes).into())
}

/// The digest of a message's head.
#[must_use]
pub fn message_head_digest(context: Context, header: &GroupHeader<'_>) -> Digest {
    let mut bytes = Canonical::default();
    begin(Kind::MessageHead, &mut bytes);
    let Context { client, submission } = context;
    bytes.id(client);
    bytes.id(submission);
    header.put(&mut bytes);
    end(&bytes)
}

/// The digest of a block's head; `block` is its place in the message, from 0.
#[must_use]
pub fn block_head_digest(message_head: Digest, block: u64, head: &PaymentInformation<'_>) -> Digest {
    let mut bytes = Canonical::default();
    begin(Kind::BlockHead, &mut bytes);
    bytes.raw(&message_head.0);
    bytes.number(block);
    head.put(&mut bytes);
    end(&bytes)
}

/// Writes into the buffer, which it empties before, the bytes of which a payment's digest is the SHA-256: what evidence
/// keeps of a payment.
pub fn payment_bytes(place: Place, payment: &CreditTransfer<'_>, buffer: &mut Canonical) {
    begin(Kind::Payment, buffer);
    let Place { block_head, ordinal } = place;
    buffer.raw(&block_head.0);
    buffer.number(ordinal);
    payment.put(buffer);
}

/// The digest of a payment, by way of the buffer.
#[must_use]
pub fn payment_digest(place: Place, payment: &CreditTransfer<'_>, buffer: &mut Canonical) -> Digest {
    payment_bytes(place, payment, buffer);
    end(buffer)
}

/// The digest of a block: with its head, and the root of the tree of its payments.
pub(super) fn block_digest(head: Digest, payments: u64, root: Digest) -> Digest {
    let mut bytes = Canonical::default();
    begin(Kind::Block, &mut bytes);
    bytes.raw(&head.0);
    bytes.number(payments);
    bytes.raw(&root.0);
    end(&bytes)
}

/// The digest of a message: with its head, and the root of the tree of its blocks.
pub(super) fn message_digest(head: Digest, blocks: u64, payments: u64, root: Digest) -> Digest {
    let mut bytes = Canonical::default();
    begin(Kind::Message, &mut bytes);
    bytes.raw(&head.0);
    bytes.number(blocks);
    bytes.number(payments);
    bytes.raw(&root.0);
    end(&bytes)
}
