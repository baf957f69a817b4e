//! `tdam operator set-aside`: work that ended the process at each attempt, and waits for a decision.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;
use exchange::{Exchange, SetAside, SetAsideSubmission, SetAsideWork, SystemClock};

use crate::acts::{self, ActOutcome};
use crate::configuration::Configuration;
use crate::terminal::{Column, Exit, Failure, Table, Terminal};

/// The acts on work that is set aside.
#[derive(Subcommand, Debug, Clone)]
pub(super) enum Act {
    /// List submissions, lots and chores that are set aside; exit code 1 when there are any
    List,
    /// Show everything known of one; write a submission's body to a file
    Show {
        /// The number of a submission, or the name of a lot or chore
        what: String,
        /// Write the submission's body to this file, which does not exist yet
        #[arg(long, value_name = "FILE")]
        body: Option<PathBuf>,
    },
    /// Try it again, as often as something new
    Retry {
        /// The number of a submission, or the name of a lot or chore
        what: String,
    },
    /// Refuse a submission: its client gets a refusal, and the exchange removes its body
    Refuse {
        /// The number of the submission
        #[arg(value_parser = number_of_submission)]
        submission: i64,
    },
}

pub(super) async fn run(configuration: &Configuration, act: Option<Act>, terminal: &Terminal) -> Result<Exit, Failure> {
    match act.unwrap_or(Act::List) {
        Act::List => list(&all(configuration).await?, terminal),
        Act::Show { what, body } => show(configuration, &what, body.as_deref(), terminal).await,
        Act::Retry { what } => {
            let act = match what.parse() {
                Ok(submission) => acts::Act::RetrySubmission(submission),
                Err(_) => acts::Act::RetryWork(what.clone()),
            };
            acts::act(configuration, &act).await?;
            terminal.line(format_args!("{} is tried again as soon as a service runs.", named(&what)));
            Ok(Exit::Done)
        }
        Act::Refuse { submission } => {
            acts::act(configuration, &acts::Act::RefuseSubmission(submission)).await?;
            terminal.line(format_args!("Submission {submission} is refused. No payment of it was accepted."));
            Ok(Exit::Done)
        }
    }
}

/// Only a submission has a client to refuse.
fn number_of_submission(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| {
        "only a submission can be refused, by its number; `tdam operator set-aside` lists which there are".to_owned()
    })
}

/// As sentences begin with it.
fn named(what: &str) -> String {
    if what.parse::<i64>().is_ok() { format!("Submission {what}") } else { format!("\"{what}\"") }
}

async fn all(configuration: &Configuration) -> Result<SetAside, Failure> {
    match acts::act(configuration, &acts::Act::ListSetAside).await? {
        ActOutcome::SetAside(set_aside) => Ok(set_aside),
        _ => Err(Failure::Other("the service answered something else: is it of another version?".to_owned())),
    }
}

fn list(set_aside: &SetAside, terminal: &Terminal) -> Result<Exit, Failure> {
    let SetAside { submissions, works } = set_aside;
    if submissions.is_empty() && works.is_empty() {
        terminal.line("Nothing is set aside.");
        return Ok(Exit::Done);
    }
    if !submissions.is_empty() {
        let mut table = Table::new([
            Column::right("Submission"),
            Column::new("Received"),
            Column::wrapped("Client"),
            Column::new("Request"),
            Column::right("Bytes"),
            Column::right("Ended processes"),
        ]);
        for known in submissions {
            let SetAsideSubmission { submission, received_at, client, request_id, bytes, attempts, .. } = known;
            table.row([
                submission.into(),
                received_at.into(),
                client.into(),
                request_id.into(),
                bytes.into(),
                attempts.into(),
            ]);
        }
        terminal.table(&table);
    }
    if !works.is_empty() {
        let mut table = Table::new([Column::wrapped("Work"), Column::new("Since"), Column::right("Ended processes")]);
        for SetAsideWork { work, attempts, since } in works {
            table.row([work.into(), since.into(), attempts.into()]);
        }
        terminal.table(&table);
    }
    Ok(Exit::Refused)
}

async fn show(
    configuration: &Configuration,
    what: &str,
    body: Option<&Path>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let SetAside { submissions, works } = all(configuration).await?;
    let mut facts = Table::new([Column::new(""), Column::wrapped("")]);
    let submission = submissions.iter().find(|known| known.submission.to_string() == what);
    if let Some(known) = submission {
        let SetAsideSubmission { submission, client, online_user, request_id, received_at, sha256, bytes, attempts } =
            known;
        facts.row(["Submission".into(), submission.into()]);
        facts.row(["Client".into(), client.into()]);
        facts.row(["Online user".into(), online_user.into()]);
        facts.row(["Request".into(), request_id.into()]);
        facts.row(["Received".into(), received_at.into()]);
        facts.row(["Bytes".into(), bytes.into()]);
        facts.row(["SHA-256".into(), sha256.into()]);
        facts.row(["Ended processes".into(), attempts.into()]);
    } else if let Some(SetAsideWork { work, attempts, since }) = works.iter().find(|known| known.work == what) {
        facts.row(["Work".into(), work.into()]);
        facts.row(["Since".into(), since.into()]);
        facts.row(["Ended processes".into(), attempts.into()]);
    } else {
        return Err(Failure::Usage(format!("{what:?} is not set aside; `tdam operator set-aside` lists what is")));
    }
    terminal.table(&facts);
    match (submission, body) {
        (Some(known), Some(file)) => write_body(configuration, known.submission, file, terminal).await,
        (None, Some(_)) => Err(Failure::Usage("only a submission has a body".to_owned())),
        (_, None) => Ok(Exit::Done),
    }
}

/// Reading needs no service: bodies never change.
async fn write_body(
    configuration: &Configuration,
    submission: i64,
    file: &Path,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let store = configuration.open_store().await.map_err(Failure::service)?;
    let operator = Exchange::new(store, configuration.exchange_settings(), Arc::new(SystemClock)).operator();
    let place = file.to_owned();
    let body = operator.body_set_aside(exchange::MessageId(submission)).await.map_err(Failure::service)?;
    let written = tokio::task::spawn_blocking(move || {
        let mut body = body;
        let mut file = OpenOptions::new().write(true).create_new(true).open(place)?;
        let bytes = io::copy(&mut body, &mut file)?;
        file.sync_all()?;
        Ok(bytes)
    });
    let bytes = written.await.map_err(Failure::service)?.map_err(Failure::output(file))?;
    terminal.line(format_args!("{bytes} bytes written to {}.", file.display()));
    Ok(Exit::Done)
}
