//! Letters and the mail server.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod letters;
mod servers;
