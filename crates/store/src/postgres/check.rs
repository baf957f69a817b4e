//! Checking a database: what no constraint can say, the invariants, and its bodies. PostgreSQL's own structure is the
//! affair of its own tools (`pg_amcheck`, checksums).

use std::io::{self, Read};

use super::connection::Connection;
use super::node::Own;
use super::options::WHOLE_TABLES;
use super::reconciliation;
use super::session::Session;
use crate::application_check::check_applications;
use crate::audit_chain::verify;
use crate::bounds::PROBLEMS_MAX;
use crate::check::{check_consistency, digest, report_chain, report_violations};
use crate::codec::Columns;
use crate::cross_check::cross_check;
use crate::reconciliation::readable_rows;
use crate::statement::statements;
use crate::{Bodies, CheckReport, ReadAudit as _, StoreError};

statements! {
    const LOOSE_END: Statement = ("SELECT count(*) FROM tail
        WHERE audit_sequence <> (SELECT coalesce(max(sequence), 0) FROM audit)
           OR audit_hash <> coalesce((SELECT hash FROM audit ORDER BY sequence DESC LIMIT 1), decode(repeat('00', 32), 'hex'))");
    const CUT: Statement = ("SELECT id, size, stored FROM (SELECT id, size,
            (SELECT coalesce(sum(length(bytes)), 0) FROM body_chunk c WHERE c.body = s.body_file) AS stored
            FROM submission s WHERE body_file IS NOT NULL) AS bodies WHERE stored <> size ORDER BY id");
    const BODY_BYTES: Statement = ("SELECT coalesce(sum(size), 0)::bigint FROM submission
        WHERE body_file IS NOT NULL OR body IS NOT NULL");
    const BODIES: Statement = ("SELECT id, sha256, size, body_file, body FROM submission
        WHERE (body_file IS NOT NULL OR body IS NOT NULL) AND id > $1 ORDER BY id LIMIT $2");
}

/// Bodies looked up at a time when all are read.
const BODIES_AT_A_TIME: i64 = 100;

/// Within a snapshot.
pub(super) fn check(
    connection: &Connection,
    depth: Bodies,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<CheckReport, StoreError> {
    connection.batch(WHOLE_TABLES)?;
    let mut report = CheckReport::default();
    let count = |statement| {
        let mut count = None;
        connection.all(statement, &mut |row| {
            count = Some(row.integer()?);
            Ok(())
        })?;
        count.ok_or(StoreError::Missing("row"))
    };
    let nobody = Own { node: None, lease_seconds: 0.0 };
    let mut session = Session::reading(connection, nobody);
    let chain = verify(|from, limit| session.audit(from, limit));
    if let Some(chain) = report.readable("the audit chain", chain)? {
        report_chain(&mut report, chain);
    }
    let loose_end = count(LOOSE_END);
    if report.readable("the end of the audit chain", loose_end)?.is_some_and(|lines| lines != 0) {
        report.add("j: the audit chain does not end where the next line would be added".to_owned());
    }
    check_consistency(&mut report, |fault| count(fault.postgres))?;
    let facts = reconciliation::facts(connection, &mut report)?;
    report_violations(&mut report, &facts);
    check_applications(&mut report, connection)?;
    cross_check(&mut report, &mut session, connection)?;
    match depth {
        Bodies::Present => check_lengths(connection, &mut report)?,
        Bodies::Read => check_bytes(connection, &mut report, progress)?,
    }
    Ok(report)
}

fn check_lengths(connection: &Connection, report: &mut CheckReport) -> Result<(), StoreError> {
    let mut wrong = Vec::new();
    let read = |row: &mut Columns<'_>| Ok((row.integer()?, row.unsigned()?, row.unsigned()?));
    let note = |(submission, size, stored)| {
        if wrong.len() < PROBLEMS_MAX {
            wrong.push(wrong_length(submission, size, stored));
        }
    };
    readable_rows(report, connection, ("the length of a body", CUT), read, note)?;
    wrong.into_iter().for_each(|problem| report.add(problem));
    Ok(())
}

fn wrong_length(submission: i64, size: u64, stored: u64) -> String {
    match stored {
        0 => format!("the body of submission {submission} is missing"),
        stored => format!("the body of submission {submission} has {stored} bytes of {size}"),
    }
}

fn check_bytes(
    connection: &Connection,
    report: &mut CheckReport,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    // Only the progress needs it.
    let all = connection.one(BODY_BYTES, &[], |row| row.unsigned());
    let all = report.readable("the bytes of all bodies", all)?.unwrap_or_default();
    let (mut after, mut done) = (0, 0);
    loop {
        let page = connection.list(BODIES, &[&after, &BODIES_AT_A_TIME], |row| Ok((row.integer()?, read_body(row))))?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        for (submission, body) in page {
            let Some((hash, size, name, inline)) = report.readable("the row of a body", body)? else { continue };
            let (read, stored) = match (name, inline) {
                (Some(name), _) => {
                    let mut chunks = Chunks { connection, name, next: 0, rest: io::Cursor::default(), read: 0 };
                    (digest(&mut chunks), chunks.read)
                }
                (None, Some(inline)) => (digest(&mut inline.as_slice()), inline.len() as u64),
                // The question leaves these out.
                (None, None) => continue,
            };
            match read {
                Err(error) => match error.downcast::<StoreError>() {
                    Ok(StoreError::Corrupt(text)) => {
                        report.add(format!("the body of submission {submission} cannot be read: {text}"));
                    }
                    Ok(error) => return Err(error),
                    Err(error) => return Err(StoreError::Unavailable(error.to_string())),
                },
                Ok(_) if stored != size => report.add(wrong_length(submission, size, stored)),
                Ok(digest) if digest != hash => {
                    report.add(format!("the body of submission {submission} is not what was received"));
                }
                Ok(_) => {}
            }
            done += size;
            report.bodies_read += 1;
            progress(done, all);
        }
    }
}

/// Hash, size, and where the bytes are.
type BodyRow = ([u8; 32], u64, Option<String>, Option<Vec<u8>>);

fn read_body(row: &mut Columns<'_>) -> Result<BodyRow, StoreError> {
    Ok((row.digest()?, row.unsigned()?, row.text_if_any()?, row.bytes_if_any()?))
}

/// Reads a body chunk by chunk, within the snapshot.
struct Chunks<'c> {
    connection: &'c Connection,
    name: String,
    next: i32,
    rest: io::Cursor<Vec<u8>>,
    /// Bytes so far.
    read: u64,
}

impl Read for Chunks<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.rest.read(into)?;
        if read > 0 {
            return Ok(read);
        }
        let chunk = super::bodies::chunk(self.connection, &self.name, self.next).map_err(io::Error::other)?;
        let Some(chunk) = chunk else { return Ok(0) };
        self.next += 1;
        self.read += chunk.len() as u64;
        self.rest = io::Cursor::new(chunk);
        self.rest.read(into)
    }
}
