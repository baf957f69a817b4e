//! Who asks, and what that allows.

pub(crate) mod caller;
pub(crate) mod refusals;
