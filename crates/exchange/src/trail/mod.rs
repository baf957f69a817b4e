//! The audit chain beyond its lines: signed checkpoints, and what is read of it.

pub(crate) mod checkpoints;
pub(crate) mod reading;
