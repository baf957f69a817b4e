//! `tdam status`: where the payments of a message stand now.

use std::path::{Path, PathBuf};

use client::{Client, InProgress, MessageOverview, Sent};

use super::answer::{read_answer, save};
use super::runtime::in_runtime;
use crate::connection::Connection;
use crate::show::{self, Rest};
use crate::terminal::{Exit, Failure, Terminal, words};

/// Show where the payments of a message stand now.
///
/// A message that is still being checked is RCVD: received.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// MsgId of the pain.001
    #[arg(value_name = "MSG_ID", required_unless_present = "submission")]
    message_id: Option<String>,
    /// Number of a submission that `tdam send` left while the exchange was checking it; always finds it
    #[arg(long, value_name = "N", conflicts_with = "message_id")]
    submission: Option<i64>,
    /// Write the status report (pain.002, with every refused payment) here
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: Connection,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let client = arguments.connection.client(terminal)?;
    in_runtime(async {
        let overview = match arguments.submission {
            Some(submission) => of_submission(&client, submission, &arguments, terminal).await?,
            None => {
                of_message(&client, arguments.message_id.as_deref().unwrap_or_default(), &arguments, terminal).await?
            }
        };
        if arguments.json {
            terminal.json(&serde_json::json!(overview));
        } else {
            show::print_status(&overview, Rest::Options("--output FILE"), terminal);
        }
        Ok(if overview.refused_total > 0 || overview.status == "RJCT" { Exit::Refused } else { Exit::Done })
    })?
}

async fn of_message(
    client: &Client,
    message_id: &str,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<MessageOverview, Failure> {
    if let Some(path) = &arguments.output {
        save(client.status(message_id).await?, path).await?;
        written(path, terminal);
    }
    Ok(client.status_overview(message_id, Some(terminal.client_language())).await?)
}

/// How the message stands that a submission became, or that it waits for its answer.
async fn of_submission(
    client: &Client,
    submission: i64,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<MessageOverview, Failure> {
    let outcome = client.outcome(&InProgress::of_submission(submission), Some(terminal.client_language())).await?;
    match outcome {
        Sent::Answer(answer) => {
            let message_type = answer.message_type.as_deref().and_then(|name| name.parse().ok());
            let first = read_answer(message_type, &answer.xml, terminal)?;
            of_message(client, &first.message_id, arguments, terminal).await
        }
        Sent::InProgress(later) => {
            if let Some(path) = &arguments.output {
                std::fs::write(path, &later.receipt).map_err(Failure::output(path))?;
                written(path, terminal);
            }
            read_answer(None, &later.receipt, terminal)
        }
    }
}

fn written(path: &Path, terminal: &Terminal) {
    terminal.note(format_args!("{} {}", terminal.say(words::WRITTEN), path.display()));
}
