//! The settings that all who serve have in common.

use rusqlite::Connection;

use super::query::{execute, optional};
use crate::StoreError;

pub(super) fn shared(connection: &Connection) -> Result<Option<String>, StoreError> {
    Ok(optional(connection, "SELECT settings FROM state", [], |row| row.text_if_any())?.flatten())
}

pub(super) fn set_shared(connection: &Connection, settings: &str) -> Result<(), StoreError> {
    execute(connection, "UPDATE state SET settings = ?1", [settings]).map(drop)
}
