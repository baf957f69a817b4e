//! Removes bodies after their retention; their hash and size stay.

use jiff::Timestamp;
use payments::MessageId;
use rusqlite::params;

use super::query::{execute, optional};
use super::session::Session;
use crate::codec::micros;
use crate::statement::statements;
use crate::{StoreError, WriteRetention};

statements! {
    const FILE: Statement = ("SELECT body_file FROM submission WHERE id = ?1 AND state = 1 AND body_file IS NOT NULL");
    const REMOVE: Statement = ("UPDATE submission SET body_file = NULL, body_removed_at = ?2 WHERE id = ?1");
}

impl WriteRetention for Session<'_> {
    fn remove_body(&mut self, id: MessageId, at: Timestamp) -> Result<(), StoreError> {
        let connection = self.connection()?;
        let file = optional(connection, FILE, [id.0], |row| row.text())?;
        let file = file.ok_or_else(|| StoreError::Refused(format!("submission {} has no body to remove", id.0)))?;
        execute(connection, REMOVE, params![id.0, micros(at)])?;
        self.forget_body(Some(file));
        Ok(())
    }
}
