//! Signatures, against the RFC's vectors and against keys made here.
#![allow(clippy::unwrap_used, reason = "tests")]

mod appendix_b;
mod profile;
mod structured;
