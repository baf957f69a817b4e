//! Adding to the audit chain. The sequencer numbers and chains the lines.

use super::session::Session;
use crate::statement::statements;
use crate::{AddAudit, AuditLine, StoreError, WriteAudit};

statements! {
    const MARK_COMPLETE: Statement = ("INSERT INTO audit_mark (id) VALUES (1) ON CONFLICT DO NOTHING");
}

impl AddAudit for Session<'_> {
    fn append_audit(&mut self, line: &AuditLine) -> Result<(), StoreError> {
        self.changing();
        self.pending.note(line);
        Ok(())
    }
}

impl WriteAudit for Session<'_> {
    fn mark_audit_complete(&mut self) -> Result<(), StoreError> {
        self.changing().execute(MARK_COMPLETE, &[]).map(drop)
    }
}
