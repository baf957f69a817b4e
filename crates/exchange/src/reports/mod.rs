//! Account reports, statements and notifications: [`order`] reads a camt.060 and fixes its reports, [`pages`] makes a
//! page of one from the books.

pub mod account_report;
pub(crate) mod cursor;
mod daily_balances;
pub(crate) mod extent;
mod order;
mod page;
pub(crate) mod pages;
