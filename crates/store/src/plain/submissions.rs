//! Reading submissions. Each engine takes them in and closes them.

use payments::MessageId;

use super::executor::{Executor, plain_statements, values};
use crate::row_mapping::*;
use crate::{BodyHash, ClientId, OnlineUserId, ReadSubmissions, StoreError, Submission};

plain_statements! {
    const SUBMISSION = ("SELECT ", submission_columns!(), " FROM submission WHERE id = $1");
    const UNANSWERED = ("SELECT ", submission_columns!(), " FROM submission WHERE state = 0 ORDER BY id LIMIT $1");
    /// There is no index by client: an export asks this, not a client.
    const SUBMISSIONS_OF = ("SELECT id FROM submission WHERE client = $1 AND id > $2 ORDER BY id LIMIT $3");
    /// Found among those that are not answered, which are few.
    const OPEN_SUBMISSION_OF = ("SELECT ", submission_columns!(), r#" FROM submission
        WHERE state = 0 AND "user" = $1 AND sha256 = $2 ORDER BY id LIMIT 1"#);
    /// Found by what lists those few, since there is no index by client.
    const OPEN_SUBMISSIONS = ("SELECT ", submission_columns!(), " FROM submission
        WHERE id IN (SELECT id FROM submission WHERE state = 0 AND client = $1
            UNION ALL SELECT submission FROM set_aside WHERE client = $1) ORDER BY id DESC LIMIT $2");
}

impl<S: Executor> ReadSubmissions for S {
    fn submission(&mut self, id: MessageId) -> Result<Option<Submission>, StoreError> {
        self.optional(&SUBMISSION, values![id.0], read_submission)
    }

    fn unanswered_submissions(&mut self, limit: u32) -> Result<Vec<Submission>, StoreError> {
        self.list(&UNANSWERED, values![limit], read_submission)
    }

    fn submissions_of(
        &mut self,
        client: ClientId,
        after: Option<MessageId>,
        limit: u32,
    ) -> Result<Vec<MessageId>, StoreError> {
        let after = after.map_or(BEFORE_FIRST_ID, |after| after.0);
        self.list(&SUBMISSIONS_OF, values![client.0, after, limit], |row| row.integer().map(MessageId))
    }

    fn open_submission_of(&mut self, user: OnlineUserId, hash: &BodyHash) -> Result<Option<Submission>, StoreError> {
        self.optional(&OPEN_SUBMISSION_OF, values![user.0, &hash.0], read_submission)
    }

    fn open_submissions(&mut self, client: ClientId, limit: u32) -> Result<Vec<Submission>, StoreError> {
        self.list(&OPEN_SUBMISSIONS, values![client.0, limit], read_submission)
    }
}
