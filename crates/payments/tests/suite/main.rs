//! Tests of the life of a payment order.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod admission;
mod cancellation;
mod common;
mod execution;
mod invariants;
mod record;
mod scheduling;
mod settlement;
mod signing;
mod simulation;
mod status;
