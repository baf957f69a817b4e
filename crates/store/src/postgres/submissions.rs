//! Taking submissions in, and closing them.

use payments::MessageId;

use super::connection::{Connection, owned};
use super::node::{Own, taken_over};
use super::session::Session;
use super::staging::discard;
use crate::codec::{count, micros};
use crate::row_mapping::*;
use crate::seal::{problem_seal, submission_seal};
use crate::statement::statements;
use crate::{AddSubmissions, NewSubmission, StoreError, WriteSubmissions};

/// Locks the client: decisions about its messages follow each other.
macro_rules! insert_submission {
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
statements! {
    const INSERT: Statement = (insert_submission!("FOR NO KEY UPDATE"));
    const INSERT_GIVING_WAY: Statement = (insert_submission!("FOR NO KEY UPDATE SKIP LOCKED"));
    /// Stays so until the transaction ends.
    const UNANSWERED: Statement = ("SELECT state, node, body_file, problem FROM submission WHERE id = $1 FOR NO KEY UPDATE");
    /// Any node may say so.
    const KEEP_OUTCOME: Statement = ("UPDATE submission SET problem = $2 WHERE id = $1 AND state = 0");
    const DISCARD: Statement = ("DELETE FROM submission WHERE id = $1");
    const DISCARD_EVIDENCE: Statement = ("DELETE FROM signature_evidence WHERE submission = $1");
    const DISCARD_BODY: Statement = ("DELETE FROM body WHERE id = $1");
    const REFUSE: Statement = ("UPDATE submission SET state = 2, problem = $2, problem_seal = $3, body_file = NULL, body = NULL
        WHERE id = $1");
    const CONSUME: Statement = ("UPDATE submission SET state = 1
        WHERE id = $1 AND state = 0 AND node IS NOT DISTINCT FROM $2");
}

impl AddSubmissions for Session<'_> {
    fn insert_submission(&mut self, submission: &NewSubmission) -> Result<MessageId, StoreError> {
        let (connection, own) = (self.changing(), self.own);
        let body = &submission.body;
        let (name, bytes) = body.place.columns()?;
        let inserted = connection.optional(
            if connection.gives_way() { INSERT_GIVING_WAY } else { INSERT },
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
        let message = match inserted {
            None if connection.gives_way() => return Err(connection.yield_to_others()),
            inserted => inserted.map(MessageId).ok_or(StoreError::Missing("client"))?,
        };
        self.open = Some(message);
        Ok(message)
    }
}

impl WriteSubmissions for Session<'_> {
    fn keep_outcome(&mut self, id: MessageId) -> Result<bool, StoreError> {
        Ok(self.changing().execute(KEEP_OUTCOME, &[&id.0, &OUTCOME_IS_KEPT])? == 1)
    }

    fn discard_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        self.open = None;
        let (connection, own) = (self.announcing(), self.own);
        let Unanswered { body, outcome_is_kept } = unanswered(connection, own, id)?;
        if outcome_is_kept {
            return Ok(false);
        }
        discard(connection, own, id)?;
        connection.execute(DISCARD_EVIDENCE, &[&id.0])?;
        connection.execute(DISCARD, &[&id.0])?;
        forget(connection, body).map(|()| true)
    }

    fn refuse_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
        self.open = None;
        let (connection, own) = (self.announcing(), self.own);
        let Unanswered { body, .. } = unanswered(connection, own, id)?;
        discard(connection, own, id)?;
        connection.execute(DISCARD_EVIDENCE, &[&id.0])?;
        connection.execute(REFUSE, &[&id.0, &problem, &&problem_seal(id, REFUSED, problem)[..]])?;
        forget(connection, body)
    }
}

/// What closing a submission needs to know of it.
pub(super) struct Unanswered {
    /// Its body, when that is kept apart.
    body: Option<String>,
    outcome_is_kept: bool,
}

/// A submission that is still to be answered by this node.
pub(super) fn unanswered(connection: &Connection, own: Own, id: MessageId) -> Result<Unanswered, StoreError> {
    let found = connection.optional(UNANSWERED, &[&id.0], |row| {
        let (state, node, body) = (row.integer()?, row.integer_if_any()?, row.text_if_any()?);
        let outcome_is_kept = state == RECEIVED && read_outcome_is_kept(row)?;
        Ok((state, node, Unanswered { body, outcome_is_kept }))
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
        Some(body) => connection.execute(DISCARD_BODY, &[&body]).map(drop),
        None => Ok(()),
    }
}

/// A submission becomes a message, once.
pub(super) fn consume(connection: &Connection, own: Own, id: MessageId) -> Result<(), StoreError> {
    connection.execute_later(CONSUME, owned![id.0, own.node], move |connection, changed| match changed {
        1 => Ok(()),
        _ => unanswered(connection, own, id).map(drop),
    })
}
