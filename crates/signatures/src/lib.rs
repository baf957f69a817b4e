//! What is signed, and how it is verified: requests by online users, payments by people.
//!
//! Requests carry HTTP message signatures (RFC 9421) over a small profile. Three layers, lowest first: [`structured`] reads and writes structured fields (RFC 9651) as far as signatures need them,
//! [`base`] makes the bytes that are signed, and [`profile`] says what a submission must cover, and verifies it.
//! [`digest`] is `Content-Digest` (RFC 9530).
//!
//! People sign the canonical digest of [`payments`], which knows no HTTP.
//!
//! The crate does no I/O and reads no clock: the request, the key and the time are arguments. So evidence that was kept is
//! verified years later by the same code.

pub mod base;
pub mod digest;
mod explanation;
pub mod key;
pub mod payments;
pub mod profile;
pub mod structured;

pub use base::{Component, Message, Signature, SignatureInput, signatures_of};
pub use explanation::{Explanation, Step, Taken, explain};
pub use key::{Algorithm, PublicKey};
pub use profile::{Fault, Request, Verified, verify};
