//! Tests of certificates and key stores.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod authority;
mod chain;
mod enrolment_secret;
mod key_encryption;
mod key_store;
mod levels;
mod programs;
mod request;
mod revocation_list;
