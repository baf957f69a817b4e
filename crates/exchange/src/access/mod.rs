//! Identification of callers, and their rights.

pub(crate) mod actor;
pub(crate) mod caller;
mod overview;
mod refusal_lines;
pub(crate) mod refusals;
