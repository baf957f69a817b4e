//! `tdam libraries`: the client libraries that the service gives out.

mod export;
mod new_key;

use protocol::LibraryList;
use server::Libraries;

use super::configuration::ConfigurationFile;
use crate::libraries::{given_out, signing_key};
use crate::terminal::{Cell, Column, Exit, Failure, Style, Table, Terminal, words};

/// The client libraries that the service gives out at /v1/libraries, signed by the publication key.
///
/// They lie in the folder that the configuration names as libraries.folder; `cargo xtask libraries` fills one. After a change the service
/// reads it again on a reload.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    config: ConfigurationFile,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, clap::Subcommand)]
enum Act {
    List(List),
    Export(export::Arguments),
    NewKey(new_key::Arguments),
}

/// Check the libraries, and list them with version, checksum and the versions of the interface that they were proven against.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
struct List {
    /// Print what the service answers at /v1/libraries, as JSON
    #[arg(long)]
    json: bool,
}

/// The libraries of a configuration, checked.
fn libraries_of(config: &ConfigurationFile) -> Result<Libraries, Failure> {
    let configuration = config.read()?;
    let key = signing_key(&configuration).map_err(Failure::Usage)?;
    given_out(&configuration, key.as_ref()).map_err(Failure::Usage)
}

impl Arguments {
    pub(super) fn wants_json(&self) -> bool {
        matches!(&self.act, Act::List(list) if list.json)
    }
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let Arguments { config, act } = arguments;
    match act {
        Act::List(arguments) => list(arguments.json, config, terminal),
        Act::Export(arguments) => export::run(arguments, libraries_of(config)?, terminal),
        Act::NewKey(arguments) => new_key::run(arguments, terminal),
    }
}

fn list(json: bool, config: &ConfigurationFile, terminal: &Terminal) -> Result<Exit, Failure> {
    let Libraries { libraries, publication_key_pem } = libraries_of(config)?;
    let overviews: Vec<_> = libraries.into_iter().map(|library| library.overview).collect();
    if json {
        terminal.json(&serde_json::json!(LibraryList { libraries: overviews, publication_key: publication_key_pem }));
        return Ok(Exit::Done);
    }
    let mut table = Table::new([
        Column::new(terminal.say(words::LIBRARY_LANGUAGE)),
        Column::new(terminal.say(words::VERSION)),
        Column::wrapped(terminal.say(words::NEEDS)),
        Column::new(terminal.say(words::INTERFACE)),
        Column::right(terminal.say(words::BYTES)),
        Column::wrapped("SHA-256"),
    ]);
    for library in &overviews {
        table.row([
            Cell::styled(Style::Strong, &library.language),
            (&library.version).into(),
            (&library.requires).into(),
            library.releases.first().map(|release| release.interface.join(", ")).unwrap_or_default().into(),
            library.bytes.into(),
            (&library.sha256).into(),
        ]);
    }
    match table.is_empty() {
        true => terminal.line(terminal.say(words::NO_LIBRARIES)),
        false => terminal.table(&table),
    }
    Ok(Exit::Done)
}
