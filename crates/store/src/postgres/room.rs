//! The room that the database takes.

use super::connection::Connection;
use crate::statement::statements;
use crate::{RoomState, StoreError};

statements! {
    const SIZE: Statement = ("SELECT pg_database_size(current_database())");
}

/// The size of the whole database: other schemas in it take its room too.
pub(super) fn state(connection: &Connection) -> Result<RoomState, StoreError> {
    Ok(RoomState::Database { used_bytes: connection.one(SIZE, &[], |row| row.unsigned())? })
}
