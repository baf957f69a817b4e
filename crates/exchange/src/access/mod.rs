//! Identification of callers, and their rights.

pub(crate) mod actor;
pub(crate) mod caller;
pub(crate) mod known_callers;
pub(crate) mod outside;
mod overview;
mod refusal_lines;
pub(crate) mod refusals;
mod rights;
mod rights_end;
mod signature;
pub(crate) mod signed_body;
pub(crate) mod signing_certificate;
