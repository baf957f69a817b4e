//! Submissions: bodies that were received, until they are messages or have been refused.

use payments::MessageId;

use super::connection::Connection;
use super::staging::discard_stage;
use crate::codec::{count, micros};
use crate::reads::*;
use crate::{BodyPlace, NewSubmission, StoreError, Submission};

pub(super) fn submission(connection: &Connection, id: MessageId) -> Result<Option<Submission>, StoreError> {
    const SQL: &str = concat!("SELECT ", submission_columns!(), " FROM submission WHERE id = $1");
    connection.optional(SQL, &[&id.0], read_submission)
}

pub(super) fn unanswered_submissions(connection: &Connection, limit: u32) -> Result<Vec<Submission>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", submission_columns!(), " FROM submission WHERE state = 0 ORDER BY id LIMIT $1");
    connection.list(SQL, &[&i64::from(limit)], read_submission)
}

/// Locks the client: decisions about its messages follow each other.
pub(super) fn insert_submission(connection: &Connection, submission: &NewSubmission) -> Result<MessageId, StoreError> {
    const SQL: &str = r#"INSERT INTO submission (state, "user", client, certificate, request_id, received_at, sha256,
            size, body_file, body)
        SELECT 0, $1, k.id, $3, $4, $5, $6, $7, $8, $9
        FROM (SELECT id FROM client WHERE id = $2 FOR NO KEY UPDATE) k RETURNING id"#;
    let body = &submission.body;
    let (name, bytes) = match &body.place {
        BodyPlace::Apart(name) => (Some(name), None),
        BodyPlace::Inline(bytes) => (None, Some(bytes)),
        BodyPlace::Forgotten => return Err(StoreError::Missing("the body was forgotten")),
    };
    let inserted = connection.optional(
        SQL,
        &[
            &submission.user.0,
            &submission.client.0,
            &&submission.certificate.0[..],
            &submission.request_id,
            &micros(submission.received_at),
            &&body.hash.0[..],
            &count(body.size),
            &name,
            &bytes,
        ],
        |row| row.integer(),
    )?;
    inserted.map(MessageId).ok_or(StoreError::Missing("client"))
}

/// The body, kept apart, of a submission that is still to be answered and stays so until the transaction ends.
fn body_of_unanswered(connection: &Connection, id: MessageId) -> Result<Option<String>, StoreError> {
    const SQL: &str = "SELECT state, body_file FROM submission WHERE id = $1 FOR NO KEY UPDATE";
    let found = connection.optional(SQL, &[&id.0], |row| Ok((row.integer()?, row.text_if_any()?)))?;
    match found {
        Some((RECEIVED, body)) => Ok(body),
        Some(_) => Err(StoreError::Refused(format!("submission {} has been answered", id.0))),
        None => Err(StoreError::Missing("submission")),
    }
}

fn forget(connection: &Connection, body: Option<String>) -> Result<(), StoreError> {
    match body {
        Some(body) => connection.execute("DELETE FROM body WHERE id = $1", &[&body]).map(drop),
        None => Ok(()),
    }
}

pub(super) fn discard_submission(connection: &Connection, id: MessageId) -> Result<(), StoreError> {
    let body = body_of_unanswered(connection, id)?;
    discard_stage(connection, id)?;
    connection.execute("DELETE FROM submission WHERE id = $1", &[&id.0])?;
    forget(connection, body)
}

pub(super) fn refuse_submission(connection: &Connection, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE submission SET state = 2, problem = $2, body_file = NULL, body = NULL WHERE id = $1";
    let body = body_of_unanswered(connection, id)?;
    discard_stage(connection, id)?;
    connection.execute(SQL, &[&id.0, &problem])?;
    forget(connection, body)
}

/// A submission becomes a message, once.
pub(super) fn consume(connection: &Connection, id: MessageId) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE submission SET state = 1 WHERE id = $1 AND state = 0";
    if connection.execute(SQL, &[&id.0])? == 1 {
        return Ok(());
    }
    body_of_unanswered(connection, id).map(drop)
}
