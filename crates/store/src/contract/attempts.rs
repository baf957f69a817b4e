//! Attempts: how often work has begun without a known end, and work set aside because it ended too many processes.

use jiff::Timestamp;
use payments::MessageId;

use crate::{BodyHash, ClientId, StoreError, Submission, WorkAttempts};

/// Reads work that is set aside, and attempts that have not ended.
pub trait ReadAttempts {
    /// Submissions that were set aside, oldest first, at most `limit`.
    fn set_aside_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError>;

    /// The oldest submission of a client with exactly these bytes that was set aside.
    fn set_aside_submission_of(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Submission>, StoreError>;

    /// Other work that has begun and not ended, by its name.
    fn work_attempts(&mut self) -> Result<Vec<WorkAttempts>, StoreError>;
}

/// Counts attempts, and sets work aside.
pub trait WriteAttempts: ReadAttempts {
    /// Counts that the work on an unanswered submission begins; returns how often it has, this time included. The caller
    /// commits this before it begins the work.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when another node has taken the submission over, [`StoreError::Refused`] when it has been
    /// answered, [`StoreError::Missing`] when it is gone.
    fn count_attempt(&mut self, id: MessageId) -> Result<u32, StoreError>;

    /// Takes an attempt back that ended with its process alive: it says nothing against the submission. Nothing happens
    /// when the submission is answered or gone, or another node has taken it over.
    fn uncount_attempt(&mut self, id: MessageId) -> Result<(), StoreError>;

    /// Sets an unanswered submission aside: no node works on it any more. The store keeps its body and discards its
    /// stage. The client gets `problem` meanwhile.
    ///
    /// # Errors
    /// As [`WriteAttempts::count_attempt`].
    fn set_aside_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError>;

    /// Makes a submission that was set aside one that waits for its answer, with no attempt counted. `false` when it is
    /// not set aside.
    fn retry_submission(&mut self, id: MessageId) -> Result<bool, StoreError>;

    /// Counts that other work begins, by its name. The caller commits this before it begins the work. `None` when another
    /// living node is at it: then nothing is counted.
    fn count_work_attempt(&mut self, work: &str) -> Result<Option<WorkAttempts>, StoreError>;

    /// Sets other work aside whose attempts were counted.
    fn set_aside_work(&mut self, work: &str, at: Timestamp) -> Result<(), StoreError>;

    /// Forgets the attempts of other work: it has ended, or an operator wants it tried again. `false` when there were none,
    /// or another node is at it.
    fn clear_work_attempts(&mut self, work: &str) -> Result<bool, StoreError>;
}
