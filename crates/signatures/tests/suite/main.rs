//! Signatures, against the RFC's vectors and against keys made here.
#![allow(clippy::unwrap_used, reason = "tests")]

mod appendix_b;
mod fuzz_seeds;
mod payments;
mod profile;
mod structured;
