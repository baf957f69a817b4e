//! `tdam status`: where the payments of a message stand now.

use std::path::PathBuf;

use super::{in_runtime, save};
use crate::connection::Connection;
use crate::show;
use crate::terminal::{Exit, Failure, Terminal, words};

/// Show where the payments of a message stand now.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(super) struct Arguments {
    /// MsgId of the pain.001
    #[arg(value_name = "MSG_ID")]
    message_id: String,
    /// Write the status report (pain.002, with every refused payment) here
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    connection: Connection,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let client = arguments.connection.client()?;
    in_runtime(async {
        if let Some(path) = &arguments.output {
            let document = client.status(&arguments.message_id).await?;
            save(document, path).await?;
            terminal.note(format_args!("{} {}", terminal.say(words::WRITTEN), path.display()));
        }
        let overview = client.status_overview(&arguments.message_id, Some(terminal.client_language())).await?;
        if arguments.json {
            terminal.json(&serde_json::json!(overview));
        } else {
            show::print_status(&overview, terminal);
        }
        Ok(if overview.refused_total > 0 || overview.status == "RJCT" { Exit::Refused } else { Exit::Done })
    })?
}
