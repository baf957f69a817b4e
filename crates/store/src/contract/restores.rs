//! Marks of restores: what serves nothing until an operator has brought in later revocations.

use jiff::Timestamp;

use crate::{Fingerprint, RestoreMark, StoreError};

/// Reads marks of restores.
pub trait ReadRestores {
    /// The newest mark that is not settled.
    fn unsettled_restore(&mut self) -> Result<Option<RestoreMark>, StoreError>;

    /// The certificates of online users and persons with this serial number (hexadecimal). Ours have serial numbers of their own; other
    /// authorities may use the same.
    fn certificates_with_serial(&mut self, serial: &str) -> Result<Vec<Fingerprint>, StoreError>;
}

/// Writes marks of restores.
pub trait WriteRestores: ReadRestores {
    /// Marks the store as restored from a copy of this moment. `false` when a mark waits already.
    fn mark_restored(&mut self, at: Timestamp, as_of: Timestamp) -> Result<bool, StoreError>;

    /// Settles all marks. `false` when none waits.
    fn settle_restores(&mut self, at: Timestamp) -> Result<bool, StoreError>;

    /// Withdraws all codes to enrol with that were not used, as far as the store knows. Returns how many.
    fn withdraw_enrolment_codes(&mut self, at: Timestamp) -> Result<u64, StoreError>;
}
