//! `tdam audit list`.

use std::collections::VecDeque;

use audit::line_to_json;
use exchange::{AuditFilter, AuditReading, Operator};
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use rulebook::calendar::TREASURY_TIME_ZONE;

use crate::commands::opened::open;
use crate::configuration::Configuration;
use crate::terminal::{Column, Exit, Failure, Table, Terminal};

/// A table shows so many lines unless an option names another number.
const LINES_SHOWN: usize = 100;
/// So many lines a table shows at most: it is laid out in memory.
const LINES_SHOWN_MAX: usize = 10_000;

/// Which lines.
#[derive(clap::Args, Debug)]
pub(super) struct Arguments {
    /// Written then or later: a day in Riga, or a moment such as 2026-11-30T08:00:00Z
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<Timestamp>,
    /// Written before
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<Timestamp>,
    /// Who acted, or part of it: `online user 3`, `operator`, `person 2`
    #[arg(long, value_name = "TEXT")]
    actor: Option<String>,
    /// What was done: `certificate.revoked`, or `certificate` for all of its kind
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// What it was about: any part of the details
    #[arg(long, value_name = "TEXT")]
    about: Option<String>,
    /// Show the last N of them [default: 100; all with --json]
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// Print each line as a JSON object, as an export has it
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) async fn run(
    configuration: &Configuration,
    arguments: Arguments,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let Arguments { since, until, actor, action, about, last, json } = arguments;
    let filter = AuditFilter { since, until, actor, action, about };
    let (_, operator) = open(configuration).await?;
    operator.note_audit_reading(AuditReading::Listed, &filter).await.map_err(Failure::service)?;
    if json && last.is_none() {
        each(&operator, &filter, |line| {
            terminal.line(line_to_json(&line));
        })
        .await?;
        return Ok(Exit::Done);
    }
    let shown = last.unwrap_or(LINES_SHOWN).min(LINES_SHOWN_MAX);
    let (mut found, mut lines) = (0_usize, VecDeque::new());
    each(&operator, &filter, |line| {
        found += 1;
        lines.push_back(line);
        if lines.len() > shown {
            lines.pop_front();
        }
    })
    .await?;
    if json {
        lines.iter().for_each(|line| terminal.line(line_to_json(line)));
        return Ok(Exit::Done);
    }
    let mut table = Table::new([
        Column::right("Line"),
        Column::new("At"),
        Column::new("Who"),
        Column::new("What"),
        Column::wrapped("About"),
    ]);
    for chained in &lines {
        let line = &chained.line;
        let at = format!("{:.0}", line.at);
        table.row([
            chained.sequence.into(),
            at.into(),
            (&line.actor).into(),
            (&line.action).into(),
            (&line.detail).into(),
        ]);
    }
    terminal.table(&table);
    if found > lines.len() {
        terminal.note(format_args!("{} earlier lines match too: --last, --since, --until", found - lines.len()));
    }
    Ok(Exit::Done)
}

/// Goes through the lines that are meant, oldest first.
async fn each(
    operator: &Operator,
    filter: &AuditFilter,
    mut take: impl FnMut(store::ChainedAuditLine),
) -> Result<(), Failure> {
    let mut from = 1;
    loop {
        let page = operator.audit_page(from).await.map_err(Failure::service)?;
        let Some(last) = page.last() else { return Ok(()) };
        from = last.sequence.saturating_add(1);
        page.into_iter().filter(|chained| filter.matches(&chained.line)).for_each(&mut take);
    }
}

/// A day begins at midnight in Riga.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(day) = text.parse::<Date>() {
        let midnight = day.to_datetime(Time::midnight()).to_zoned_datetime(TREASURY_TIME_ZONE.clone());
        return midnight.map(|midnight| midnight.timestamp()).map_err(|error| error.to_string());
    }
    text.parse().map_err(|_| "say a day such as 2026-11-30 or a moment such as 2026-11-30T08:00:00Z".to_owned())
}
