//! Every statement that this store prepares.

use super::connection::Connection;
use super::{
    accounts, attempts, audit, bodies, check, duplicates, entries, lots, messages, migrate, node, nodes, payment_rows,
    payments, probe, reconciliation, refusals, retention, rights, rights_lease, room, sequencer, server_log, staging,
    submissions, together, writer,
};
use crate::consistency_checks::FAULTS;
use crate::statement::Statement;
use crate::{StoreError, application_check, cross_check, plain};

/// By file. `plain` and the checks have those of both engines.
const OURS: &[&[&[Statement]]] = &[
    accounts::STATEMENTS,
    attempts::STATEMENTS,
    audit::STATEMENTS,
    bodies::STATEMENTS,
    check::STATEMENTS,
    duplicates::STATEMENTS,
    entries::STATEMENTS,
    lots::STATEMENTS,
    messages::STATEMENTS,
    migrate::STATEMENTS,
    node::STATEMENTS,
    nodes::STATEMENTS,
    payment_rows::STATEMENTS,
    payments::STATEMENTS,
    probe::STATEMENTS,
    reconciliation::STATEMENTS,
    refusals::STATEMENTS,
    retention::STATEMENTS,
    rights::STATEMENTS,
    rights_lease::STATEMENTS,
    room::STATEMENTS,
    sequencer::STATEMENTS,
    server_log::STATEMENTS,
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
    let plain =
        plain::statements::STATEMENTS.iter().copied().flatten().flat_map(|statement| statement.postgres.all()).copied();
    let faults = FAULTS.iter().map(|fault| fault.postgres);
    let mut count = 0;
    for statement in ours.chain(plain).chain(faults) {
        connection.statement(statement).map_err(|error| match error {
            error if error.is_temporary() => error,
            error => StoreError::Corrupt(format!("{error}: {}", statement.sql())),
        })?;
        count += 1;
    }
    Ok(count)
}
