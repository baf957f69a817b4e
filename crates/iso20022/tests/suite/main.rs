//! Tests of the messages: readers, writers, and what both agree on.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod camt060_round_trip;
mod camt060_tolerance;
mod camt_round_trip;
mod fuzz_seeds;
mod pain001_reader;
mod pain001_round_trip;
mod pain002_round_trip;
mod samples;
mod support;
mod tables;
mod writers;
