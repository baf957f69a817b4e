//! The two clocks of the exchange, and how a clock that is in doubt is noticed.

pub(crate) mod guard;
pub(crate) mod local;
mod look;
pub(crate) mod receipt;
pub(crate) mod watch;
