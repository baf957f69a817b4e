//! The seal of a message: a hash of its row, kept in the row and verified whenever the row is read.
//!
//! What a client was answered is given again byte for byte. A disk that changed a bit of the answer, of the `MsgId` or of the
//! hash of the sent bytes must not make us say something else: such a row cannot be read, and the client gets an error.
//! Against somebody who writes into the database the seal is no defence: who can change the row can seal it again.

use sha2::{Digest as _, Sha256};

use crate::{Message, StoreError};

/// Distinguishes these hashes from all others, and this way of making them from later ones.
const LABEL: &[u8] = b"tdam/message/1";

/// The seal of a message.
pub(crate) fn seal(message: &Message) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut field = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    field(LABEL);
    for number in [message.id.0, message.client.0, message.user.0, message.consumed_at.as_microsecond()] {
        field(&number.to_be_bytes());
    }
    field(message.message_id.as_bytes());
    field(message.message_type.as_bytes());
    field(message.creation_date_time.as_bytes());
    field(&message.hash.0);
    field(&message.number_of_transactions.to_be_bytes());
    // No control sum is something else than an empty one.
    match &message.control_sum {
        None => field(&[0]),
        Some(sum) => {
            field(&[1]);
            field(sum.as_bytes());
        }
    }
    field(&message.payments.to_be_bytes());
    field(&message.answer);
    hash.finalize().into()
}

/// The message, if it is what was sealed. Rows of earlier versions, and of their nodes, have no seal.
pub(crate) fn unsealed(message: Message, kept: Option<&[u8]>) -> Result<Message, StoreError> {
    match kept {
        Some(kept) if kept != seal(&message) => {
            Err(StoreError::Corrupt(format!("message {} is not what was written", message.id.0)))
        }
        _ => Ok(message),
    }
}
