//! What kept bodies take, and which have been kept for long enough.

use jiff::Timestamp;
use payments::MessageId;

use super::executor::{Executor, plain_statements, values};
use crate::codec::micros;
use crate::row_mapping::read_storage;
use crate::{BodyHash, ClientStorage, ReadRetention, RemovableBody, StoreError};

plain_statements! {
    const REMOVABLE = ("SELECT id, sha256, size FROM submission
        WHERE state = 1 AND body_file IS NOT NULL AND received_at < $1 ORDER BY received_at LIMIT $2");
    const REMOVABLE_TOTAL = ("SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM submission
        WHERE state = 1 AND body_file IS NOT NULL AND received_at < $1");
    const STORAGE_OF_CLIENTS = ("SELECT client, bytes FROM client_storage WHERE bytes > 0 ORDER BY bytes DESC, client");
}

impl<S: Executor> ReadRetention for S {
    fn removable_bodies(&mut self, before: Timestamp, limit: u32) -> Result<Vec<RemovableBody>, StoreError> {
        self.list(&REMOVABLE, values![micros(before), limit], |row| {
            let message = MessageId(row.integer()?);
            Ok(RemovableBody { message, hash: BodyHash(row.digest()?), size: row.unsigned()? })
        })
    }

    fn removable_bodies_total(&mut self, before: Timestamp) -> Result<(u64, u64), StoreError> {
        let total =
            self.optional(&REMOVABLE_TOTAL, values![micros(before)], |row| Ok((row.unsigned()?, row.unsigned()?)))?;
        total.ok_or(StoreError::Missing("row"))
    }

    fn storage_of_clients(&mut self) -> Result<Vec<ClientStorage>, StoreError> {
        self.list(&STORAGE_OF_CLIENTS, values![], read_storage)
    }
}
