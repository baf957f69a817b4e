//! The probe of health.

use super::query::execute;
use super::session::Session;
use crate::statement::statements;
use crate::{StoreError, WriteProbe};

statements! {
    /// The row keeps its value; SQLite still writes its page to the log and syncs it.
    const PROVE: Statement = ("UPDATE state SET last_sequence = last_sequence");
}

impl WriteProbe for Session<'_> {
    fn prove(&mut self) -> Result<(), StoreError> {
        match execute(self.connection()?, PROVE, [])? {
            1 => Ok(()),
            _ => Err(StoreError::Missing("state")),
        }
    }
}
