//! The use cases of the exchange, on real messages and real SQLite, through its public face.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping, missing_docs, unreachable_pub)]

mod support;
mod take_up;

mod acceptance;
mod at_rest;
mod authorisation;
mod duplicates;
mod execution;
mod idempotency;
mod large_messages;
mod limits_and_funds;
mod operator;
mod reports;
mod restart;
mod retention;
mod submissions;
mod trial;
