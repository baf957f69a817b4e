//! `tdam audit`: what the audit chain says, and whether it is what it was.
//!
//! List, export and checkpoints read the store beside a running service, as `tdam operator list` does, and the reading is an act in the
//! chain. Verification needs neither service nor store: it works on files, on any machine.

mod checkpoints;
mod export;
mod list;
mod new_key;
mod verify;

use clap::{Args, Subcommand};

use super::configuration::ConfigurationFile;
use super::runtime::service;
use crate::terminal::{Exit, Failure, Terminal};

/// Read and verify the audit chain: who did what, when, from where
#[derive(Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigurationFile,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand, Debug)]
enum Act {
    /// Show lines of the chain; the chain notes who read it
    List(list::Arguments),
    /// Write the whole chain as JSON Lines; the chain notes who read it
    Export(export::Arguments),
    /// Verify an export, without service and store
    Verify(verify::Arguments),
    /// Show signed checkpoints, to print or to keep elsewhere
    Checkpoints(checkpoints::Arguments),
    /// Make a key that signs checkpoints, for an installation without one or in place of one that others may know
    NewKey(new_key::Arguments),
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let Arguments { config, act } = arguments;
    match act {
        Act::Verify(arguments) => verify::run(&arguments, terminal),
        Act::NewKey(arguments) => new_key::run(&arguments, terminal),
        Act::List(arguments) => service(list::run(&config.read()?, arguments, terminal)),
        Act::Export(arguments) => service(export::run(&config.read()?, &arguments, terminal)),
        Act::Checkpoints(arguments) => service(checkpoints::run(&config.read()?, &arguments, terminal)),
    }
}

impl Arguments {
    pub(super) fn wants_json(&self) -> bool {
        match &self.act {
            Act::List(arguments) => arguments.json,
            Act::Verify(arguments) => arguments.json,
            Act::Checkpoints(arguments) => arguments.json,
            Act::Export(_) | Act::NewKey(_) => false,
        }
    }
}
