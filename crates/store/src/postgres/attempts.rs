//! Attempts: how often work has begun on any node without a known end, and setting it aside.

use jiff::Timestamp;
use payments::MessageId;

use super::session::Session;
use super::staging::discard;
use super::submissions::unanswered;
use crate::codec::micros;
use crate::row_mapping::*;
use crate::seal::problem_seal;
use crate::statement::statements;
use crate::{StoreError, WorkAttempts, WriteAttempts};

statements! {
    const COUNT: Statement = ("UPDATE submission SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts");
    /// Only what this node counted, so not after another one has taken over.
    const UNCOUNT: Statement = ("UPDATE submission SET attempts = attempts - 1
        WHERE id = $1 AND state = 0 AND attempts > 0 AND node IS NOT DISTINCT FROM $2");
    const LIST: Statement = ("INSERT INTO set_aside SELECT id, client, sha256 FROM submission WHERE id = $1");
    const MARK_SET_ASIDE: Statement = ("UPDATE submission SET state = 3, problem = $2, problem_seal = $3, node = NULL WHERE id = $1");
    const STRIKE: Statement = ("DELETE FROM set_aside WHERE submission = $1");
    const RETRY: Statement = ("UPDATE submission SET state = 0, problem = $2, attempts = 0 WHERE id = $1 AND state = 3");
    const COUNT_WORK: Statement = ("INSERT INTO work_attempt AS w (work, attempts, node) VALUES ($1, 1, $2)
        ON CONFLICT (work) DO UPDATE SET attempts = w.attempts + 1, node = $2
        WHERE w.node IS NOT DISTINCT FROM $2 OR NOT EXISTS (SELECT 1 FROM node n
            WHERE n.id = w.node AND n.seen_at > now() - make_interval(secs => coalesce(n.lease_seconds, $3)))
        RETURNING ", work_attempt_columns!());
    const SET_WORK_ASIDE: Statement = ("UPDATE work_attempt SET set_aside_at = $2, node = NULL WHERE work = $1");
    const CLEAR_WORK: Statement = ("DELETE FROM work_attempt WHERE work = $1 AND (node IS NULL OR node = $2)");
}

impl WriteAttempts for Session<'_> {
    fn count_attempt(&mut self, id: MessageId) -> Result<u32, StoreError> {
        let (connection, own) = (self.changing(), self.own);
        unanswered(connection, own, id)?;
        connection.optional(COUNT, &[&id.0], |row| row.small())?.ok_or(StoreError::Missing("submission"))
    }

    fn uncount_attempt(&mut self, id: MessageId) -> Result<(), StoreError> {
        let own = self.own;
        self.changing().execute(UNCOUNT, &[&id.0, &own.node]).map(drop)
    }

    fn set_aside_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
        self.open = None;
        let (connection, own) = (self.announcing(), self.own);
        unanswered(connection, own, id)?;
        discard(connection, own, id)?;
        connection.execute(LIST, &[&id.0])?;
        let seal = problem_seal(id, SET_ASIDE, problem);
        connection.execute(MARK_SET_ASIDE, &[&id.0, &problem, &&seal[..]]).map(drop)
    }

    fn retry_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        let connection = self.announcing();
        connection.execute(STRIKE, &[&id.0])?;
        Ok(connection.execute(RETRY, &[&id.0, &OUTCOME_IS_KEPT])? == 1)
    }

    fn count_work_attempt(&mut self, work: &str) -> Result<Option<WorkAttempts>, StoreError> {
        let own = self.own;
        self.changing().optional(COUNT_WORK, &[&work, &own.node, &own.lease_seconds], read_work_attempts)
    }

    fn set_aside_work(&mut self, work: &str, at: Timestamp) -> Result<(), StoreError> {
        self.changing().execute(SET_WORK_ASIDE, &[&work, &micros(at)]).map(drop)
    }

    fn clear_work_attempts(&mut self, work: &str) -> Result<bool, StoreError> {
        let own = self.own;
        Ok(self.changing().execute(CLEAR_WORK, &[&work, &own.node])? == 1)
    }
}
