//! Tests of what is published about the messages.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod descriptions;
mod patterns;
mod payments;
mod schemas;
mod support;
