//! A submission as the work on it begins, and the answer that ends it.

use iso20022::MessageType;
use payments::MessageId;
use rulebook::catalogue::Code;
use store::{BodyHash, BodyPlace, Client, Message, NewSubmission, OnlineUserId, RequestEvidence, Submission};

use crate::bounds::{READ_AT_ONCE_BYTES_MAX, RETRY_AFTER};
use crate::status::refused_message;
use crate::status::report::answer_type;
use crate::{Failure, Mode, local_time, stored};

/// A submission as the work on it begins.
pub(crate) struct SubmissionJob {
    pub(crate) submission: NewSubmission,
    /// What it was signed with. Of a submission that has its row, the store knows it.
    pub(crate) evidence: Option<RequestEvidence>,
    pub(crate) client: Client,
    pub(crate) message_type: MessageType,
    pub(crate) mode: Mode,
}

impl SubmissionJob {
    /// Whether the body is so small that the request itself reads it.
    pub(crate) fn is_read_at_once(&self) -> bool {
        matches!(&self.submission.body.place, BodyPlace::Inline(bytes) if bytes.len() <= READ_AT_ONCE_BYTES_MAX)
    }

    /// The job that an earlier submission of the same bytes gave.
    pub(crate) fn of_earlier(&self, earlier: Submission) -> (MessageId, SubmissionJob) {
        let Submission { id, received: submission, .. } = earlier;
        (id, SubmissionJob { submission, evidence: None, client: self.client.clone(), ..*self })
    }
}

/// The answer to a message.
#[derive(Clone, Debug)]
pub(crate) struct SubmissionAnswer {
    pub(crate) message_type: MessageType,
    pub(crate) pain002: Vec<u8>,
    pub(crate) repeated: bool,
}

impl SubmissionAnswer {
    /// The answer that is stored of a message.
    pub(crate) fn stored(message: Message) -> Result<SubmissionAnswer, Failure> {
        let original = stored::type_of(&message)?;
        Ok(SubmissionAnswer { message_type: answer_type(original), pain002: message.answer, repeated: true })
    }

    /// The stored answer, if the same online user sent the same bytes.
    ///
    /// # Errors When another user did, or the `MsgId` belongs to other bytes.
    pub(crate) fn repeat(message: Message, user: OnlineUserId, hash: BodyHash) -> Result<SubmissionAnswer, Failure> {
        if message.user == user && message.hash == hash {
            SubmissionAnswer::stored(message)
        } else {
            Err(used(&message, message.hash == hash)?)
        }
    }
}

/// Why a `MsgId` is not taken again: when it was used, and what it was answered then.
fn used(message: &Message, same_bytes: bool) -> Result<Failure, Failure> {
    let code = if same_bytes { Code::MessageOfAnotherUser } else { Code::MessageIdUsed };
    let when = local_time(message.consumed_at).strftime("%F %H:%M").to_string();
    let failure = Failure::new(code).with_detail(message.message_id.clone()).with_given(when);
    Ok(failure.with_expected(refused_message::group_status(message)?.unwrap_or_default()))
}

/// The work did not succeed in so many attempts; a later one may.
pub(crate) fn busy() -> Failure {
    Failure::new(Code::Unavailable).with_retry_after(RETRY_AFTER)
}
