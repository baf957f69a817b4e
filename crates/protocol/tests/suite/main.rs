//! Tests of what server and clients share.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod problem;
mod status;
