//! Payments as they were stored, read back in pages, so that memory does not grow with the message.

use payments::{LotId, MessageId, PaymentId, Refusal};

use crate::{LotRange, StoreError, StoredPayment};

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

/// Reads payments of many lots at once, as execution and settlement do.
pub trait ReadLotPayments {
    /// Payments of lots: range by range, each in file order. Any number of ranges in one call; each has its own limit.
    ///
    /// # Errors
    /// What `each` returns.
    fn payments_in(
        &mut self,
        ranges: &[LotRange],
        each: &mut dyn FnMut(LotId, StoredPayment<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Refusals that touch ranges of payments: range by range, each in file order, whichever lot of the message they are
    /// about. Costs what [`ReadRefusals::refusals_between`](super::ReadRefusals::refusals_between) costs for each.
    fn refusals_in(&mut self, ranges: &[LotRange]) -> Result<Vec<(LotId, Refusal)>, StoreError>;
}
