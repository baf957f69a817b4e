//! The settlement system behind SEPA payments, and the booking of its answers.

pub(crate) mod settle;
pub(crate) mod simulator;
