//! Evidence of a signed submission as a file: one JSON document with everything that its verification needs but the body and the
//! authority to trust. It is verified without the exchange, at the moment that it is of.

mod file;
mod verify;

pub(crate) use file::{EvidenceFile, FORMAT};
pub(crate) use verify::{Finding, verify};
