//! `tdam send`: sends payments and shows the answer.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use client::{Answer, Body, Client, InProgress, MessageOverview, SendOptions, Sent};
use serde_json::{Value, json};

use super::answer::read_answer;
use super::runtime::in_runtime;
use super::signature_check;
use super::standard_input::read_stdin;
use crate::connection::Connection;
use crate::show::{self, Rest};
use crate::terminal::{Exit, Failure, Style, Terminal, words};

/// Send bulk payment messages (pain.001) and show the result of each.
///
/// You may send a file again at any time: the exchange recognises it and gives the same answer. So the command also
/// retries lost connections.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// pain.001 files; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Sign the request with the key of the certificate (RFC 9421)
    #[arg(long)]
    sign: bool,
    /// Sign, and only ask how the exchange judges the signature: it takes nothing
    #[arg(long, conflicts_with_all = ["test", "output"])]
    check_signature: bool,
    /// Only check: nothing is executed or remembered
    #[arg(long)]
    test: bool,
    /// Wait at most so many seconds for the answer to a file; 0 takes the receipt of a large one and leaves
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(0..=86_400))]
    wait: u64,
    /// Write the answer (pain.002) here; with several files this is a folder
    #[arg(long, short, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
    /// Own identification of the request, for both sides' logs
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: Connection,
}

/// The result of one file.
enum Outcome {
    Answered { answer: Answer, overview: Box<MessageOverview> },
    InProgress(InProgress),
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    if arguments.check_signature {
        let client = arguments.connection.client_that_signs(true, terminal)?;
        return signature_check::run(&client, &arguments.files, arguments.json, terminal);
    }
    let client = arguments.connection.client_that_signs(arguments.sign, terminal)?;
    let several = arguments.files.len() > 1;
    if several && let Some(folder) = arguments.output.as_deref().filter(|folder| !folder.is_dir()) {
        return Err(Failure::Usage(format!("{}: with several files, --output is a folder", folder.display())));
    }
    in_runtime(async {
        let mut exit = Exit::Done;
        let mut all = Vec::new();
        for path in &arguments.files {
            // What happens to one file does not keep the others from being sent, unless there is no way to send any.
            let result = send(&client, path, &arguments, terminal).await;
            let outcome = match result {
                Ok(outcome) => outcome,
                Err(failure) if several && matches!(Exit::of(&failure), Exit::Refused | Exit::Usage) => {
                    if !arguments.json {
                        terminal.line(terminal.paint(Style::Strong, path.display()));
                    }
                    terminal.failure(&failure);
                    exit = exit.max(Exit::of(&failure));
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            exit = exit.max(exit_of(&outcome, arguments.wait));
            if arguments.json {
                all.push(as_json(path, &outcome));
            } else {
                print(path, &outcome, &arguments, terminal);
            }
        }
        if arguments.json {
            terminal.json(&json!({ "files": all }));
        }
        Ok(exit)
    })?
}

async fn send(client: &Client, path: &Path, arguments: &Arguments, terminal: &Terminal) -> Result<Outcome, Failure> {
    let body = if path == Path::new("-") { Body::bytes(read_stdin()?) } else { Body::file(path) };
    let length = body.length().await?;
    let progress = terminal.progress(words::SENDING, length);
    let checking = terminal.say(words::BEING_CHECKED);
    let bar = progress.clone();
    let mut options = SendOptions::default()
        .test(arguments.test)
        .wait(Duration::from_secs(arguments.wait).min(client::bounds::WAIT_DEFAULT))
        .language(terminal.client_language())
        .progress(move |sent, length| {
            bar.at(sent);
            if sent == length {
                bar.now(checking);
            }
        });
    if let Some(id) = &arguments.request_id {
        options = options.request_id(id);
    }
    let sent = client.send_payments(body, options).await;
    let answer = match sent {
        Ok(Sent::InProgress(later)) if arguments.wait > 0 => {
            client.wait_for_answer(&later, Duration::from_secs(arguments.wait)).await.map(Sent::Answer)
        }
        other => other,
    };
    progress.clear();
    let answer = match answer? {
        Sent::Answer(answer) => answer,
        Sent::InProgress(later) => return Ok(Outcome::InProgress(later)),
    };
    if let Some(output) = &arguments.output {
        let target = if output.is_dir() { output.join(answer_name(path)) } else { output.clone() };
        fs::write(&target, &answer.xml).map_err(Failure::output(&target))?;
    }
    let message_type = answer.message_type.as_deref().and_then(|name| name.parse().ok());
    let overview = read_answer(message_type, &answer.xml, terminal)?;
    Ok(Outcome::Answered { answer, overview: Box::new(overview) })
}

/// `payments.xml` is answered in `payments.pain002.xml`.
fn answer_name(path: &Path) -> PathBuf {
    let stem = path.file_stem().map_or_else(|| "stdin".into(), std::ffi::OsStr::to_os_string);
    let mut name = stem;
    name.push(".pain002.xml");
    name.into()
}

fn exit_of(outcome: &Outcome, wait: u64) -> Exit {
    match outcome {
        Outcome::Answered { overview, .. } if overview.refused_total > 0 || overview.status == "RJCT" => Exit::Refused,
        Outcome::Answered { .. } => Exit::Done,
        Outcome::InProgress(_) if wait == 0 => Exit::Done,
        Outcome::InProgress(_) => Exit::Unavailable,
    }
}

fn print(path: &Path, outcome: &Outcome, arguments: &Arguments, terminal: &Terminal) {
    if arguments.files.len() > 1 {
        terminal.line(terminal.paint(Style::Strong, path.display()));
    }
    match outcome {
        Outcome::Answered { answer, overview } => {
            show::print_status(overview, Rest::Options("--output FILE"), terminal);
            if answer.repeated {
                terminal.note(terminal.paint_err(Style::Faint, terminal.say(words::REPEATED)));
            }
            if arguments.test {
                terminal.note(terminal.paint_err(Style::Faint, terminal.say(words::TEST_ONLY)));
            }
        }
        Outcome::InProgress(later) => {
            let receipt = read_answer(None, &later.receipt, terminal);
            let message_id = receipt.map_or_else(|_| "MSG_ID".to_owned(), |receipt| receipt.message_id);
            // Its number always finds the submission; a message refused with problem details has no used MsgId.
            let of = later.submission().map_or(message_id, |number| format!("--submission {number}"));
            terminal.line(format_args!("{}: tdam status {of}", terminal.say(words::RECEIVED)));
        }
    }
    if arguments.files.len() > 1 {
        terminal.line("");
    }
}

fn as_json(path: &Path, outcome: &Outcome) -> Value {
    let file = path.display().to_string();
    match outcome {
        Outcome::Answered { answer, overview } => json!({
            "file": file,
            "outcome": "answered",
            "repeated": answer.repeated,
            "request_id": answer.request_id,
            "overview": overview,
        }),
        Outcome::InProgress(later) => json!({
            "file": file,
            "outcome": "in_progress",
            "request_id": later.request_id,
            "location": later.location,
            "submission": later.submission(),
        }),
    }
}
