//! Data of the invariants, for checks.

use payments::invariants::Facts;

use crate::StoreError;

/// Reads the data of the invariants.
pub trait ReadReconciliation {
    /// Everything the invariants speak of, summed by the store. Reads all accounts, lots, payments and entries: for checks,
    /// not while serving.
    fn facts(&mut self) -> Result<Facts, StoreError>;
}
