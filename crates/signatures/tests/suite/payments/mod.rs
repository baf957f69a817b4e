//! The canonical digest of payments.

mod leaves;
mod statement;
mod summary;
mod tree;
mod values;
mod vectors;
