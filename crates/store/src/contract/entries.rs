//! Booked entries. In a transaction each reading locks the sequencer until the end and includes the transaction's own
//! bookings, so that sums, days and the newest sequence agree.

use jiff::civil::Date;
use ledger::{AccountId, Journal};

use crate::{AccountDay, EntryRange, EntryView, StoreError};

/// Reads booked entries.
pub trait ReadEntries {
    /// The sequence of the newest entry; sequences count from 1, so 0 before the first.
    fn last_sequence(&mut self) -> Result<i64, StoreError>;

    /// Booked balance of an account before `date` in minor units, from its days.
    fn balance_before(&mut self, account: AccountId, date: Date) -> Result<i64, StoreError>;

    /// An account's days with entries in a period, in order.
    fn account_days(&mut self, account: AccountId, from: Date, to: Date) -> Result<Vec<AccountDay>, StoreError>;

    /// Booking date, sequence and minor units of the same entries, in the same order, without their causes: a fraction of
    /// the cost. Returns how many.
    ///
    /// # Errors
    /// What `each` returns.
    fn entry_amounts(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(Date, i64, i64) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError>;

    /// Entries with their causes, by (date, sequence). Returns how many.
    ///
    /// # Errors
    /// What `each` returns; [`StoreError::Corrupt`] when the cause of an entry is missing.
    fn entries(
        &mut self,
        range: &EntryRange,
        each: &mut dyn FnMut(EntryView<'_>) -> Result<(), StoreError>,
    ) -> Result<u32, StoreError>;
}

/// Books entries, which never change afterwards.
pub trait WriteEntries: ReadEntries {
    /// Books balanced journals, one after another: entries get sequences, days their totals. Balances are written by
    /// [`WriteAccounts::save_book`](super::WriteAccounts::save_book). Any number in one call.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when one does not balance, or an account has another currency; [`StoreError::Missing`] when
    /// there is no such account.
    fn append_journals(&mut self, journals: &[&Journal]) -> Result<(), StoreError>;

    /// The same for one.
    ///
    /// # Errors
    /// As [`WriteEntries::append_journals`].
    fn append_entries(&mut self, journal: &Journal) -> Result<(), StoreError> {
        self.append_journals(&[journal])
    }
}
