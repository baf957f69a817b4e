//! `tdam quotas`: what is left of the quotas of an online user and of its address.

use client::{QuotaHolder, QuotaLeft};

use super::runtime::in_runtime;
use crate::connection::Connection;
use crate::terminal::{Cell, Column, Exit, Failure, Style, Table, Terminal, words};

/// Show what is left of the quotas of the online user and of the address, on the node that answers.
///
/// Asking takes nothing from them.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: Connection,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let client = arguments.connection.client(terminal)?;
    let quotas = in_runtime(async { client.quotas().await })??;
    if arguments.json {
        terminal.json(&serde_json::json!(quotas));
        return Ok(Exit::Done);
    }
    let mut table = Table::new([
        Column::wrapped(terminal.say(words::QUOTA)),
        Column::new(""),
        Column::right(terminal.say(words::LEFT)),
        Column::right(terminal.say(words::RESERVE)),
        Column::right(terminal.say(words::BURST)),
        Column::right(terminal.say(words::EACH_SECOND)),
        Column::right(terminal.say(words::FULL_IN)),
    ]);
    for holder in [&quotas.online_user, &quotas.address] {
        add(holder, &mut table, terminal);
    }
    match table.is_empty() {
        true => terminal.line(terminal.say(words::NO_QUOTAS)),
        false => terminal.table(&table),
    }
    Ok(Exit::Done)
}

fn add(holder: &QuotaHolder, table: &mut Table, terminal: &Terminal) {
    for (kind, quota) in [(words::REQUESTS, &holder.requests), (words::BYTES, &holder.bytes)] {
        let Some(QuotaLeft { left, reserve_left, burst, per_second, full_in_seconds }) = quota else { continue };
        table.row([
            Cell::styled(Style::Strong, &holder.name),
            terminal.say(kind).into(),
            left.into(),
            reserve_left.map(|left| left.to_string()).unwrap_or_default().into(),
            burst.into(),
            per_second.into(),
            format!("{full_in_seconds} s").into(),
        ]);
    }
}
