//! The settings that all nodes that serve from the store have in common.

use crate::StoreError;

/// Reads and replaces the shared settings.
pub trait WriteSettings {
    /// The shared settings, as the exchange wrote them; `None` before the first serving. Locks them: until the end of
    /// the transaction no other node reads them.
    fn lock_shared_settings(&mut self) -> Result<Option<String>, StoreError>;

    /// Replaces them. The caller has locked them.
    fn set_shared_settings(&mut self, settings: &str) -> Result<(), StoreError>;
}
