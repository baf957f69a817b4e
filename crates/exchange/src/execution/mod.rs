//! Carrying out what was accepted: lots fall due ([`fall_due`]), internal ones are booked and SEPA ones handed over
//! ([`carry_out`]).

pub(crate) mod carry_out;
pub(crate) mod fall_due;
pub(crate) mod lots;
pub(crate) mod step;
