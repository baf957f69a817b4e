//! What is known of the time, and the room that clients take.

use jiff::Timestamp;

use super::connection::Connection;
use crate::codec::micros;
use crate::reads::{read_clock, read_storage};
use crate::{ClientStorage, ClockJump, ClockRecord, StoreError};

/// The time is that of the statement, not of the snapshot.
pub(super) fn clock(connection: &Connection) -> Result<ClockRecord, StoreError> {
    const SQL: &str = "SELECT trusted_at, expected_at, shown_at, is_sandbox,
            (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM clock";
    let record = connection.optional(SQL, &[], |row| {
        let record = read_clock(row)?;
        Ok(ClockRecord { store_time: row.timestamp_if_any()?, ..record })
    })?;
    Ok(record.unwrap_or_default())
}

pub(super) fn trust_time(connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE clock SET trusted_at = $1 WHERE trusted_at IS NULL OR trusted_at < $1";
    connection.execute(SQL, &[&micros(at)]).map(drop)
}

pub(super) fn note_clock_jump(connection: &Connection, jump: Option<&ClockJump>) -> Result<(), StoreError> {
    const NOTE: &str = "UPDATE clock SET expected_at = $1, shown_at = $2 WHERE expected_at IS NULL";
    const FORGET: &str = "UPDATE clock SET expected_at = NULL, shown_at = NULL";
    match jump {
        Some(jump) => connection.execute(NOTE, &[&micros(jump.expected_at), &micros(jump.shown_at)]).map(drop),
        None => connection.execute(FORGET, &[]).map(drop),
    }
}

pub(super) fn confirm_clock(connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE clock SET trusted_at = $1, expected_at = NULL, shown_at = NULL";
    connection.execute(SQL, &[&micros(at)]).map(drop)
}

pub(super) fn set_sandbox(connection: &Connection, is_sandbox: bool) -> Result<(), StoreError> {
    const SQL: &str =
        "UPDATE clock SET is_sandbox = $1::smallint WHERE is_sandbox IS NULL OR is_sandbox = $1::smallint";
    match connection.execute(SQL, &[&i16::from(is_sandbox)])? {
        1 => Ok(()),
        _ => Err(StoreError::Refused("whether this is a sandbox was decided when it was made".to_owned())),
    }
}

pub(super) fn storage_of_clients(connection: &Connection) -> Result<Vec<ClientStorage>, StoreError> {
    const SQL: &str = "SELECT client, bytes FROM client_storage WHERE bytes > 0 ORDER BY bytes DESC, client";
    connection.list(SQL, &[], read_storage)
}
