//! The settings that all nodes have in common.

use super::executor::{Executor, plain_statements, values};
use crate::{StoreError, WriteSettings};

plain_statements! {
    /// Payments share a lock of the row that holds the settings, one after another without a gap; so nodes that start keep
    /// each other out by a lock of their own. In SQLite the writer is alone anyway.
    const LOCK = (
        sqlite: ["SELECT 1"],
        postgres: ["SELECT 1::bigint FROM (SELECT pg_advisory_xact_lock(hashtext(current_schema() || '.settings'))) l"],
    );
    const SETTINGS = ("SELECT settings FROM state");
    const SET_SETTINGS = ("UPDATE state SET settings = $1");
}

impl<S: Executor> WriteSettings for S {
    fn lock_shared_settings(&mut self) -> Result<Option<String>, StoreError> {
        self.optional(&LOCK, values![], |row| row.integer())?;
        let settings = self.optional(&SETTINGS, values![], |row| row.text_if_any())?;
        settings.ok_or(StoreError::Missing("state"))
    }

    fn set_shared_settings(&mut self, settings: &str) -> Result<(), StoreError> {
        self.change(&SET_SETTINGS, values![settings]).map(drop)
    }
}
