//! `tdam operator mail`: letters about certificates and registrations that end.

use clap::Subcommand;
use exchange::{Operator, ShownNotice};

use crate::acts;
use crate::configuration::Configuration;
use crate::terminal::{Column, Exit, Failure, Table, Terminal};

/// What to do with one.
#[derive(Subcommand, Debug, Clone)]
pub(in crate::commands) enum Act {
    /// Have a letter tried again that could not be sent
    Retry {
        /// Its number, as the list shows it
        number: i64,
    },
}

pub(super) async fn act(configuration: &Configuration, act: Act, terminal: &Terminal) -> Result<Exit, Failure> {
    let Act::Retry { number } = act;
    acts::act(configuration, &acts::Act::RetryNotice(number)).await?;
    terminal.line(format_args!("Letter {number} waits to be sent."));
    Ok(Exit::Done)
}

pub(super) async fn list(operator: &Operator, terminal: &Terminal) -> Result<Exit, Failure> {
    let open = operator.open_notices().await.map_err(Failure::service)?;
    if open.is_empty() {
        terminal.line("No letter waits.");
        return Ok(Exit::Done);
    }
    let mut table = Table::new([
        Column::right("Letter"),
        Column::new("State"),
        Column::new("Online user"),
        Column::new("Client"),
        Column::new("What ends"),
        Column::new("When"),
        Column::right("Days"),
        Column::right("Attempts"),
        Column::new("Next, or given up"),
        Column::new("Why"),
    ]);
    let mut is_refused = false;
    for notice in &open {
        let ShownNotice { id, state, what, client, online_user, ends, days, attempts, at, why } = notice;
        let (number, days, attempts) = (id.to_string(), days.to_string(), attempts.to_string());
        is_refused |= state == "refused";
        table.row([
            (&number).into(),
            state.into(),
            online_user.into(),
            client.into(),
            what.into(),
            ends.into(),
            (&days).into(),
            (&attempts).into(),
            at.into(),
            why.into(),
        ]);
    }
    terminal.table(&table);
    Ok(if is_refused { Exit::Refused } else { Exit::Done })
}
