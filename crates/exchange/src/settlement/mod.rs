//! The settlement system behind SEPA payments.

pub(crate) mod simulator;
