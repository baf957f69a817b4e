//! Seals: hashes of rows, kept in the rows; the store verifies them at each reading.
//!
//! The exchange repeats an answer byte for byte, be it the answer to a message or the problem of a refusal. If a disk
//! changes a bit of it, of the `MsgId` or of the hash of the sent bytes, the exchange must not give another answer: the
//! store refuses to read such a row, and the client gets an error. A seal does not defend against an attacker with
//! write access to the database, who can seal the changed row again.
//!
//! Rows of earlier versions, and of their nodes, have no seals.

use payments::MessageId;
use sha2::{Digest as _, Sha256};

use crate::{Message, NewSubmission, StoreError};

pub(crate) type Seal = [u8; 32];

/// Distinguish these hashes from all others, and these ways of making them from later ones.
const MESSAGE: &[u8] = b"tdam/message/1";
const SUBMISSION: &[u8] = b"tdam/submission/1";
const PROBLEM: &[u8] = b"tdam/problem/1";

/// Each field with its length, so that none runs into the next.
struct Fields(Sha256);

impl Fields {
    fn new(label: &[u8]) -> Fields {
        Fields(Sha256::new()).bytes(label)
    }

    fn bytes(mut self, bytes: &[u8]) -> Fields {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    fn number(self, number: i64) -> Fields {
        self.bytes(&number.to_be_bytes())
    }

    fn seal(self) -> Seal {
        self.0.finalize().into()
    }
}

/// The seal of a message.
pub(crate) fn message_seal(message: &Message) -> Seal {
    let fields = Fields::new(MESSAGE)
        .number(message.id.0)
        .number(message.client.0)
        .number(message.user.0)
        .number(message.consumed_at.as_microsecond())
        .bytes(message.message_id.as_bytes())
        .bytes(message.message_type.as_bytes())
        .bytes(message.creation_date_time.as_bytes())
        .bytes(&message.hash.0)
        .bytes(&message.number_of_transactions.to_be_bytes());
    // No control sum is something else than an empty one.
    let fields = match &message.control_sum {
        None => fields.number(0),
        Some(sum) => fields.number(1).bytes(sum.as_bytes()),
    };
    fields.number(i64::from(message.payments)).bytes(&message.answer).seal()
}

/// The seal of what was received. The bytes themselves have a hash of their own.
pub(crate) fn submission_seal(received: &NewSubmission) -> Seal {
    Fields::new(SUBMISSION)
        .number(received.client.0)
        .number(received.user.0)
        .number(received.received_at.as_microsecond())
        .bytes(&received.certificate.0)
        .bytes(received.request_id.as_bytes())
        .bytes(&received.body.hash.0)
        .bytes(&received.body.size.to_be_bytes())
        .seal()
}

/// The seal of the problem that a submission ended with, in a state.
pub(crate) fn problem_seal(id: MessageId, state: i64, problem: &[u8]) -> Seal {
    Fields::new(PROBLEM).number(id.0).number(state).bytes(problem).seal()
}

/// Fails when a row has another seal than what it says.
pub(crate) fn verify(
    kept: Option<&[u8]>,
    seal: impl FnOnce() -> Seal,
    what: &str,
    id: MessageId,
) -> Result<(), StoreError> {
    match kept {
        Some(kept) if kept != seal() => Err(StoreError::Corrupt(format!("{what} {} is not what was written", id.0))),
        _ => Ok(()),
    }
}
