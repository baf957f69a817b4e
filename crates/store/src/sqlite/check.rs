//! Checks a store at rest: its structure, rules that no constraint can express, the invariants, and its bodies.
//!
//! It reads all but the bodies in one snapshot, so a service may work meanwhile.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::codec::failed;
use super::query::{list, one, optional, prepare};
use super::session::Session;
use super::{open, reconciliation};
use crate::application_check::check_applications;
use crate::audit_chain::verify;
use crate::body::{BodyFolder, OpenError};
use crate::bounds::PROBLEMS_MAX;
use crate::check::{check_consistency, digest, report_chain, report_violations};
use crate::codec::Columns;
use crate::cross_check::cross_check;
use crate::statement::statements;
use crate::{Bodies, CheckReport, ReadAudit, StoreError};

statements! {
    const INTEGRITY: Statement = ("PRAGMA integrity_check");
    const DANGLING: Statement = ("SELECT count(*) FROM pragma_foreign_key_check");
    const SCHEMA: Statement = ("SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
        WHERE name NOT LIKE 'sqlite_stat%' ORDER BY 1");
    const STILL_NAMED: Statement = ("SELECT 1 FROM submission WHERE id = ?1 AND body_file = ?2");
    const BODY_BYTES: Statement = ("SELECT coalesce(sum(size), 0) FROM submission WHERE body_file IS NOT NULL OR body IS NOT NULL");
    const BODY_FILES: Statement = ("SELECT id, sha256, size, body_file, NULL FROM submission WHERE body_file IS NOT NULL");
    const ALL_BODIES: Statement = ("SELECT id, sha256, size, body_file, body FROM submission
        WHERE body_file IS NOT NULL OR body IS NOT NULL ORDER BY id");
}

/// A body whose file differs from its row. A service may have removed it since, so the check reads the row again.
struct Suspect {
    submission: i64,
    file: String,
    problem: String,
}

pub(super) fn check(
    connection: &Connection,
    bodies: &BodyFolder,
    depth: Bodies,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<CheckReport, StoreError> {
    let mut report = CheckReport::default();
    let suspects = {
        let snapshot = connection.unchecked_transaction().map_err(failed)?;
        let looked = check_structure(&snapshot, &mut report);
        report.readable("the structure", looked)?;
        let looked = check_audit(&snapshot, &mut report);
        report.readable("the audit chain", looked)?;
        let version = open::user_version(&snapshot)?;
        if version < open::known_version() {
            report.only_structure_of_version = Some(version);
        } else {
            let looked = check_schema(&snapshot, &mut report);
            report.readable("the schema", looked)?;
            let looked = check_rows(&snapshot, &mut report);
            report.readable("a row", looked)?;
        }
        let looked = check_bodies(&snapshot, bodies, depth, &mut report, progress);
        report.readable("a body", looked)?.unwrap_or_default()
    };
    for suspect in suspects {
        let values = rusqlite::params![suspect.submission, suspect.file];
        if optional(connection, STILL_NAMED, values, |row| row.integer())?.is_some() {
            report.add(suspect.problem);
        }
    }
    Ok(report)
}

fn check_structure(snapshot: &Connection, report: &mut CheckReport) -> Result<(), StoreError> {
    let integrity = list(snapshot, INTEGRITY, [], |row| row.text())?;
    integrity.into_iter().filter(|line| line != "ok").for_each(|line| report.add(line));
    Ok(())
}

/// Constraints and triggers keep the rest sound, so they must be there, word for word.
fn check_schema(snapshot: &Connection, report: &mut CheckReport) -> Result<(), StoreError> {
    let of = |connection: &Connection| {
        let parts = list(connection, SCHEMA, [], |row| Ok((row.text()?, row.text()?)))?;
        Ok::<BTreeMap<String, String>, StoreError>(parts.into_iter().collect())
    };
    let (found, made) = (of(snapshot)?, of(&open::in_memory()?)?);
    let mut names: Vec<&String> = found.keys().chain(made.keys()).collect();
    names.sort_unstable();
    names.dedup();
    for name in names.into_iter().filter(|name| found.get(*name) != made.get(*name)) {
        report.add(format!("the schema is not as this program makes it: {name}"));
    }
    Ok(())
}

fn check_audit(snapshot: &Connection, report: &mut CheckReport) -> Result<(), StoreError> {
    let chain = verify(|from, limit| Session::new(snapshot).audit(from, limit))?;
    report_chain(report, chain);
    Ok(())
}

fn check_rows(snapshot: &Connection, report: &mut CheckReport) -> Result<(), StoreError> {
    let count = |statement| one(snapshot, statement, [], |row| row.integer());
    let dangling = count(DANGLING);
    if let Some(dangling @ 1..) = report.readable("references between rows", dangling)? {
        report.add(format!("rows that refer to rows that do not exist: {dangling}"));
    }
    check_consistency(report, |fault| count(fault.sqlite))?;
    let facts = reconciliation::facts(snapshot, report)?;
    report_violations(report, &facts);
    check_applications(report, snapshot)?;
    cross_check(report, &mut Session::new(snapshot), snapshot)
}

fn check_bodies(
    snapshot: &Connection,
    bodies: &BodyFolder,
    depth: Bodies,
    report: &mut CheckReport,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Vec<Suspect>, StoreError> {
    // Only the progress needs it.
    let all = report.readable("the bytes of all bodies", one(snapshot, BODY_BYTES, [], |row| row.unsigned()))?;
    let all = all.unwrap_or_default();
    let mut statement = prepare(snapshot, if depth == Bodies::Read { ALL_BODIES } else { BODY_FILES })?;
    let mut rows = statement.query([]).map_err(failed)?;
    let (mut suspects, mut done) = (Vec::new(), 0);
    while let Some(row) = rows.next().map_err(failed)? {
        let read = read_body(&mut Columns::of(row));
        let Some((submission, hash, size, file, inline)) = report.readable("the row of a body", read)? else {
            continue;
        };
        match (file, inline) {
            (Some(file), _) => {
                if let Some(problem) = wrong_file(bodies, &file, &hash, size, depth)?
                    && suspects.len() < PROBLEMS_MAX
                {
                    suspects.push(Suspect { submission, file, problem });
                }
            }
            (None, Some(bytes)) if bytes.len() as u64 != size || digest(&mut bytes.as_slice()).ok() != Some(hash) => {
                report.add(format!("the body of submission {submission} is not what was received"));
            }
            _ => {}
        }
        if depth == Bodies::Read {
            done += size;
            report.bodies_read += 1;
            progress(done, all);
        }
    }
    Ok(suspects)
}

/// Submission, hash, size, and where the bytes are.
type BodyRow = (i64, [u8; 32], u64, Option<String>, Option<Vec<u8>>);

fn read_body(row: &mut Columns<'_>) -> Result<BodyRow, StoreError> {
    Ok((row.integer()?, row.digest()?, row.unsigned()?, row.text_if_any()?, row.bytes_if_any()?))
}

/// The fault of a body file.
fn wrong_file(
    bodies: &BodyFolder,
    name: &str,
    hash: &[u8; 32],
    size: u64,
    depth: Bodies,
) -> Result<Option<String>, StoreError> {
    let mut file = match bodies.open_file(name) {
        Ok(file) => file,
        Err(OpenError::Gone) => return Ok(Some(format!("body file {name} is missing"))),
        Err(OpenError::Store(error)) => return Err(error),
    };
    let length = file.metadata().map(|metadata| metadata.len());
    let same = match depth {
        Bodies::Present => Ok(true),
        Bodies::Read => digest(&mut file).map(|digest| digest == *hash),
    };
    Ok(match (length, same) {
        (Err(error), _) | (_, Err(error)) => Some(format!("body file {name} cannot be read: {error}")),
        (Ok(length), _) if length != size => Some(format!("body file {name} has {length} bytes of {size}")),
        (_, Ok(false)) => Some(format!("body file {name} is not what was received")),
        _ => None,
    })
}
