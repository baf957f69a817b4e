//! The exchange's record of the time, and whether its time may be simulated.

use jiff::Timestamp;

use crate::{ClockJump, ClockRecord, StoreError};

/// Reads the record of the time.
pub trait ReadClock {
    /// The record of the time, with the store's own clock, if it has one.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the database has no record of it.
    fn clock(&mut self) -> Result<ClockRecord, StoreError>;
}

/// Writes the record of the time.
pub trait WriteClock: ReadClock {
    /// Notes a trusted time, unless a later one is noted.
    fn trust_time(&mut self, at: Timestamp) -> Result<(), StoreError>;

    /// Notes a jump of the clock, or its end. The first jump stays until then.
    fn note_clock_jump(&mut self, jump: Option<&ClockJump>) -> Result<(), StoreError>;

    /// Notes an operator's confirmation of the time: the store trusts it over earlier notes, and forgets the jump.
    fn confirm_clock(&mut self, at: Timestamp) -> Result<(), StoreError>;

    /// Notes whether this is a sandbox.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the opposite is noted.
    fn set_sandbox(&mut self, is_sandbox: bool) -> Result<(), StoreError>;
}
