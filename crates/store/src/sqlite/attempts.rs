//! Attempts: how often work has begun that may not have ended, and what was set aside because of that.

use jiff::Timestamp;
use payments::MessageId;
use rusqlite::{Connection, params};

use super::query::{execute, list, optional};
use super::submissions::unanswered;
use crate::codec::micros;
use crate::reads::*;
use crate::seal::problem_seal;
use crate::{BodyHash, ClientId, StoreError, Submission, WorkAttempts};

pub(super) fn set_aside_submissions(connection: &Connection, limit: u32) -> Result<Vec<Submission>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission WHERE id IN (SELECT submission FROM set_aside) ORDER BY id LIMIT ?1"
    );
    list(connection, SQL, [limit], read_submission)
}

pub(super) fn set_aside_submission_of(
    connection: &Connection,
    client: ClientId,
    hash: &BodyHash,
) -> Result<Option<Submission>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission
         WHERE id = (SELECT min(submission) FROM set_aside WHERE client = ?1 AND sha256 = ?2)"
    );
    optional(connection, SQL, params![client.0, &hash.0[..]], read_submission)
}

pub(super) fn count_attempt(connection: &Connection, id: MessageId) -> Result<u32, StoreError> {
    const SQL: &str = "UPDATE submission SET attempts = attempts + 1 WHERE id = ?1 RETURNING attempts";
    unanswered(connection, id)?;
    optional(connection, SQL, [id.0], |row| row.small())?.ok_or(StoreError::Missing("submission"))
}

pub(super) fn uncount_attempt(connection: &Connection, id: MessageId) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE submission SET attempts = attempts - 1 WHERE id = ?1 AND state = 0 AND attempts > 0";
    execute(connection, SQL, [id.0]).map(drop)
}

pub(super) fn set_aside_submission(connection: &Connection, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE submission SET state = 3, problem = ?2, problem_seal = ?3 WHERE id = ?1";
    const LIST: &str = "INSERT INTO set_aside SELECT id, client, sha256 FROM submission WHERE id = ?1";
    unanswered(connection, id)?;
    super::staging::discard_stage(connection, id)?;
    execute(connection, LIST, [id.0])?;
    execute(connection, SQL, params![id.0, problem, problem_seal(id, SET_ASIDE, problem)]).map(drop)
}

pub(super) fn retry_submission(connection: &Connection, id: MessageId) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE submission SET state = 0, problem = x'', attempts = 0 WHERE id = ?1 AND state = 3";
    execute(connection, "DELETE FROM set_aside WHERE submission = ?1", [id.0])?;
    Ok(execute(connection, SQL, [id.0])? == 1)
}

pub(super) fn work_attempts(connection: &Connection) -> Result<Vec<WorkAttempts>, StoreError> {
    const SQL: &str = "SELECT work, attempts, set_aside_at FROM work_attempt ORDER BY work";
    list(connection, SQL, [], read_work_attempts)
}

pub(super) fn count_work_attempt(connection: &Connection, work: &str) -> Result<Option<WorkAttempts>, StoreError> {
    const SQL: &str = "INSERT INTO work_attempt (work, attempts) VALUES (?1, 1)
        ON CONFLICT (work) DO UPDATE SET attempts = attempts + 1 RETURNING work, attempts, set_aside_at";
    optional(connection, SQL, [work], read_work_attempts)
}

pub(super) fn set_aside_work(connection: &Connection, work: &str, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE work_attempt SET set_aside_at = ?2 WHERE work = ?1";
    execute(connection, SQL, params![work, micros(at)]).map(drop)
}

pub(super) fn clear_work_attempts(connection: &Connection, work: &str) -> Result<bool, StoreError> {
    Ok(execute(connection, "DELETE FROM work_attempt WHERE work = ?1", [work])? == 1)
}
