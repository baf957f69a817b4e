//! The version of all rights; see [`crate::Rights`].

use crate::{Rights, StoreError};

/// Reads what processes rely on between two confirmations.
pub trait ReadRights {
    /// The version of all rights, and the business day, in one round trip. Locks nothing.
    fn rights(&mut self) -> Result<Rights, StoreError>;
}

/// Knows whether a transaction changes rights.
pub trait WriteRights: ReadRights {
    /// Whether it has changed any: then the call that made it returns when no process relies on the old ones any more.
    fn has_changed_rights(&self) -> bool;
}
