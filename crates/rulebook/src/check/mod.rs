//! Applies the rules to a pain.001 item by item in file order, while the exchange reads it.
//!
//! Each subject of the guideline has a file of its own here; the checker calls them in order and remembers what one
//! item means for a later one (counts, sums, identifiers, the head of the block).

mod address;
mod checker;
mod classification;
mod finding;
mod identifiers;
mod parties;
mod payment;
mod report;
mod text;
mod totals;

pub(crate) use checker::TRANSFER;
pub use checker::{CheckContext, CheckedBlock, Checker};
pub use finding::{Excerpt, Finding, Scope, Sink};
pub use payment::{CheckedPayment, UltimateDebtor};
pub use totals::{BlockTotals, MessageTotals};
