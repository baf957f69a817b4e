//! `cargo xtask equivalence`: our verdict on a document equals that of libxml2 with the official schema.
//!
//! The command compares public samples, messages written from the schema alone, and mutants of both, of all twelve
//! types. Where verdicts differ, the document belongs to a class with an argument (`argued`), confirmed by Xerces where
//! the argument is a fault of libxml2; or the command fails and keeps the document. The same numbers give the same
//! documents on any machine.

mod argued;
mod author;
mod comparison;
mod document;
mod mutate;
mod oracle;
mod pattern;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod published;
mod report;
pub(crate) mod seeds;
mod value;

use std::error::Error;
use std::path::PathBuf;

use clap::Args;

/// What to compare.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder with the official schemas, named `<message>.xsd`.
    #[arg(long, value_name = "DIR")]
    xsd: PathBuf,
    /// Folder with sample messages, valid or not, in folders named after their message.
    #[arg(long, value_name = "DIR")]
    samples: PathBuf,
    /// How many mutants, over all messages.
    #[arg(long, value_name = "N", default_value_t = 2_400)]
    mutants: u64,
    /// The seed; the same seed gives the same mutants.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many processes of libxml2 at once; one per core if not given.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// Where documents are left on which the verdicts differ without an argument.
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/equivalence"))]
    failures: PathBuf,
}

/// Compares.
///
/// # Errors
/// When a verdict differs without an argument, or something that is needed is missing.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let corpora = comparison::corpora(&arguments.xsd, &arguments.samples)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let tally = comparison::run(&corpora, arguments.mutants, arguments.seed, arguments.jobs.unwrap_or(cores))?;
    report::print(&corpora, tally, &arguments.failures)
}
