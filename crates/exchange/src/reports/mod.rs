//! Account reports, statements and notifications: [`order`] reads a camt.060, [`page`] writes what the books say.

pub mod account_report;
pub(crate) mod cursor;
mod daily_balances;
pub(crate) mod order;
pub(crate) mod page;
