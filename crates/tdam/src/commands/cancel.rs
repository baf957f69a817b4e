//! `tdam cancel`: cancels payments that are not executed yet.

use client::{Cancellation, CancellationAnswer, NotCancelled};

use super::runtime::in_runtime;
use crate::connection::Connection;
use crate::terminal::{Exit, Failure, Terminal, words};

/// Cancel payments that are not executed yet: of a message, of a block of it, or one.
///
/// What is executed, or handed over for settlement, stays. The same command again changes nothing.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    payments: Payments,
    /// Sign the request with the key of the certificate
    #[arg(long)]
    sign: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: Connection,
}

/// Which payments.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct Payments {
    /// MsgId of the pain.001
    #[arg(value_name = "MSG_ID")]
    pub(super) message_id: String,
    /// Only payments of the block with this PmtInfId
    #[arg(long, value_name = "PMT_INF_ID")]
    pub(super) block: Option<String>,
    /// Only the payment with this EndToEndId
    #[arg(long, value_name = "ID")]
    pub(super) end_to_end_id: Option<String>,
    /// Only the payment with this InstrId
    #[arg(long, value_name = "ID")]
    pub(super) instruction_id: Option<String>,
    /// Only the payment at this place in the message, from 1
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) number: Option<u32>,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let client = arguments.connection.client_that_signs(arguments.sign, terminal)?;
    let Payments { message_id, block, end_to_end_id, instruction_id, number } = &arguments.payments;
    let mut cancellation = Cancellation::of_message(message_id).language(terminal.client_language());
    if let Some(block) = block {
        cancellation = cancellation.block(block);
    }
    if let Some(id) = end_to_end_id {
        cancellation = cancellation.end_to_end_id(id);
    }
    if let Some(id) = instruction_id {
        cancellation = cancellation.instruction_id(id);
    }
    if let Some(number) = number {
        cancellation = cancellation.number(*number);
    }
    let answer = in_runtime(async { client.cancel(&cancellation).await })??;
    if arguments.json {
        terminal.json(&serde_json::json!(answer));
    } else {
        print(&answer, terminal);
    }
    Ok(exit_of(&answer))
}

/// Something that was to be cancelled stays.
pub(super) fn exit_of(answer: &CancellationAnswer) -> Exit {
    if answer.not_cancelled > 0 { Exit::Refused } else { Exit::Done }
}

pub(super) fn print(answer: &CancellationAnswer, terminal: &Terminal) {
    let CancellationAnswer { message_id, payments, cancelled, cancelled_before, refused, not_cancelled, reasons } =
        answer;
    terminal.line(format_args!("{message_id}: {} {payments}", terminal.say(words::PAYMENTS)));
    terminal.line(format_args!("  {} {cancelled}", terminal.say(words::CANCELLED)));
    for (text, count) in [
        (words::CANCELLED_BEFORE, cancelled_before),
        (words::REFUSED_OTHERWISE, refused),
        (words::NOT_CANCELLED, not_cancelled),
    ] {
        if *count > 0 {
            terminal.line(format_args!("  {} {count}", terminal.say(text)));
        }
    }
    for NotCancelled { first, last, payment_information_id, end_to_end_id, reason, .. } in reasons {
        let place = if first == last { first.to_string() } else { format!("{first}–{last}") };
        let named = end_to_end_id.as_ref().unwrap_or(payment_information_id);
        terminal.line(format_args!("  {place} {named}: {} {}", reason.code, reason.text));
    }
}
