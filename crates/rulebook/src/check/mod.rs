//! Applies the rules to a pain.001 while it is read, item by item in file order.

mod checker;
mod finding;

pub use checker::{BlockTotals, Checked, CheckedBlock, Checker, MessageTotals, Route, Setting, UltimateDebtor};
pub use finding::{Excerpt, Finding, Scope, Sink};
