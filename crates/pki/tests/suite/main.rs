//! Tests of certificates and key stores.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod authority;
mod key_store;
mod request;
