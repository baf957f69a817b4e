//! The work that no request waits for.

mod adoption;
pub(crate) mod retention;
pub(crate) mod round;
mod suspects;
