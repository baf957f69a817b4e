//! Gauges: what monitoring wants to know of what is stored. No use case decides anything by them.

use crate::{StoreError, StoreGauges};

/// Reads gauges. The questions are cheap whatever is stored: each reads an index and stops at a bound.
pub trait ReadGauges {
    /// What waits, and what ends.
    fn gauges(&mut self) -> Result<StoreGauges, StoreError>;
}
