//! The status of a message, and its status reports (pain.002).

pub(crate) mod every_payment;
pub(crate) mod named_refusals;
pub(crate) mod now;
pub(crate) mod pain002;
pub(crate) mod reason;
pub(crate) mod reason_scope;
pub(crate) mod received;
pub(crate) mod refused_message;
pub mod report;
