//! Payments to other banks: hands them over to a settlement system ([`port`]), and books its answers.
//!
//! [`settle`] is the chore, step by step; `answers` assesses an answer and books it; `returns`
//! books money that comes back, or lets it wait; [`simulator`] is the settlement
//! system of sandboxes.

pub(crate) mod answered;
pub(crate) mod answers;
pub(crate) mod hand_over;
pub(crate) mod inbox;
pub mod port;
pub(crate) mod returns;
pub(crate) mod settle;
pub(crate) mod simulator;
