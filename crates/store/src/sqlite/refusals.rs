//! Adding refusals.

use payments::Refusal;
use rusqlite::params;

use super::codec::failed;
use super::query::prepare;
use super::session::Session;
use crate::codec::Coded;
use crate::row_mapping::refusal_columns;
use crate::statement::statements;
use crate::{StoreError, WriteRefusals};

statements! {
    const INSERT: Statement = ("INSERT INTO refusal (message, ", refusal_columns!(), ")
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
}

impl WriteRefusals for Session<'_> {
    fn insert_refusals(&mut self, refusals: &[Refusal]) -> Result<(), StoreError> {
        let mut statement = prepare(self.connection()?, INSERT)?;
        for refusal in refusals {
            let values = params![
                refusal.message.0,
                refusal.first,
                refusal.last,
                refusal.lot,
                refusal.count,
                refusal.code,
                refusal.detail,
                refusal.line,
                refusal.stage.code(),
            ];
            statement.execute(values).map_err(failed)?;
        }
        Ok(())
    }
}
