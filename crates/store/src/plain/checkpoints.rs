//! Signed checkpoints of the audit chain.

use audit::{AuditPublicKey, Checkpoint};
use jiff::Timestamp;

use super::executor::{Executor, plain_statements, values};
use crate::codec::{Columns, day, micros};
use crate::{ReadCheckpoints, StoreError, StoredCheckpoint, WriteCheckpoints};

macro_rules! checkpoint_columns {
    () => {
        "number, sequence, hash, at, business_day, exchange, key, signature"
    };
}

plain_statements! {
    const LAST = ("SELECT ", checkpoint_columns!(), " FROM audit_checkpoint ORDER BY number DESC LIMIT 1");
    const FROM = ("SELECT ", checkpoint_columns!(), " FROM audit_checkpoint WHERE number >= $1 ORDER BY number LIMIT $2");
    const UNCONFIRMED = ("SELECT at FROM audit WHERE sequence =
        1 + coalesce((SELECT sequence FROM audit_checkpoint ORDER BY number DESC LIMIT 1), 0)");
    const INSERT = ("INSERT INTO audit_checkpoint (", checkpoint_columns!(), ")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING");
}

fn read_checkpoint(row: &mut Columns<'_>) -> Result<StoredCheckpoint, StoreError> {
    let (number, sequence, hash, at) = (row.integer()?, row.integer()?, row.digest()?, row.timestamp()?);
    let (business_day, exchange, key) = (row.date()?, row.text()?, AuditPublicKey::from_bytes(row.digest()?));
    let signature = row.bytes_ref()?.try_into();
    let signature =
        signature.map_err(|_| StoreError::Corrupt("a signature of a checkpoint has not 64 bytes".to_owned()))?;
    Ok(StoredCheckpoint {
        number,
        business_day,
        checkpoint: Checkpoint { exchange, sequence, hash, at, key, signature },
    })
}

impl<S: Executor> ReadCheckpoints for S {
    fn last_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>, StoreError> {
        self.optional(&LAST, values![], read_checkpoint)
    }

    fn checkpoints(&mut self, from: i64, limit: u32) -> Result<Vec<StoredCheckpoint>, StoreError> {
        self.list(&FROM, values![from, limit], read_checkpoint)
    }

    fn unconfirmed_since(&mut self) -> Result<Option<Timestamp>, StoreError> {
        self.optional(&UNCONFIRMED, values![], |row| row.timestamp())
    }
}

impl<S: Executor> WriteCheckpoints for S {
    fn insert_checkpoint(&mut self, stored: &StoredCheckpoint) -> Result<bool, StoreError> {
        let StoredCheckpoint { number, business_day, checkpoint } = stored;
        let values = values![
            *number,
            checkpoint.sequence,
            &checkpoint.hash,
            micros(checkpoint.at),
            day(*business_day),
            &checkpoint.exchange,
            checkpoint.key.as_bytes(),
            checkpoint.signature.as_slice(),
        ];
        Ok(self.change(&INSERT, values)? == 1)
    }
}
