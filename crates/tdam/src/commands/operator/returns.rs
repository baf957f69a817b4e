//! `tdam operator returns`: money that came back for an account that takes no part in payments.

use clap::Subcommand;
use exchange::{Operator, ShownReturn};

use crate::acts;
use crate::configuration::Configuration;
use crate::terminal::{Column, Exit, Failure, Table, Terminal};

/// What to do with one.
#[derive(Subcommand, Debug, Clone)]
pub(in crate::commands) enum Act {
    /// Note that you have paid a return to the client by hand: the exchange will never book it
    PaidByHand {
        /// The payment, as the list shows it
        payment: String,
    },
}

pub(super) async fn act(configuration: &Configuration, act: Act, terminal: &Terminal) -> Result<Exit, Failure> {
    let Act::PaidByHand { payment } = act;
    acts::act(configuration, &acts::Act::ReturnPaidByHand(payment.clone())).await?;
    terminal.line(format_args!("The return of payment {payment} is noted as paid by hand."));
    Ok(Exit::Done)
}

pub(super) async fn list(operator: &Operator, terminal: &Terminal) -> Result<Exit, Failure> {
    let waiting = operator.waiting_returns().await.map_err(Failure::service)?;
    if waiting.is_empty() {
        terminal.line("No return waits.");
        return Ok(Exit::Done);
    }
    let mut table = Table::new([
        Column::new("Payment"),
        Column::new("Account"),
        Column::right("Amount"),
        Column::new("Reason"),
        Column::new("Since"),
    ]);
    for ShownReturn { payment, iban, amount, reason, since } in &waiting {
        table.row([payment.into(), iban.into(), amount.into(), reason.into(), since.into()]);
    }
    terminal.table(&table);
    Ok(Exit::Refused)
}
