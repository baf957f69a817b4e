//! Submissions: bodies that were received, until they are messages or have been refused.

use std::collections::HashSet;

use payments::MessageId;
use rusqlite::{Connection, params};

use super::query::{execute, insert, list, optional};
use crate::codec::{count, micros};
use crate::reads::*;
use crate::seal::{problem_seal, submission_seal};
use crate::{BodyHash, BodyPlace, ClientId, NewSubmission, OnlineUserId, StoreError, Submission};

pub(super) fn submission(connection: &Connection, id: MessageId) -> Result<Option<Submission>, StoreError> {
    const SQL: &str = concat!("SELECT ", submission_columns!(), " FROM submission WHERE id = ?1");
    optional(connection, SQL, [id.0], read_submission)
}

pub(super) fn unanswered_submissions(connection: &Connection, limit: u32) -> Result<Vec<Submission>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", submission_columns!(), " FROM submission WHERE state = 0 ORDER BY id LIMIT ?1");
    list(connection, SQL, [limit], read_submission)
}

pub(super) fn submissions_of(
    connection: &Connection,
    client: ClientId,
    after: Option<MessageId>,
    limit: u32,
) -> Result<Vec<MessageId>, StoreError> {
    // No index by client: this is asked when everything of one is wanted, not while serving.
    const SQL: &str = "SELECT id FROM submission WHERE client = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    let after = after.map_or(0, |after| after.0);
    list(connection, SQL, params![client.0, after, limit], |row| row.integer().map(MessageId))
}

/// Found among those that are not answered, which are few.
pub(super) fn open_submission_of(
    connection: &Connection,
    user: OnlineUserId,
    hash: &BodyHash,
) -> Result<Option<Submission>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission WHERE state = 0 AND user = ?1 AND sha256 = ?2 ORDER BY id LIMIT 1"
    );
    optional(connection, SQL, params![user.0, &hash.0[..]], read_submission)
}

/// Found by what lists those few, since there is no index by client.
pub(super) fn open_submissions(
    connection: &Connection,
    client: ClientId,
    limit: u32,
) -> Result<Vec<Submission>, StoreError> {
    const SQL: &str = concat!(
        "SELECT ",
        submission_columns!(),
        " FROM submission WHERE id IN (SELECT id FROM submission WHERE state = 0 AND client = ?1
            UNION ALL SELECT submission FROM set_aside WHERE client = ?1) ORDER BY id DESC LIMIT ?2"
    );
    list(connection, SQL, params![client.0, limit], read_submission)
}

pub(super) fn insert_submission(connection: &Connection, submission: &NewSubmission) -> Result<MessageId, StoreError> {
    const SQL: &str = "INSERT INTO submission (state, user, client, certificate, request_id, received_at, sha256,
            size, body_file, body, attempts, seal)
        VALUES (0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10)";
    let body = &submission.body;
    let (file, bytes) = match &body.place {
        BodyPlace::Apart(name) => (Some(name), None),
        BodyPlace::Inline(bytes) => (None, Some(bytes)),
        BodyPlace::Forgotten => return Err(StoreError::Missing("the body was forgotten")),
    };
    let values = params![
        submission.user.0,
        submission.client.0,
        &submission.certificate.0[..],
        submission.request_id,
        micros(submission.received_at),
        &body.hash.0[..],
        count(body.size),
        file,
        bytes,
        submission_seal(submission),
    ];
    insert(connection, SQL, values).map(MessageId)
}

/// There is one node.
pub(super) fn is_unanswered(connection: &Connection, id: MessageId) -> Result<bool, StoreError> {
    let found = optional(connection, "SELECT state FROM submission WHERE id = ?1", [id.0], |row| row.integer())?;
    Ok(found == Some(RECEIVED))
}

/// What is asked of a submission before it ends.
pub(super) struct Unanswered {
    /// Its body, when that is in a file of its own.
    file: Option<String>,
    outcome_is_kept: bool,
}

/// A submission that is still to be answered.
pub(super) fn unanswered(connection: &Connection, id: MessageId) -> Result<Unanswered, StoreError> {
    const SQL: &str = "SELECT state, body_file, problem IS NOT NULL FROM submission WHERE id = ?1";
    let found = optional(connection, SQL, [id.0], |row| {
        Ok((row.integer()?, Unanswered { file: row.text_if_any()?, outcome_is_kept: row.flag()? }))
    })?;
    match found {
        Some((RECEIVED, unanswered)) => Ok(unanswered),
        Some(_) => Err(StoreError::Refused(format!("submission {} has been answered", id.0))),
        None => Err(StoreError::Missing("submission")),
    }
}

/// An empty problem stands where the outcome is to be kept, until there is one.
pub(super) fn keep_outcome(connection: &Connection, id: MessageId) -> Result<bool, StoreError> {
    Ok(execute(connection, "UPDATE submission SET problem = x'' WHERE id = ?1 AND state = 0", [id.0])? == 1)
}

/// Returns the file to remove once this is committed, if there is one; `None` when the submission stays.
pub(super) fn discard_submission(connection: &Connection, id: MessageId) -> Result<Option<Option<String>>, StoreError> {
    let Unanswered { file, outcome_is_kept } = unanswered(connection, id)?;
    if outcome_is_kept {
        return Ok(None);
    }
    super::staging::discard_stage(connection, id)?;
    execute(connection, "DELETE FROM submission WHERE id = ?1", [id.0])?;
    Ok(Some(file))
}

/// Returns the file to remove once this is committed.
pub(super) fn refuse_submission(
    connection: &Connection,
    id: MessageId,
    problem: &[u8],
) -> Result<Option<String>, StoreError> {
    const SQL: &str = "UPDATE submission SET state = 2, problem = ?2, problem_seal = ?3, body_file = NULL, body = NULL
        WHERE id = ?1";
    let Unanswered { file, .. } = unanswered(connection, id)?;
    super::staging::discard_stage(connection, id)?;
    execute(connection, SQL, params![id.0, problem, problem_seal(id, REFUSED, problem)])?;
    Ok(file)
}

/// A submission becomes a message, once.
pub(super) fn consume(connection: &Connection, id: MessageId) -> Result<(), StoreError> {
    if execute(connection, "UPDATE submission SET state = 1 WHERE id = ?1 AND state = 0", [id.0])? == 1 {
        return Ok(());
    }
    unanswered(connection, id).map(drop)
}

/// The files that rows point to.
pub(super) fn body_files(connection: &Connection) -> Result<HashSet<String>, StoreError> {
    const SQL: &str = "SELECT body_file FROM submission WHERE body_file IS NOT NULL";
    Ok(list(connection, SQL, [], |row| row.text())?.into_iter().collect())
}
