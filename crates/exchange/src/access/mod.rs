//! Who asks, and what that allows.

pub(crate) mod actor;
pub(crate) mod caller;
mod overview;
mod refusal_lines;
pub(crate) mod refusals;
