//! The two clocks of the exchange, and how a node notices a clock that is in doubt.

pub(crate) mod guard;
pub(crate) mod local;
mod look;
pub(crate) mod receipt;
pub(crate) mod watch;
