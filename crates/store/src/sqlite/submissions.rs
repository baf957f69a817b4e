//! Taking submissions in, and closing them.

use std::collections::HashSet;

use payments::MessageId;
use rusqlite::{Connection, params};

use super::query::{execute, insert, list, optional};
use super::session::Session;
use super::staging::discard;
use crate::codec::{count, micros};
use crate::row_mapping::*;
use crate::seal::{problem_seal, submission_seal};
use crate::statement::statements;
use crate::{AddSubmissions, NewSubmission, StoreError, WriteSubmissions};

statements! {
    const INSERT: Statement = ("INSERT INTO submission (state, user, client, certificate, request_id, received_at, sha256,
            size, body_file, body, attempts, seal)
        VALUES (0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1, ?10)");
    const UNANSWERED: Statement = ("SELECT state, body_file, problem FROM submission WHERE id = ?1");
    const KEEP_OUTCOME: Statement = ("UPDATE submission SET problem = ?2 WHERE id = ?1 AND state = 0");
    const DISCARD: Statement = ("DELETE FROM submission WHERE id = ?1");
    const DISCARD_EVIDENCE: Statement = ("DELETE FROM signature_evidence WHERE submission = ?1");
    const REFUSE: Statement = ("UPDATE submission SET state = 2, problem = ?2, problem_seal = ?3, body_file = NULL, body = NULL
        WHERE id = ?1");
    const CONSUME: Statement = ("UPDATE submission SET state = 1 WHERE id = ?1 AND state = 0");
    const BODY_FILES: Statement = ("SELECT body_file FROM submission WHERE body_file IS NOT NULL");
}

impl AddSubmissions for Session<'_> {
    fn insert_submission(&mut self, submission: &NewSubmission) -> Result<MessageId, StoreError> {
        let body = &submission.body;
        let (file, bytes) = body.place.columns()?;
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
        insert(self.connection()?, INSERT, values).map(MessageId)
    }
}

impl WriteSubmissions for Session<'_> {
    fn keep_outcome(&mut self, id: MessageId) -> Result<bool, StoreError> {
        Ok(execute(self.connection()?, KEEP_OUTCOME, params![id.0, OUTCOME_IS_KEPT])? == 1)
    }

    fn discard_submission(&mut self, id: MessageId) -> Result<bool, StoreError> {
        let connection = self.announcing()?;
        let Unanswered { file, outcome_is_kept } = unanswered(connection, id)?;
        if outcome_is_kept {
            return Ok(false);
        }
        discard(connection, id)?;
        execute(connection, DISCARD_EVIDENCE, [id.0])?;
        execute(connection, DISCARD, [id.0])?;
        self.forget_body(file);
        Ok(true)
    }

    fn refuse_submission(&mut self, id: MessageId, problem: &[u8]) -> Result<(), StoreError> {
        let connection = self.announcing()?;
        let Unanswered { file, .. } = unanswered(connection, id)?;
        discard(connection, id)?;
        execute(connection, DISCARD_EVIDENCE, [id.0])?;
        execute(connection, REFUSE, params![id.0, problem, problem_seal(id, REFUSED, problem)])?;
        self.forget_body(file);
        Ok(())
    }
}

/// What closing a submission needs to know of it.
pub(super) struct Unanswered {
    /// Its body, when that is in a file of its own.
    file: Option<String>,
    outcome_is_kept: bool,
}

/// A submission that is still to be answered.
pub(super) fn unanswered(connection: &Connection, id: MessageId) -> Result<Unanswered, StoreError> {
    let found = optional(connection, UNANSWERED, [id.0], |row| {
        let (state, file) = (row.integer()?, row.text_if_any()?);
        let outcome_is_kept = state == RECEIVED && read_outcome_is_kept(row)?;
        Ok((state, Unanswered { file, outcome_is_kept }))
    })?;
    match found {
        Some((RECEIVED, unanswered)) => Ok(unanswered),
        Some(_) => Err(StoreError::Refused(format!("submission {} has been answered", id.0))),
        None => Err(StoreError::Missing("submission")),
    }
}

/// A submission becomes a message, once.
pub(super) fn consume(connection: &Connection, id: MessageId) -> Result<(), StoreError> {
    if execute(connection, CONSUME, [id.0])? == 1 {
        return Ok(());
    }
    unanswered(connection, id).map(drop)
}

/// The files that rows point to.
pub(super) fn body_files(connection: &Connection) -> Result<HashSet<String>, StoreError> {
    Ok(list(connection, BODY_FILES, [], |row| row.text())?.into_iter().collect())
}
