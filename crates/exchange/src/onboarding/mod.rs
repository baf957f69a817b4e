//! Applications: entered, checked, approved and put in force by operators, each in a transaction that leaves a step and an
//! audit line.
//!
//! [`onboarding::Application`] decides what is possible; this folder reads what an application changes ([`base`]), writes
//! what it asks for ([`effect`]), and proves who acts ([`staff`]).

mod acts;
mod base;
mod effect;
pub(crate) mod enrolment;
pub(crate) mod limits;
pub(crate) mod lookups;
pub(crate) mod on_time;
mod operators_left;
mod outside_certificate;
mod person_certificate;
pub(crate) mod reasons;
mod recovery;
pub(crate) mod staff;
pub(crate) mod views;
