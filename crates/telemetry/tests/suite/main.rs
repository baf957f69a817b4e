//! Tests of the table of metrics, of its page and of the examples for monitoring.
#![allow(clippy::unwrap_used, missing_docs)]

mod examples;
mod page;
mod table;
