//! The life of a payment order, as pure decisions: accept, schedule, execute, settle.
//!
//! Every decision takes the accounts involved (a [`ledger::Book`]), the lots and the business day, and returns what
//! changes. Nothing here reads a clock, draws a number or stores anything, so a whole treasury can be simulated
//! from a seed.

mod lot;
mod record;

pub use lot::{Event, Lot, LotId, MessageId, PaymentId, Refusal, RefusalStage, Stage, Status};
pub use record::{PaymentRecord, RecordError, Share, Side};
