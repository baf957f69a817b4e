//! Decisions that are made together: their rows go in table by table, by prepared statements.
//!
//! Nothing is read ahead: a statement inside the process costs microseconds, and the session asks for each thing once.

use payments::MessageId;
use rusqlite::{Connection, params};

use super::codec::failed;
use super::query::{execute, optional, prepare};
use super::session::Session;
use super::{accounts, audit, messages, staging};
use crate::codec::{count, micros, packed};
use crate::row_mapping::CONSUMED;
use crate::seal::submission_seal;
use crate::statement::statements;
use crate::together::{Decided, Ground, KeptPayment, Known};
use crate::unit_of_work::Changes;
use crate::{AddEvidence as _, AddLots as _, ClientId, ReadAhead, StoreError, WriteRefusals as _, bounds};

statements! {
    /// SQLite never gives an id a second time, so the table that says so has the last one.
    const LAST_SUBMISSION: Statement = ("SELECT seq FROM sqlite_sequence WHERE name = 'submission'");
    /// Its message comes with it.
    const SUBMISSION: Statement = ("INSERT INTO submission (id, state, user, client, certificate, request_id, received_at, sha256,
            size, body_file, body, attempts, seal)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12)");
    const ACTIVATIONS: Statement = ("SELECT flips FROM client WHERE id = ?1");
    const COUNT_ACTIVATIONS: Statement = ("UPDATE client SET flips = ?2 WHERE id = ?1");
    const ACTIVATE: Statement = ("INSERT INTO flip (message, client, number) VALUES (?1, ?2, ?3)");
}

impl Ground for Session<'_> {
    fn read_ahead(&mut self, _: &[&ReadAhead]) -> Result<Known, StoreError> {
        Ok(Known::default())
    }

    /// One writer: no other one draws any before the transaction ends, so all that a group may need are drawn at once.
    fn submission_ids(&mut self, count: usize) -> Result<Vec<MessageId>, StoreError> {
        let last = optional(self.connection()?, LAST_SUBMISSION, [], |row| row.integer())?.unwrap_or(0);
        let count = count.max(bounds::DECISIONS_TOGETHER_MAX) as i64;
        Ok((last + 1..=last + count).map(MessageId).collect())
    }

    fn write_decided(&mut self, decided: &[Decided], accounts: &Changes) -> Result<(), StoreError> {
        let connection = self.announcing()?;
        insert_submissions(connection, decided)?;
        for decided in decided {
            if let Some(evidence) = &decided.evidence {
                self.insert_evidence(decided.id(), evidence)?;
            }
        }
        let connection = self.connection()?;
        for decided in decided {
            messages::insert(connection, &decided.message)?;
            staging::insert_blocks(connection, decided.message.client, &decided.blocks)?;
            staging::insert_payments(connection, decided.id(), decided.payments.iter().map(KeptPayment::row))?;
        }
        insert_keys(connection, decided)?;
        activate(connection, decided)?;
        for decided in decided {
            self.insert_lots(&decided.lots)?;
            self.append_events(&decided.events)?;
            self.insert_refusals(&decided.refusals)?;
        }
        accounts::save(connection, accounts)?;
        audit::append(connection, decided.iter().flat_map(|decided| &decided.lines))
    }
}

fn insert_submissions(connection: &Connection, decided: &[Decided]) -> Result<(), StoreError> {
    let mut statement = prepare(connection, SUBMISSION)?;
    for decided in decided {
        let submission = &decided.submission;
        let body = &submission.body;
        let (file, bytes) = body.place.columns()?;
        let values = params![
            decided.id().0,
            CONSUMED,
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
        statement.execute(values).map_err(failed)?;
    }
    Ok(())
}

/// In the order of the index, so that neighbours share its pages.
fn insert_keys(connection: &Connection, decided: &[Decided]) -> Result<(), StoreError> {
    let rows = decided
        .iter()
        .flat_map(|decided| decided.keys.iter().map(|key| Ok([key.hash, packed(decided.id().0, key.ordinal)?])));
    let mut rows: Vec<[i64; 2]> = rows.collect::<Result<_, StoreError>>()?;
    rows.sort_unstable();
    staging::insert_keys(connection, rows.into_iter().map(Ok))
}

/// A client's activations are counted in their order.
fn activate(connection: &Connection, decided: &[Decided]) -> Result<(), StoreError> {
    let mut active: Vec<(ClientId, MessageId)> = decided
        .iter()
        .filter(|decided| decided.is_active)
        .map(|decided| (decided.message.client, decided.id()))
        .collect();
    active.sort_unstable();
    let mut statement = prepare(connection, ACTIVATE)?;
    for of_client in active.chunk_by(|(a, _), (b, _)| a == b) {
        let Some(&(client, _)) = of_client.first() else { continue };
        let before = optional(connection, ACTIVATIONS, [client.0], |row| row.integer())?;
        let mut number = before.ok_or(StoreError::Missing("client"))?;
        for (_, message) in of_client {
            number += 1;
            statement.execute([message.0, client.0, number]).map_err(failed)?;
        }
        execute(connection, COUNT_ACTIVATIONS, [client.0, number])?;
    }
    Ok(())
}
