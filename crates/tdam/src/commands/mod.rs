//! The sub-commands: one file each.

mod backup;
mod check;
mod database;
mod demo;
mod documents;
mod errors;
mod format_description;
mod generate;
mod init;
mod operator;
mod report;
mod restore;
mod sandbox;
mod schema;
mod send;
mod serve;
mod set_aside;
mod status;
mod validate;

use std::future::Future;
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use iso20022::MessageType;
use tokio::io::AsyncWriteExt;

use crate::configuration::Configuration;
use crate::connection::Connection;
use crate::reach;
use crate::terminal::{Colours, Exit, Failure, LanguageChoice, Terminal};

/// The online data exchange module of a treasury: bulk payments (pain.001), their status (pain.002) and account reports
/// (camt.052, camt.053, camt.054) over mutually authenticated TLS.
#[derive(Debug, Parser)]
#[command(name = "tdam", version, max_term_width = 110, after_help = EXIT_CODES)]
struct CommandLine {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every sub-command takes.
#[derive(Debug, clap::Args)]
struct Global {
    /// Language of texts: lv or en [default: by LC_ALL, LC_MESSAGES or LANG]
    #[arg(
        long,
        global = true,
        display_order = 1001,
        value_name = "LV|EN",
        hide_possible_values = true,
        env = "TDAM_LANGUAGE",
        hide_env_values = true
    )]
    language: Option<LanguageChoice>,
    /// Colours: auto (on a terminal, unless NO_COLOR is set), always, never
    #[arg(
        long,
        global = true,
        display_order = 1002,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true
    )]
    color: Colours,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(demo::Arguments),
    Sandbox(sandbox::Arguments),
    Init(init::Arguments),
    Serve(serve::Arguments),
    Operator(operator::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Check(check::Arguments),
    Send(send::Arguments),
    Status(status::Arguments),
    Report(report::Arguments),
    Validate(validate::Arguments),
    Generate(generate::Arguments),
    Errors(errors::Arguments),
    Schema(schema::Arguments),
    FormatDescription(format_description::Arguments),
}

/// Shown below the help of the program and of each sub-command.
const EXIT_CODES: &str = "\
Exit codes:
  0  done; everything was accepted, nothing was found
  1  refused, in full or in part, or findings
  2  wrong usage, or a file that cannot be read
  3  no connection, or the exchange does not accept who calls
  4  the exchange cannot answer now, or did not in time; the same command again is safe
  5  anything else: output that cannot be written, an answer that is not understood
  6  the service stopped by itself: its disk failed to sync, and starting it again finds out what was written";

/// How much of a message is looked at to see what it is, in bytes.
const PEEK_BYTES: u64 = 64 << 10;

/// Runs the program with the arguments of its process.
#[must_use]
pub fn run() -> ExitCode {
    let line = CommandLine::parse();
    let terminal = Terminal::of_process(line.global.language, line.global.color).with_json(line.command.wants_json());
    let connection = line.command.connection().cloned();
    let exit = match line.command {
        Command::Demo(arguments) => demo::run(arguments, &terminal),
        Command::Sandbox(arguments) => sandbox::run(arguments, &terminal),
        Command::Init(arguments) => init::run(arguments, &terminal),
        Command::Serve(arguments) => serve::run(arguments, &terminal),
        Command::Operator(arguments) => operator::run(arguments, &terminal),
        Command::Backup(arguments) => backup::run(arguments, &terminal),
        Command::Restore(arguments) => restore::run(arguments, &terminal),
        Command::Check(arguments) => check::run(arguments, &terminal),
        Command::Send(arguments) => send::run(arguments, &terminal),
        Command::Status(arguments) => status::run(arguments, &terminal),
        Command::Report(arguments) => report::run(arguments, &terminal),
        Command::Validate(arguments) => validate::run(arguments, &terminal),
        Command::Generate(arguments) => generate::run(arguments, &terminal),
        Command::Errors(arguments) => errors::run(&arguments, &terminal),
        Command::Schema(arguments) => schema::run(&arguments, &terminal),
        Command::FormatDescription(arguments) => format_description::run(&arguments, &terminal),
    };
    match exit {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let exit = Exit::of(&failure);
            // A person can mend the rest without help.
            let is_stuck = matches!(exit, Exit::Connection | Exit::Unavailable);
            let support = connection.filter(|_| is_stuck).and_then(|connection| connection.support());
            terminal.failure_with_support(&failure, support.as_deref());
            exit.into()
        }
    }
}

impl Command {
    /// How it reaches the exchange, where it calls one.
    fn connection(&self) -> Option<&Connection> {
        match self {
            Command::Send(arguments) => Some(&arguments.connection),
            Command::Status(arguments) => Some(&arguments.connection),
            Command::Report(arguments) => Some(&arguments.connection),
            _ => None,
        }
    }

    fn wants_json(&self) -> bool {
        match self {
            Command::Send(arguments) => arguments.json,
            Command::Status(arguments) => arguments.json,
            Command::Report(arguments) => arguments.json,
            Command::Validate(arguments) => arguments.json || arguments.sarif,
            Command::Generate(arguments) => arguments.json,
            Command::Errors(arguments) => arguments.json,
            Command::Demo(_)
            | Command::Sandbox(_)
            | Command::Init(_)
            | Command::Serve(_)
            | Command::Operator(_)
            | Command::Backup(_)
            | Command::Restore(_)
            | Command::Check(_)
            | Command::Schema(_)
            | Command::FormatDescription(_) => false,
        }
    }
}

/// Runs a service, with a thread for each core.
fn service<F: Future<Output = Result<Exit, Failure>>>(future: F) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("the system gives no event loop: {error}")))?;
    runtime.block_on(future)
}

/// Runs a client's calls: one thread is enough for one connection.
fn in_runtime<F: Future>(future: F) -> Result<F::Output, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| Failure::Other(format!("the system gives no event loop: {error}")))?;
    Ok(runtime.block_on(future))
}

/// A host name or address on the command line.
fn host_name(text: &str) -> Result<String, String> {
    if reach::is_host(text) {
        Ok(text.to_owned())
    } else {
        Err(format!("{text:?} is no host name such as exchange.example"))
    }
}

/// The configuration that a command names; says how to name one where there is none.
fn configuration(file: &Path) -> Result<Configuration, Failure> {
    if !file.exists() {
        let missing =
            format!("there is no {}: name the configuration file with --config or TDAM_CONFIG", file.display());
        return Err(Failure::Usage(missing));
    }
    Ok(Configuration::read(file)?)
}

/// Writes a document to a file as it comes.
async fn save(mut document: client::Document, path: &Path) -> Result<(), Failure> {
    let mut file = tokio::fs::File::create(path).await.map_err(Failure::output(path))?;
    while let Some(chunk) = document.chunk().await? {
        file.write_all(&chunk).await.map_err(Failure::output(path))?;
    }
    file.flush().await.map_err(Failure::output(path))
}

/// Which of the twelve messages begins like this.
fn message_type_of(start: &[u8]) -> Option<MessageType> {
    let start = start.get(..start.len().min(PEEK_BYTES as usize))?;
    match xsd::peek_root(start) {
        xsd::Peek::Root { namespace, .. } => MessageType::from_namespace(&namespace),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_has_no_contradictions() {
        super::CommandLine::command().debug_assert();
    }
}
