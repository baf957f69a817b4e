//! Executes accepted payments: lots fall due ([`fall_due`]), the exchange books internal ones and hands SEPA ones over
//! ([`carry_out`]).

pub(crate) mod carry_out;
pub(crate) mod fall_due;
pub(crate) mod lots;
pub(crate) mod step;
