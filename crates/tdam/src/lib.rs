//! What the program `tdam` is made of: its sub-commands, how they speak to people, and the generator of messages.
//!
//! It is a library besides so that tests, benchmarks and chores use the same generator and the same commands as people do.

mod check;
mod commands;
mod connection;
pub mod generate;
mod show;
mod terminal;

pub use commands::run;
