//! `tdam person`: the Treasury's operators and the clients' persons, as an operator's client of the exchange.

use clap::{Args, Subcommand};
use protocol::applications::PersonOverview;

use super::runtime::in_runtime;
use crate::operator_connection::OperatorConnection;
use crate::terminal::{Cell, Column, Exit, Failure, Style, Table, Terminal, words};

/// Look at persons, as an operator. Persons come, change and end by `tdam application`.
#[derive(Args, Debug)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Print the result as JSON
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: OperatorConnection,
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand, Debug)]
enum Act {
    /// List all persons
    List,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let Act::List = arguments.act;
    let operator = arguments.connection.operator(terminal)?;
    let list = in_runtime(async { operator.persons().await })??;
    if arguments.json {
        terminal.json(&serde_json::json!(list));
        return Ok(Exit::Done);
    }
    let mut table = Table::new([
        Column::right(terminal.say(words::NUMBER)),
        Column::wrapped(terminal.say(words::NAME)),
        Column::wrapped(terminal.say(words::CLIENT)),
        Column::new(terminal.say(words::ROLES)),
        Column::new(terminal.say(words::EMAIL)),
        Column::new(terminal.say(words::VALID_UNTIL)),
        Column::new(terminal.say(words::CERTIFICATE_UNTIL)),
        Column::new(""),
    ]);
    for person in &list.persons {
        table.row(row(person, terminal));
    }
    terminal.table(&table);
    Ok(Exit::Done)
}

fn row(person: &PersonOverview, terminal: &Terminal) -> [Cell; 8] {
    let remark = match &person.ended_at {
        Some(_) => terminal.say(words::ENDED),
        None if person.is_you => terminal.say(words::YOU),
        None => "",
    };
    let client = person.client.as_ref().map_or_else(|| terminal.say(words::TREASURY), |client| client.name.as_str());
    [
        Cell::styled(Style::Strong, person.id),
        person.name.clone().into(),
        client.into(),
        person.roles.join(", ").into(),
        person.email.clone().into(),
        person.valid_until.clone().into(),
        certificate(person, terminal),
        remark.into(),
    ]
}

/// The last day of the certificate, with a mark where somebody should act.
fn certificate(person: &PersonOverview, terminal: &Terminal) -> Cell {
    let Some(until) = &person.certificate_not_after else { return "-".into() };
    let day = until.split('T').next().unwrap_or_default();
    let (style, mark) = match person.certificate_days_left {
        Some(..0) => (Style::Bad, words::CERTIFICATE_OVER),
        Some(days) if onboarding::notice_due(days).is_some() => (Style::Waiting, words::ENDS_SOON),
        _ => return day.into(),
    };
    Cell::styled(style, format!("{day} {}", terminal.say(mark)))
}
