//! Cancellation: a client takes back payments that were accepted and are not executed yet.
//!
//! A request names a message, a block of it or one payment ([`request`]). What it names never changes, so it is found
//! outside the transaction ([`named`]). One transaction for some lots locks them, looks again at the rights of the caller,
//! and refuses what is still open ([`cancel`]). Execution and hand-over lock the same lots, so a payment is either cancelled
//! or executed. The answer says how the payments stand afterwards ([`outcome`]); so a repeated request changes nothing and
//! gets the same answer.

mod cancel;
mod named;
mod outcome;
mod request;

pub use outcome::{CancellationOutcome, NotCancelled};
pub use request::Cancellation;
