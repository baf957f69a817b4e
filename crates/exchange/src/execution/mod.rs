//! Carrying out what was accepted.

pub(crate) mod execute;
