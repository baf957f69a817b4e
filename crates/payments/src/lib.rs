//! The life of a payment order, as pure decisions: accept, schedule, cancel, execute, settle.
//!
//! Every decision takes the accounts involved (a [`ledger::Book`]), the lots and the business day, and returns the
//! changes. Nothing here reads a clock, draws a number or stores anything, so a whole treasury can be simulated from a
//! seed.
//!
//! | what happens | decision | the lot afterwards |
//! |---|---|---|
//! | a checked message is accepted | [`admit`] | `Held` or `Scheduled` |
//! | the execution date comes, funds come, the cut-off comes | [`fall_due`] | `Held`, `AwaitingFunds` or `Refused` |
//! | the client cancels what is not executed | [`cancel_lot`], [`cancel_payments`] | unchanged, in the end `Refused` or `Completed` |
//! | an internal lot is executed, a chunk at a time | [`execute_internal`] | `Held`, in the end `Completed` |
//! | a SEPA lot is handed over | [`dispatch`] | `Dispatched` |
//! | the settlement system answers | [`settle`] | `Dispatched`, in the end `Completed` |
//! | settled money comes back | [`return_payment`] | unchanged |
//! | money comes in from outside | [`incoming_credit`] | |
//!
//! A lot without any booked payment ends `Refused`. [`status`] translates stages into statuses for the client;
//! [`invariants`] says what must hold after each step.

pub mod bounds;
pub mod invariants;
pub mod signing;
pub mod simulation;
pub mod status;

mod admission;
mod cancellation;
mod decision;
mod execution;
mod lot;
mod progress;
mod record;
mod schedule;
mod settlement;

pub use admission::{Acceptance, Admission, AdmissionRequest, NewLot, NewPayment, admit};
pub use cancellation::{CancellationItem, cancel_lot, cancel_payments};
pub use decision::{DecisionError, Occasion, Step};
pub use execution::{ExecutionItem, execute_internal};
pub use lot::{Event, HELD_AGAINST, Lot, LotId, MessageId, PaymentId, Position, Refusal, RefusalStage, Stage, Status};
pub use record::{PartyRecord, PaymentRecord, RecordError, Share, Side};
pub use schedule::{fall_due, open_business_day};
pub use settlement::{Incoming, Rejection, SettlementItem, dispatch, incoming_credit, return_payment, settle};
