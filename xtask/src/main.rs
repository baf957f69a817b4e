//! Chores of the project that are no part of the product: `cargo xtask <chore>`.

use std::process::ExitCode;

use clap::Parser;

mod attack;
mod bench;
mod conformance;
mod docs;
mod equivalence;
mod gen_messages;
mod libraries;
mod package;
mod sbom;
mod sim;
mod testee;
mod wrong_clock;

/// Chores of the project.
#[derive(Debug, Parser)]
#[command(name = "xtask", about)]
enum Chore {
    /// Repeats on the built program every attack that once stopped, filled or deceived the exchange.
    Attack(Box<attack::Arguments>),
    /// Measures the built program from outside, beside common programs.
    #[command(subcommand)]
    Bench(bench::Bench),
    /// Runs the cases of `conformance` with client libraries against the built program, and prints a table.
    Conformance(conformance::Arguments),
    /// The testee of the Rust library: answers the steps of the conformance suite on standard input and output.
    #[command(hide = true)]
    ConformanceTestee,
    /// Writes `docs/reference` (errors, rules, format descriptions, OpenAPI) from the tables, or checks that it is up to date.
    Docs(docs::Arguments),
    /// Compares our verdicts with those of libxml2 on samples and on mutants of all twelve messages.
    Equivalence(equivalence::Arguments),
    /// Writes the messages from which fuzzing starts.
    FuzzSeeds(equivalence::seeds::Arguments),
    /// Makes the message tables of `iso20022` from the official schemas, or checks that they are up to date.
    GenMessages(gen_messages::Arguments),
    /// Makes the archives of the client libraries, and the list from which the service gives them out.
    Libraries(libraries::Arguments),
    /// Makes the Debian package and the archive of the released program, with checksums.
    Package(package::Arguments),
    /// Writes the components of the program, as a CycloneDX document.
    Sbom(sbom::Arguments),
    /// Runs a treasury in memory from a seed and checks every invariant after every step.
    Sim(sim::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Chore::parse() {
        Chore::Attack(arguments) => attack::run(&arguments).map_err(|error| error as _),
        Chore::Bench(bench) => bench::run(&bench),
        Chore::Conformance(arguments) => conformance::run(&arguments).map_err(|error| error as _),
        Chore::ConformanceTestee => testee::run().map_err(|error| error as _),
        Chore::Docs(arguments) => docs::run(&arguments),
        Chore::Equivalence(arguments) => equivalence::run(&arguments),
        Chore::FuzzSeeds(arguments) => equivalence::seeds::run(&arguments),
        Chore::GenMessages(arguments) => gen_messages::run(&arguments),
        Chore::Libraries(arguments) => libraries::run(&arguments),
        Chore::Package(arguments) => package::run(&arguments),
        Chore::Sbom(arguments) => sbom::run(&arguments),
        Chore::Sim(arguments) => sim::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
