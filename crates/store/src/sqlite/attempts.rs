//! Attempts: how often work has begun without a known end, and setting it aside.

use jiff::Timestamp;
use payments::MessageId;
use rusqlite::params;

use super::query::{execute, optional};
use super::session::Session;
use super::staging::discard;
use super::submissions::unanswered;
use crate::codec::micros;
use crate::row_mapping::*;
use crate::seal::problem_seal;
use crate::statement::statements;
use crate::{StoreError, WorkAttempts, WriteAttempts};

statements! {
    const COUNT: Statement = ("UPDATE submission SET attempts = attempts + 1 WHERE id = ?1 RETURNING attempts");
    const UNCOUNT: Statement = ("UPDATE submission SET attempts = attempts - 1 WHERE id = ?1 AND state = 0 AND attempts > 0");
    const LIST: Statement = ("INSERT INTO set_aside SELECT id, client, sha256 FROM submission WHERE id = ?1");
    const MARK_SET_ASIDE: Statement = ("UPDATE submission SET state = 3, problem = ?2, problem_seal = ?3 WHERE id = ?1");
    const STRIKE: Statement = ("DELETE FROM set_aside WHERE submission = ?1");
    const RETRY: Statement = ("UPDATE submission SET state = 0, problem = ?2, attempts = 0 WHERE id = ?1 AND state = 3");
    const COUNT_WORK: Statement = ("INSERT INTO work_attempt (work, attempts) VALUES (?1, 1)
        ON CONFLICT (work) DO UPDATE SET attempts = attempts + 1 RETURNING ", work_attempt_columns!());
    const SET_WORK_ASIDE: Statement = ("UPDATE work_attempt SET set_aside_at = ?2 WHERE work = ?1");
    const CLEAR_WORK: Statement = ("DELETE FROM work_attempt WHERE work = ?1");
}

impl WriteAttempts for Session<'_> {
    fn count_attempt(&mut self, id: MessageId) -> Result<u32, StoreError> {
        let connection = self.connection()?;
        unanswered(connection, id)?;
        optional(connection, COUNT, [id.0], |row| row.small())?.ok_or(StoreError::Missing("submission"))
    }

    fn uncount_attempt(&mut self, id: MessageId) -> Result<(), StoreError> {
        execute(self.connection()?, UNCOUNT, [id.0]).map(drop)
    }

    fn set_aside_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
        let connection = self.announcing()?;
        unanswered(connection, id)?;
        discard(connection, id)?;
        execute(connection, LIST, [id.0])?;
        execute(connection, MARK_SET_ASIDE, params![id.0, problem, problem_seal(id, SET_ASIDE, problem)]).map(drop)
    }

    fn retry_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        let connection = self.announcing()?;
        execute(connection, STRIKE, [id.0])?;
        Ok(execute(connection, RETRY, params![id.0, OUTCOME_IS_KEPT])? == 1)
    }

    fn count_work_attempt(&mut self, work: &str) -> Result<Option<WorkAttempts>, StoreError> {
        optional(self.connection()?, COUNT_WORK, [work], read_work_attempts)
    }

    fn set_aside_work(&mut self, work: &str, at: Timestamp) -> Result<(), StoreError> {
        execute(self.connection()?, SET_WORK_ASIDE, params![work, micros(at)]).map(drop)
    }

    fn clear_work_attempts(&mut self, work: &str) -> Result<bool, StoreError> {
        Ok(execute(self.connection()?, CLEAR_WORK, [work])? == 1)
    }
}
