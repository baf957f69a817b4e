//! The probe of health.

use super::query::execute;
use super::session::Session;
use crate::statement::statements;
use crate::{StoreError, WriteProbe};

statements! {
    /// The row becomes what it was; its page goes to the log and is synced all the same.
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
