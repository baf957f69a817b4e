//! The audit chain as rows. Each engine's sequencer adds them.

use super::executor::{Executor, plain_statements, values};
use crate::row_mapping::{audit_columns, read_line};
use crate::{ChainedAuditLine, ReadAudit, StoreError};

plain_statements! {
    const LINES = ("SELECT ", audit_columns!(), " FROM audit
        WHERE sequence >= $1 ORDER BY sequence LIMIT $2");
    const IS_COMPLETE = ("SELECT 1 FROM audit_mark");
}

impl<S: Executor> ReadAudit for S {
    fn audit(&mut self, from: i64, limit: u32) -> Result<Vec<ChainedAuditLine>, StoreError> {
        self.settle()?;
        self.list(&LINES, values![from, limit], read_line)
    }

    fn audit_is_complete(&mut self) -> Result<bool, StoreError> {
        Ok(self.optional(&IS_COMPLETE, values![], |row| row.integer())?.is_some())
    }
}
