//! Tests of double entry.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod common;
mod holds;
mod journals;
mod limits;
