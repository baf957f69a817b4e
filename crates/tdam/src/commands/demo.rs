//! `tdam demo`: the whole way once, before your eyes.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::runtime::service;
use crate::demo::{self, Settings};
use crate::generate::TRANSACTIONS_MAX;
use crate::terminal::{Exit, Failure, Terminal};

/// See the whole way once: a bulk payment file is sent, checked, executed and reported, and what must fail fails.
#[derive(clap::Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Folder of the demonstration; made when it is not there, continued when it is
    #[arg(long, value_name = "DIR", default_value = "tdam-demo")]
    dir: PathBuf,
    /// How many payments are sent
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(10..=i64::from(TRANSACTIONS_MAX)))]
    transactions: u32,
    /// Where the exchange listens; another port is taken when this one is in use
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8443")]
    address: SocketAddr,
    #[command(flatten)]
    store: super::database::StoreArguments,
    /// Keep the exchange running at the end, to try things on
    #[arg(long)]
    keep: bool,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let settings = Settings {
        folder: arguments.dir,
        transactions: arguments.transactions,
        address: arguments.address,
        database: arguments.store.database(),
        keep: arguments.keep,
    };
    service(demo::run(settings, terminal))
}
