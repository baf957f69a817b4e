//! Double entry: accounts, holds, postings, balances, limits.
//!
//! Pure: operations decide on a [`Book`], the few accounts that an operation involves; the caller loads them and writes
//! them back. The ledger knows no ISO 20022 and no storage, so its whole life can be simulated.
//!
//! Architecture invariant: a refused operation leaves the book as it was.

mod account;
mod book;
mod posting;

pub use account::{Account, AccountId, AccountRole, AccountState, DailyUse, Growth, Limits};
pub use book::{Book, BookError};
pub use posting::{CreditId, Entry, EntryKind, EntrySource, Journal, JournalError};
