//! `tdam operator cancel`: cancels payments of a client that asked the Treasury to do it.

use exchange::Client;

use crate::acts::{self, ActOutcome, NamedPayments};
use crate::commands::cancel::{Payments, exit_of, print};
use crate::configuration::Configuration;
use crate::terminal::{Exit, Failure, Terminal};

pub(super) async fn cancel(
    configuration: &Configuration,
    client: &Client,
    payments: Payments,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let Payments { message_id, block, end_to_end_id, instruction_id, number } = payments;
    let payments = NamedPayments { message_id, block, end_to_end_id, instruction_id, number };
    match acts::act(configuration, &acts::Act::Cancel { client: client.id.0, payments }).await? {
        ActOutcome::Cancelled(answer) => {
            print(&answer, terminal);
            Ok(exit_of(&answer))
        }
        _ => Err(Failure::Other("the service answered something else: is it of another version?".to_owned())),
    }
}
