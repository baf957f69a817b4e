//! Submissions on their way to an answer: what they may take, and how often they are tried.

pub(crate) mod attempts;
pub(crate) mod given_up;
pub(crate) mod memory;
