//! The parts of the program `tdam`: its sub-commands, their output for people, and the generator of messages.
//!
//! It is also a library, so that tests, benchmarks and chores use the same generator and commands as people do.

mod acts;
mod backup;
mod boxed;
pub mod budgets;
mod check;
mod commands;
pub mod configuration;
mod connection;
mod demo;
mod disk_failure;
mod evidence;
mod export;
pub mod file_handles;
pub mod generate;
mod hexadecimal;
pub mod installation;
pub mod libraries;
mod log_fields;
mod logging;
mod operator_connection;
mod outside_lists;
mod private_files;
mod reach;
mod refusal;
mod restored;
mod server_certificate;
pub mod serving;
mod show;
mod supervisor;
mod terminal;
mod threads;
mod tour;

pub use boxed::Boxed;
pub use commands::run;
