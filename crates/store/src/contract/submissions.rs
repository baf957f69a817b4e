//! Submissions: received bodies, until they become messages or are refused.

use payments::MessageId;

use crate::{BodyHash, ClientId, NewSubmission, OnlineUserId, StoreError, Submission};

/// Reads submissions. A submission whose row differs from its seal is [`StoreError::Corrupt`].
pub trait ReadSubmissions {
    /// A submission.
    fn submission(&mut self, id: MessageId) -> Result<Option<Submission>, StoreError>;

    /// Submissions that were received and not answered, oldest first, at most `limit`.
    fn unanswered_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError>;

    /// The submissions of a client in any state, by id, after the given one, at most `limit`. Reads all submissions: for an
    /// export, not while serving.
    fn submissions_of(
        &mut self,
        client: ClientId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<MessageId>, StoreError>;

    /// The oldest submission of an online user with exactly these bytes that was received and not answered.
    fn open_submission_of(&mut self, user: OnlineUserId, hash: &BodyHash) -> Result<Option<Submission>, StoreError>;

    /// Submissions of a client that wait for their answer or are set aside, newest first, at most `limit`.
    fn open_submissions(&mut self, client: ClientId, limit: u32) -> Result<Vec<Submission>, StoreError>;
}

/// Takes submissions in.
pub trait AddSubmissions {
    /// Makes a received body durable, and counts that the work on it begins. Locks the client: decisions about its messages
    /// follow each other.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when there is no such client, or the body was forgotten.
    fn insert_submission(&mut self, submission: &NewSubmission) -> Result<MessageId, StoreError>;
}

/// Closes submissions.
pub trait WriteSubmissions: AddSubmissions + ReadSubmissions {
    /// Notes that a client will ask for the outcome of a submission: from here on the store keeps any outcome, from any
    /// node. `false` when the submission is answered or gone.
    fn keep_outcome(&mut self, id: MessageId) -> Result<bool, StoreError>;

    /// Forgets a submission that became no message, with all that was staged for it. Its file is removed after the
    /// commit. `false`, and nothing is changed, when its outcome is to be kept.
    ///
    /// # Errors
    /// As [`WriteAttempts::count_attempt`](super::WriteAttempts::count_attempt).
    fn discard_submission(&mut self, id: MessageId) -> Result<bool, StoreError>;

    /// Keeps why a submission became no message, for a client that will ask for it. Its body
    /// ([`BodyPlace::Forgotten`](crate::BodyPlace::Forgotten)) and its stage are not kept.
    ///
    /// # Errors
    /// As [`WriteAttempts::count_attempt`](super::WriteAttempts::count_attempt).
    fn refuse_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError>;
}
