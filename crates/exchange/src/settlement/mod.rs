//! Payments to other banks: handing them over to a settlement system ([`port`]), and booking what it answers.
//!
//! [`settle`] is the chore, step by step; `answers` says what an answer means and books it; [`simulator`] is the settlement
//! system of sandboxes.

pub(crate) mod answered;
pub(crate) mod answers;
pub(crate) mod hand_over;
pub(crate) mod inbox;
pub mod port;
pub(crate) mod settle;
pub(crate) mod simulator;
