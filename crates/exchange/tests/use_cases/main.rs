//! The use cases of the exchange, on real messages and real SQLite, through its public face.
#![allow(clippy::unwrap_used, missing_docs)]

mod support;

mod authorisation;
mod idempotency;
mod submissions;
