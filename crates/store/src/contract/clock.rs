//! What the exchange knows of the time, and whether its time may be simulated.

use jiff::Timestamp;

use crate::{ClockJump, ClockRecord, StoreError};

/// Reads what is known of the time.
pub trait ReadClock {
    /// What is known of the time, with the moment that the store's own clock shows, if it has one.
    ///
    /// # Errors
    /// [`StoreError::Missing`] when the database has no record of it.
    fn clock(&mut self) -> Result<ClockRecord, StoreError>;
}

/// Notes what is known of the time.
pub trait WriteClock: ReadClock {
    /// Notes a time that nobody doubts, unless a later one is noted.
    fn trust_time(&mut self, at: Timestamp) -> Result<(), StoreError>;

    /// Notes a jump of the clock, or that there is none any more. The first jump stays until then.
    fn note_clock_jump(&mut self, jump: Option<&ClockJump>) -> Result<(), StoreError>;

    /// Notes that an operator vouches for the time: it is trusted whatever was noted before, and no jump is noted any more.
    fn confirm_clock(&mut self, at: Timestamp) -> Result<(), StoreError>;

    /// Notes whether this is a sandbox.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the opposite is noted.
    fn set_sandbox(&mut self, is_sandbox: bool) -> Result<(), StoreError>;
}
