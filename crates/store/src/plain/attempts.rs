//! Reads work that is set aside, and attempts that have not ended. Each engine counts them.

use super::executor::{Executor, plain_statements, values};
use crate::row_mapping::*;
use crate::{BodyHash, ClientId, ReadAttempts, StoreError, Submission, WorkAttempts};

plain_statements! {
    const SET_ASIDE = ("SELECT ", submission_columns!(), " FROM submission
        WHERE id IN (SELECT submission FROM set_aside) ORDER BY id LIMIT $1");
    const SET_ASIDE_OF = ("SELECT ", submission_columns!(), " FROM submission
        WHERE id = (SELECT min(submission) FROM set_aside WHERE client = $1 AND sha256 = $2)");
    const WORK_ATTEMPTS = ("SELECT ", work_attempt_columns!(), " FROM work_attempt ORDER BY work");
}

impl<S: Executor> ReadAttempts for S {
    fn set_aside_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        self.list(&SET_ASIDE, values![limit], read_submission)
    }

    fn set_aside_submission_of(&mut self, client: ClientId, hash: &BodyHash) -> Result<Option<Submission>, StoreError> {
        self.optional(&SET_ASIDE_OF, values![client.0, &hash.0], read_submission)
    }

    fn work_attempts(&mut self) -> Result<Vec<WorkAttempts>, StoreError> {
        self.list(&WORK_ATTEMPTS, values![], read_work_attempts)
    }
}
