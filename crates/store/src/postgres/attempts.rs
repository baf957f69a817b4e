//! Attempts: how often work has begun that may not have ended, on whichever node, and what was set aside because of that.

use jiff::Timestamp;
use payments::MessageId;

use super::connection::Connection;
use super::node::Own;
use super::staging::discard_stage;
use super::submissions::unanswered;
use crate::codec::micros;
use crate::reads::*;
use crate::seal::problem_seal;
use crate::{BodyHash, ClientId, StoreError, Submission, WorkAttempts};

pub(super) fn set_aside_submissions(connection: &Connection, limit: u32) -> Result<Vec<Submission>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission WHERE id IN (SELECT submission FROM set_aside) ORDER BY id LIMIT $1"
    );
    connection.list(SQL, &[&i64::from(limit)], read_submission)
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
         WHERE id = (SELECT min(submission) FROM set_aside WHERE client = $1 AND sha256 = $2)"
    );
    connection.optional(SQL, &[&client.0, &&hash.0[..]], read_submission)
}

pub(super) fn count_attempt(connection: &Connection, own: Own, id: MessageId) -> Result<u32, StoreError> {
    const SQL: &str = "UPDATE submission SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts";
    unanswered(connection, own, id)?;
    connection.optional(SQL, &[&id.0], |row| row.small())?.ok_or(StoreError::Missing("submission"))
}

/// Only what this node counted, so not after another one has taken over.
pub(super) fn uncount_attempt(connection: &Connection, own: Own, id: MessageId) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE submission SET attempts = attempts - 1
        WHERE id = $1 AND state = 0 AND attempts > 0 AND node IS NOT DISTINCT FROM $2";
    connection.execute(SQL, &[&id.0, &own.node]).map(drop)
}

pub(super) fn set_aside_submission(
    connection: &Connection,
    own: Own,
    id: MessageId,
    problem: &[u8],
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE submission SET state = 3, problem = $2, problem_seal = $3, node = NULL WHERE id = $1";
    const LIST: &str = "INSERT INTO set_aside SELECT id, client, sha256 FROM submission WHERE id = $1";
    unanswered(connection, own, id)?;
    discard_stage(connection, own, id)?;
    connection.execute(LIST, &[&id.0])?;
    connection.execute(SQL, &[&id.0, &problem, &&problem_seal(id, SET_ASIDE, problem)[..]]).map(drop)
}

pub(super) fn retry_submission(connection: &Connection, id: MessageId) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE submission SET state = 0, problem = '', attempts = 0 WHERE id = $1 AND state = 3";
    connection.execute("DELETE FROM set_aside WHERE submission = $1", &[&id.0])?;
    Ok(connection.execute(SQL, &[&id.0])? == 1)
}

pub(super) fn work_attempts(connection: &Connection) -> Result<Vec<WorkAttempts>, StoreError> {
    const SQL: &str = "SELECT work, attempts, set_aside_at FROM work_attempt ORDER BY work";
    connection.list(SQL, &[], read_work_attempts)
}

pub(super) fn count_work_attempt(
    connection: &Connection,
    own: Own,
    work: &str,
) -> Result<Option<WorkAttempts>, StoreError> {
    const SQL: &str = "INSERT INTO work_attempt AS w (work, attempts, node) VALUES ($1, 1, $2)
        ON CONFLICT (work) DO UPDATE SET attempts = w.attempts + 1, node = $2
        WHERE w.node IS NOT DISTINCT FROM $2 OR NOT EXISTS (SELECT 1 FROM node n
            WHERE n.id = w.node AND n.seen_at > now() - make_interval(secs => coalesce(n.lease_seconds, $3)))
        RETURNING work, attempts, set_aside_at";
    connection.optional(SQL, &[&work, &own.node, &own.lease_seconds], read_work_attempts)
}

pub(super) fn set_aside_work(connection: &Connection, work: &str, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE work_attempt SET set_aside_at = $2, node = NULL WHERE work = $1";
    connection.execute(SQL, &[&work, &micros(at)]).map(drop)
}

pub(super) fn clear_work_attempts(connection: &Connection, own: Own, work: &str) -> Result<bool, StoreError> {
    const SQL: &str = "DELETE FROM work_attempt WHERE work = $1 AND (node IS NULL OR node = $2)";
    Ok(connection.execute(SQL, &[&work, &own.node])? == 1)
}
