//! `tdam audit checkpoints`: as text for paper, or as JSON Lines for verification.

use exchange::Operator;
use store::StoredCheckpoint;

use crate::commands::opened::open;
use crate::configuration::Configuration;
use crate::hexadecimal::hexadecimal;
use crate::terminal::{Exit, Failure, Terminal};

/// So many are read at a time.
const AT_A_TIME: u32 = 1000;
/// The command prints so many as text unless an option names another number.
const SHOWN: usize = 1;
/// Digits of a hash in one group, so that people can compare two of them.
const GROUP_DIGITS: usize = 8;

/// Which, and how.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Show the last N [default: 1; all with --json]
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// Print each as a JSON object, as `tdam audit verify` reads them
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) async fn run(
    configuration: &Configuration,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let (_, operator) = open(configuration).await?;
    let all = all(&operator).await?;
    let shown = arguments.last.unwrap_or(if arguments.json { all.len() } else { SHOWN });
    let shown = &all[all.len().saturating_sub(shown)..];
    if shown.is_empty() {
        terminal.note("there is no checkpoint yet: a service with an audit key signs the first one when it starts");
        return Ok(Exit::Done);
    }
    for stored in shown {
        if arguments.json {
            terminal.line(stored.checkpoint.to_json());
        } else {
            show(stored, terminal);
        }
    }
    Ok(Exit::Done)
}

async fn all(operator: &Operator) -> Result<Vec<StoredCheckpoint>, Failure> {
    let mut all: Vec<StoredCheckpoint> = Vec::new();
    loop {
        let from = all.last().map_or(1, |last| last.number.saturating_add(1));
        let page = operator.checkpoints(from, AT_A_TIME).await.map_err(Failure::service)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

fn show(stored: &StoredCheckpoint, terminal: &Terminal) {
    let StoredCheckpoint { number, business_day, checkpoint } = stored;
    terminal.line(format_args!("Checkpoint {number} of the audit chain of exchange {}", checkpoint.exchange));
    terminal.line(format_args!("  line       {}", checkpoint.sequence));
    terminal.line(format_args!("  at         {}, business day {business_day}", checkpoint.at));
    let digits = [
        ("hash     ", hexadecimal(&checkpoint.hash)),
        ("key      ", checkpoint.key.to_string()),
        ("signature", hexadecimal(&checkpoint.signature)),
    ];
    for (name, digits) in digits {
        terminal.line(format_args!("  {name}  {}", grouped(&digits)));
    }
}

fn grouped(digits: &str) -> String {
    let letters: Vec<char> = digits.chars().collect();
    letters.chunks(GROUP_DIGITS).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
