//! The canonical digest of payments, `tdam/signed-payments/1`: what a person signs.
//!
//! `tdam/payments/1` is another digest: the flat one of stored rows (`store/digest`), which audit lines state. Two forms
//! never share a label.
//!
//! A tree of SHA-256 hashes over the typed values of a pain.001, so equal values have one digest, whatever their spelling,
//! the order of attributes or the generation of the message. Each hash has 32 bytes and covers, in this order, the label
//! [`LABEL`], a byte that says what is hashed, and:
//!
//! | byte | what | covers |
//! |---|---|---|
//! | 0 | payment | the digest of its block's head, its place in the message, its values |
//! | 1 | node | the hashes below it: left, right |
//! | 2 | head of a message | client, submission, the values of `GrpHdr` |
//! | 3 | head of a block | the digest of the message's head, its place in the message, the values before its payments |
//! | 4 | block | the digest of its head, how many payments it has, the root of the tree of its payments |
//! | 5 | message | the digest of its head, how many blocks and payments it has, the root of the tree of its blocks |
//!
//! Trees are those of RFC 6962, 2.1: of more than one leaf, the left half has the largest power of two that is less than
//! all. Leaves and nodes begin differently, so no node can pass for a leaf; places and counts stand inside, so nothing can
//! be removed, repeated or moved.
//!
//! **The digest of a payment stands for itself.** It covers the heads above it, so it names the client, the submission,
//! the message, the block, the debtor's account and the requested day. A signature over one payment cannot be used for the
//! same payment of another message, and its evidence needs no tree. A signature over a message proves each of its payments
//! by two audit paths ([`PaymentProof`]): for 100 000 payments less than a kilobyte.
//!
//! `canonical` says how a value becomes bytes, `leaves` which values there are and in which order. A value that a later
//! version of the reader reads gets a place at the end there **and another label here**: what was signed under a label keeps
//! its meaning for ever. Where a message says nothing, the bytes do not depend on the generation: what only the newer one
//! has is absent in the older one.
//!
//! Not covered: what readers ignore, and positions in the file. What readers ignore is never executed; the SHA-256 of the
//! body, which the submission keeps, covers it.

mod canonical;
mod digest;
mod digester;
mod leaves;
mod proof;
mod statement;
mod summary;
mod tree;

pub use canonical::Canonical;
pub use digest::{
    Context, Digest, LABEL, Place, block_head_digest, message_head_digest, payment_bytes, payment_digest,
};
pub use digester::{DigestError, Digested, MessageDigester, Wanted};
pub use proof::{BlockProof, PaymentProof, Proof};
pub use statement::{NONCE_BYTES, Statement};
pub use summary::{CURRENCIES_MAX, PAYEES_SHOWN_MAX, Payee, Summary, SummaryBuilder, SummaryError};
pub use tree::Inclusion;
