//! Tests of the life of applications.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod common;
mod content;
mod forms;
mod hands;
mod life;
mod simulation;
