//! Persistence: one contract, SQLite inside by default.
//!
//! Callers hand a closure to [`Store::write`]; it sees a transaction through [`Writing`], may run more than once,
//! and its effects are durable when the future is ready. Operations are set-based, so the number of round trips
//! does not grow with the number of payments. Only this crate knows SQL.

mod contract;
mod rows;

pub use contract::{Reading, Writing};
pub use rows::*;
