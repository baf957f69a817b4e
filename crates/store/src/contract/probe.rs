//! The probe of health: whether a payment could be committed.

use crate::StoreError;

/// Writes without changing anything.
pub trait WriteProbe {
    /// Writes without changing anything, through all that a payment's commit goes through, and takes every lock that it
    /// takes. When the job has ended, the store writes durably.
    fn prove(&mut self) -> Result<(), StoreError>;
}
