//! Payments as they were stored, read back in pages, so that memory does not grow with the message.

use payments::{MessageId, PaymentId};

use crate::{StoreError, StoredPayment};

/// Reads payments.
pub trait ReadPayments {
    /// Payments of a message from `from` on, in file order, at most `limit`; only of `lot` if given. Returns how many.
    ///
    /// # Errors
    /// What `each` returns.
    fn payments(
        &mut self,
        message: MessageId,
        lot: Option<u32>,
        from: u32,
        limit: u32,
        each: &mut dyn FnMut(StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError>;

    /// Payments by their ids, in the order of these; unknown ones are left out. Any number in one call.
    ///
    /// # Errors
    /// What `each` returns.
    fn payments_of(
        &mut self,
        ids: &[PaymentId],
        each: &mut dyn FnMut(PaymentId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;
}
