//! `tdam authority`: the change from one issuing authority to the next, step by step, none of which is forced.
//!
//! The commands make files and say what to write into the configuration; the service takes that up at a SIGHUP. Nothing is ever overwritten.

mod files;
mod list;
mod next;
mod server_certificate;

use clap::Subcommand;

use super::configuration::ConfigurationFile;
use super::runtime::service;
use crate::terminal::{Exit, Failure, Terminal};

/// Make the next issuing authority, follow the change to it, and issue certificates of the server.
#[derive(clap::Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigurationFile,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Show the authorities: since when they are published, when they issue, when their last certificates end
    List,
    Next(next::Arguments),
    ServerCertificate(server_certificate::Arguments),
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let configuration = arguments.config.read()?;
    match arguments.act {
        Act::List => service(list::run(&configuration, terminal)),
        Act::Next(arguments) => next::run(&arguments, &configuration, terminal),
        Act::ServerCertificate(arguments) => service(server_certificate::run(&arguments, &configuration, terminal)),
    }
}
