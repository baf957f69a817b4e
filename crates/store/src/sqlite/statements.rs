//! Every statement that this store prepares.

use rusqlite::Connection;

use super::{
    accounts, at_rest, attempts, audit, check, copy, duplicates, entries, identity, lots, messages, nodes, payments,
    probe, query, reader, reconciliation, refusals, restore_mark, retention, staging, submissions, together, writer,
};
use crate::consistency_checks::FAULTS;
use crate::statement::Statement;
use crate::{StoreError, application_check, cross_check, plain};

/// By file. `plain` and the checks have those of both engines.
const OURS: &[&[&[Statement]]] = &[
    accounts::STATEMENTS,
    at_rest::STATEMENTS,
    attempts::STATEMENTS,
    audit::STATEMENTS,
    check::STATEMENTS,
    copy::STATEMENTS,
    duplicates::STATEMENTS,
    entries::STATEMENTS,
    identity::STATEMENTS,
    lots::STATEMENTS,
    messages::STATEMENTS,
    nodes::STATEMENTS,
    payments::STATEMENTS,
    probe::STATEMENTS,
    reader::STATEMENTS,
    reconciliation::STATEMENTS,
    refusals::STATEMENTS,
    restore_mark::STATEMENTS,
    retention::STATEMENTS,
    staging::STATEMENTS,
    submissions::STATEMENTS,
    together::STATEMENTS,
    writer::STATEMENTS,
    application_check::STATEMENTS,
    cross_check::STATEMENTS,
    crate::reconciliation::STATEMENTS,
];

/// Prepares all of them, and runs none.
pub(super) fn prepare_all(connection: &Connection) -> Result<usize, StoreError> {
    let ours = OURS.iter().copied().flatten().copied().flatten().copied();
    let plain = plain::statements::STATEMENTS.iter().copied().flatten().map(|statement| statement.sqlite);
    let faults = FAULTS.iter().map(|fault| fault.sqlite);
    let mut count = 0;
    for statement in ours.chain(plain).chain(faults) {
        query::prepare(connection, statement)
            .map_err(|error| StoreError::Corrupt(format!("{error}: {}", statement.sql())))?;
        count += 1;
    }
    Ok(count)
}
