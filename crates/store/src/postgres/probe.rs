//! The probe of health.

use super::session::Session;
use crate::statement::statements;
use crate::{ReadBusinessDay, StoreError, WriteProbe};

statements! {
    const SUBMISSION: Statement = ("INSERT INTO submission (client) SELECT client FROM submission WHERE false");
    const MESSAGE: Statement = ("INSERT INTO message (id) SELECT id FROM message WHERE false");
    const BLOCK: Statement = ("INSERT INTO block (message) SELECT message FROM block WHERE false");
    const PAYMENT: Statement = ("INSERT INTO payment (id) SELECT id FROM payment WHERE false");
    const LOT: Statement = ("INSERT INTO lot (message) SELECT message FROM lot WHERE false");
    const ENTRY: Statement = ("INSERT INTO entry (sequence) SELECT sequence FROM entry WHERE false");
    const AUDIT: Statement = ("INSERT INTO audit (sequence) SELECT sequence FROM audit WHERE false");
    const EVENT: Statement = ("INSERT INTO event (message) SELECT message FROM event WHERE false");
}

impl WriteProbe for Session<'_> {
    /// Takes the locks that every payment takes: of the business day's row, of the tables that it writes to, whose rows stay
    /// as they are, and of the sequencer. A lock of a whole table that keeps payments waiting, or a database that has become
    /// read-only, stops this too.
    fn prove(&mut self) -> Result<(), StoreError> {
        let connection = self.changing();
        self.business_day()?;
        for table in [SUBMISSION, MESSAGE, BLOCK, PAYMENT, LOT, ENTRY, AUDIT, EVENT] {
            connection.execute_later(table, Vec::new(), |_, _| Ok(()))?;
        }
        self.pending.prove();
        Ok(())
    }
}
