//! Submissions: bodies that were received, until they are messages or have been refused.

use payments::MessageId;

use super::connection::{Connection, owned};
use super::node::Own;
use super::staging::discard_stage;
use crate::codec::{count, micros};
use crate::reads::*;
use crate::seal::{problem_seal, submission_seal};
use crate::{BodyHash, BodyPlace, ClientId, NewSubmission, OnlineUserId, StoreError, Submission};

pub(super) fn submission(connection: &Connection, id: MessageId) -> Result<Option<Submission>, StoreError> {
    const SQL: &str = concat!("SELECT ", submission_columns!(), " FROM submission WHERE id = $1");
    connection.optional(SQL, &[&id.0], read_submission)
}

pub(super) fn unanswered_submissions(connection: &Connection, limit: u32) -> Result<Vec<Submission>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", submission_columns!(), " FROM submission WHERE state = 0 ORDER BY id LIMIT $1");
    connection.list(SQL, &[&i64::from(limit)], read_submission)
}

pub(super) fn submissions_of(
    connection: &Connection,
    client: ClientId,
    after: Option<MessageId>,
    limit: u32,
) -> Result<Vec<MessageId>, StoreError> {
    // No index by client: this is asked when everything of one is wanted, not while serving.
    const SQL: &str = "SELECT id FROM submission WHERE client = $1 AND id > $2 ORDER BY id LIMIT $3";
    let after = after.map_or(0, |after| after.0);
    connection.list(SQL, &[&client.0, &after, &i64::from(limit)], |row| row.integer().map(MessageId))
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
        r#" FROM submission WHERE state = 0 AND "user" = $1 AND sha256 = $2 ORDER BY id LIMIT 1"#
    );
    connection.optional(SQL, &[&user.0, &&hash.0[..]], read_submission)
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
        " FROM submission WHERE id IN (SELECT id FROM submission WHERE state = 0 AND client = $1
            UNION ALL SELECT submission FROM set_aside WHERE client = $1) ORDER BY id DESC LIMIT $2"
    );
    connection.list(SQL, &[&client.0, &i64::from(limit)], read_submission)
}

/// A submission `s` that no other living node works on; `$1` is this one, `$2` the lease in seconds of nodes that state none.
macro_rules! left_over {
    () => {
        "s.state = 0 AND (s.node IS NULL OR s.node = $1 OR NOT EXISTS (SELECT 1 FROM node n
            WHERE n.id = s.node AND n.seen_at > now() - make_interval(secs => coalesce(n.lease_seconds, $2))))"
    };
}

pub(super) fn left_over_submissions(
    connection: &Connection,
    own: Own,
    limit: u32,
) -> Result<Vec<Submission>, StoreError> {
    const SQL: &str =
        concat!("SELECT ", submission_columns!(), " FROM submission s WHERE ", left_over!(), " ORDER BY id LIMIT $3");
    connection.list(SQL, &[&own.node, &own.lease_seconds, &i64::from(limit)], read_submission)
}

/// Of several nodes that try at once, one gets it; the others do not wait.
pub(super) fn claim_submission(connection: &Connection, own: Own, id: MessageId) -> Result<bool, StoreError> {
    const SQL: &str = concat!(
        "UPDATE submission SET node = $1 WHERE id = (SELECT s.id FROM submission s WHERE s.id = $3 AND ",
        left_over!(),
        " FOR NO KEY UPDATE SKIP LOCKED)"
    );
    Ok(connection.execute(SQL, &[&own.node, &own.lease_seconds, &id.0])? == 1)
}

/// Another node has taken the submission over, because this one was taken for dead.
pub(super) fn taken_over(id: MessageId) -> StoreError {
    StoreError::Unavailable(format!("another node has taken over submission {}", id.0))
}

