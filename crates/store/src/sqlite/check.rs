//! Checking a database at rest: what no constraint can say.

use rusqlite::Connection;

use super::query::{list, optional};
use super::{audit, submissions};
use crate::body::BodyFolder;
use crate::chain::verify;
use crate::check::{counts_of_faults, report};
use crate::{CheckReport, StoreError};

pub(super) fn check(connection: &Connection, bodies: &BodyFolder) -> Result<CheckReport, StoreError> {
    let integrity = list(connection, "PRAGMA integrity_check", [], |row| row.text())?;
    let structure = integrity.into_iter().filter(|line| line != "ok").collect();
    let chain = verify(|from, limit| audit::audit(connection, from, limit))?;
    let faults = counts_of_faults("state", |sql| Ok(optional(connection, sql, [], |row| row.integer())?.unwrap_or(0)))?;
    let mut missing: Vec<String> =
        submissions::body_files(connection)?.into_iter().filter(|name| !bodies.exists(name)).collect();
    missing.sort();
    let missing = missing.into_iter().map(|name| format!("body file {name} is missing")).collect();
    Ok(report(chain, [structure, faults, missing]))
}
