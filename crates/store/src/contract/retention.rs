//! Bodies that are kept: what they take, and which have been kept for long enough.

use jiff::Timestamp;
use payments::MessageId;

use crate::{ClientStorage, RemovableBody, StoreError};

/// Reads kept bodies.
pub trait ReadRetention {
    /// Answered submissions received before a moment whose bodies are still kept outside their row, oldest first, at most
    /// `limit`.
    fn removable_bodies(&mut self, before: Timestamp, limit: u32) -> Result<Vec<RemovableBody>, StoreError>;

    /// How many those are in all, and their bytes.
    fn removable_bodies_total(&mut self, before: Timestamp) -> Result<(u64, u64), StoreError>;

    /// Bytes of the kept bodies of each client, largest first; clients without any are left out.
    fn storage_of_clients(&mut self) -> Result<Vec<ClientStorage>, StoreError>;
}

/// Removes bodies after their retention.
pub trait WriteRetention: ReadRetention {
    /// Removes the body of an answered message that lies outside its row; hash, size and answer stay. Its file is removed
    /// after the commit.
    ///
    /// # Errors [`StoreError::Refused`] when there is no such body, or the submission has not been answered;
    /// [`StoreError::Unavailable`] while a reader holds the bodies.
    fn remove_body(&mut self, id: MessageId, at: Timestamp) -> Result<(), StoreError>;
}