/// Locks the client: decisions about its messages follow each other.
pub(super) fn insert_submission(
    connection: &Connection,
    own: Own,
    submission: &NewSubmission,
) -> Result<MessageId, StoreError> {
    macro_rules! sql {
        ($lock:literal) => {
            concat!(
                r#"INSERT INTO submission (state, "user", client, certificate, request_id, received_at, sha256,
                    size, body_file, body, node, attempts, seal)
                SELECT 0, $1, k.id, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11
                FROM (SELECT id FROM client WHERE id = $2 "#,
                $lock,
                ") k RETURNING id"
            )
        };
    }
    const SQL: [&str; 2] = [sql!("FOR NO KEY UPDATE"), sql!("FOR NO KEY UPDATE SKIP LOCKED")];
    let body = &submission.body;
    let (name, bytes) = match &body.place {
        BodyPlace::Apart(name) => (Some(name), None),
        BodyPlace::Inline(bytes) => (None, Some(bytes)),
        BodyPlace::Forgotten => return Err(StoreError::Missing("the body was forgotten")),
    };
    let inserted = connection.optional(
        SQL[usize::from(connection.gives_way())],
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
            &own.node,
            &&submission_seal(submission)[..],
        ],
        |row| row.integer(),
    )?;
    match inserted {
        None if connection.gives_way() => Err(connection.yield_to_others()),
        inserted => inserted.map(MessageId).ok_or(StoreError::Missing("client")),
    }
}

/// What is asked of a submission before it ends.
pub(super) struct Unanswered {
    /// Its body, when that is kept apart.
    body: Option<String>,
    outcome_is_kept: bool,
}

/// A submission that is still to be answered by this node, and stays so until the transaction ends.
pub(super) fn unanswered(connection: &Connection, own: Own, id: MessageId) -> Result<Unanswered, StoreError> {
    const SQL: &str =
        "SELECT state, node, body_file, problem IS NOT NULL FROM submission WHERE id = $1 FOR NO KEY UPDATE";
    let found = connection.optional(SQL, &[&id.0], |row| {
        let (state, node) = (row.integer()?, row.integer_if_any()?);
        Ok((state, node, Unanswered { body: row.text_if_any()?, outcome_is_kept: row.flag()? }))
    })?;
    match found {
        Some((RECEIVED, node, _)) if node != own.node => Err(taken_over(id)),
        Some((RECEIVED, _, unanswered)) => Ok(unanswered),
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

/// An empty problem stands where the outcome is to be kept, until there is one. Any node may say so.
pub(super) fn keep_outcome(connection: &Connection, id: MessageId) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE submission SET problem = '' WHERE id = $1 AND state = 0";
    Ok(connection.execute(SQL, &[&id.0])? == 1)
}

pub(super) fn discard_submission(connection: &Connection, own: Own, id: MessageId) -> Result<bool, StoreError> {
    let Unanswered { body, outcome_is_kept } = unanswered(connection, own, id)?;
    if outcome_is_kept {
        return Ok(false);
    }
    discard_stage(connection, own, id)?;
    connection.execute("DELETE FROM submission WHERE id = $1", &[&id.0])?;
    forget(connection, body).map(|()| true)
}

pub(super) fn refuse_submission(
    connection: &Connection,
    own: Own,
    id: MessageId,
    problem: &[u8],
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE submission SET state = 2, problem = $2, problem_seal = $3, body_file = NULL, body = NULL
        WHERE id = $1";
    let Unanswered { body, .. } = unanswered(connection, own, id)?;
    discard_stage(connection, own, id)?;
    connection.execute(SQL, &[&id.0, &problem, &&problem_seal(id, REFUSED, problem)[..]])?;
    forget(connection, body)
}

/// A submission becomes a message, once.
pub(super) fn consume(connection: &Connection, own: Own, id: MessageId) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE submission SET state = 1 WHERE id = $1 AND state = 0 AND node IS NOT DISTINCT FROM $2";
    connection.execute_later(SQL, owned![id.0, own.node], move |connection, changed| match changed {
        1 => Ok(()),
        _ => unanswered(connection, own, id).map(drop),
    })
}
