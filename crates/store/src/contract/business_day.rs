//! The business day.

use jiff::civil::Date;

use crate::StoreError;

/// Reads the business day.
pub trait ReadBusinessDay {
    /// The business day. A transaction locks it, shared, so that all bookings of a day come before the day moves.
    ///
    /// # Errors
    /// [`StoreError::Missing`] before the first one was set.
    fn business_day(&mut self) -> Result<Date, StoreError>;
}

/// Moves the business day.
pub trait WriteBusinessDay: ReadBusinessDay {
    /// Moves the business day forward.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when it would go back.
    fn set_business_day(&mut self, day: Date) -> Result<(), StoreError>;
}
