//! What is known of the time, and the room that clients take.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::query::{execute, list, optional};
use crate::codec::micros;
use crate::reads::{read_clock, read_storage};
use crate::{ClientStorage, ClockJump, ClockRecord, StoreError};

pub(super) fn clock(connection: &Connection) -> Result<ClockRecord, StoreError> {
    const SQL: &str = "SELECT trusted_at, expected_at, shown_at, is_sandbox FROM clock";
    Ok(optional(connection, SQL, [], read_clock)?.unwrap_or_default())
}

pub(super) fn trust_time(connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE clock SET trusted_at = ?1 WHERE trusted_at IS NULL OR trusted_at < ?1";
    execute(connection, SQL, [micros(at)]).map(drop)
}

pub(super) fn note_clock_jump(connection: &Connection, jump: Option<&ClockJump>) -> Result<(), StoreError> {
    const NOTE: &str = "UPDATE clock SET expected_at = ?1, shown_at = ?2 WHERE expected_at IS NULL";
    const FORGET: &str = "UPDATE clock SET expected_at = NULL, shown_at = NULL";
    match jump {
        Some(jump) => execute(connection, NOTE, params![micros(jump.expected_at), micros(jump.shown_at)]).map(drop),
        None => execute(connection, FORGET, []).map(drop),
    }
}

pub(super) fn confirm_clock(connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE clock SET trusted_at = ?1, expected_at = NULL, shown_at = NULL";
    execute(connection, SQL, [micros(at)]).map(drop)
}

pub(super) fn set_sandbox(connection: &Connection, is_sandbox: bool) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE clock SET is_sandbox = ?1 WHERE is_sandbox IS NULL OR is_sandbox = ?1";
    match execute(connection, SQL, [i64::from(is_sandbox)])? {
        1 => Ok(()),
        _ => Err(StoreError::Refused("whether this is a sandbox was decided when it was made".to_owned())),
    }
}

pub(super) fn storage_of_clients(connection: &Connection) -> Result<Vec<ClientStorage>, StoreError> {
    const SQL: &str = "SELECT client, bytes FROM client_storage WHERE bytes > 0 ORDER BY bytes DESC, client";
    list(connection, SQL, [], read_storage)
}
