//! Chores of the project that are no part of the product: `cargo xtask <chore>`.

use std::process::ExitCode;

use clap::Parser;

mod gen_messages;

/// Chores of the project.
#[derive(Debug, Parser)]
#[command(name = "xtask", about)]
enum Chore {
    /// Makes the message tables of `iso20022` from the official schemas, or checks that they are up to date.
    GenMessages(gen_messages::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Chore::parse() {
        Chore::GenMessages(arguments) => gen_messages::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
