//! `tdam generate`: makes messages to try things out with.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use iso20022::common::CreditDebit;
use iso20022::{DateTime, MessageType};
use jiff::civil::{Date, Time};
use money::{Currency, Money};
use rulebook::{Calendar, Iban};
use serde_json::json;

use crate::generate::{
    AccountReport, DEBTOR_ACCOUNT, DEBTOR_NAME, Flaw, GenerateError, PayeeAccount, PaymentBatch, ReportRequest,
    ReportSummary, StatusSummary, Summary, TRANSACTIONS_MAX,
};
use crate::terminal::{Exit, Failure, Terminal, words};

/// Make a message of any of the twelve types.
///
/// Payments (pain.001) look like those of a municipality: to suppliers in several SEPA countries and to other
/// institutions of the Treasury, classified, in several blocks, valid by schema and guideline. A status report
/// (pain.002) gives the statuses of the payments made with the same arguments. An account report of that day (camt.052,
/// camt.054) books the settled ones, beside incoming money. A statement (camt.053) covers the days up to its date. The
/// same arguments make the same bytes, so the exchange recognises a file that you send twice; other arguments make
/// another message with a MsgId of its own.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// What to make: pain.001.001.09, camt.053.001.08, …; one of the twelve messages
    #[arg(value_name = "TYPE", value_parser = message_type)]
    message_type: MessageType,
    /// Number of payments, or of entries of an account report
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=i64::from(TRANSACTIONS_MAX)))]
    transactions: u32,
    /// Decides names, amounts, payees and texts
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Write here; - is standard output
    #[arg(long, short, value_name = "FILE", default_value = "-", hide_default_value = true)]
    output: PathBuf,
    /// MsgId; of a pain.002 that of the payments it answers [default: made of the date and the arguments]
    #[arg(long, value_name = "ID")]
    message_id: Option<String>,
    /// Execution date, or (last) day reported on [default: today or the next business day, Europe/Riga; camt.053: the
    /// business day before today]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// Account to be debited; may be given several times [default: an account of the sandbox]
    #[arg(long, value_name = "IBAN")]
    debtor_account: Vec<Iban>,
    /// Treasury account to be credited, with its classification code; may be given several times [default: the sandbox's]
    #[arg(long, value_name = "IBAN[=CODE]")]
    creditor_account: Vec<PayeeAccount>,
    /// Name of who sends and pays, or owns the account
    #[arg(long, value_name = "NAME", value_parser = composed)]
    initiating_party: Option<String>,
    /// pain.001, pain.002: make so many of the payments wrong, each in another way
    #[arg(long, value_name = "N", default_value_t = 0)]
    flaws: u16,
    /// pain.002: name every payment, accepted ones too, as the exchange does for a client with this setting
    #[arg(long)]
    lists_every_payment: bool,
    /// camt: account to report on [default: an account of the sandbox]
    #[arg(long, value_name = "IBAN")]
    account: Option<Iban>,
    /// camt.060: which report
    #[arg(long, value_name = "KIND", default_value = "camt.052", value_parser = ["camt.052", "camt.054"])]
    report: String,
    /// Print a summary as JSON (needs --output FILE)
    #[arg(long)]
    pub(super) json: bool,
}

/// The generated message.
enum Output {
    Payments(Summary),
    Statuses(StatusSummary),
    Report(ReportSummary),
    Request,
}

/// A name in NFC, as the published schema counts and knows letters.
fn composed(name: &str) -> Result<String, std::convert::Infallible> {
    Ok(rulebook::characters::composed(name))
}

fn message_type(name: &str) -> Result<MessageType, String> {
    name.parse().map_err(|_| {
        let known: Vec<_> = MessageType::ALL.iter().map(|message| message.name()).collect();
        format!("one of {}", known.join(", "))
    })
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let to_stdout = arguments.output == Path::new("-");
    if to_stdout && arguments.json {
        return Err(Failure::Usage("--json needs --output FILE: standard output holds the message itself".to_owned()));
    }
    let is_status_report = matches!(arguments.message_type, MessageType::Pain002V03 | MessageType::Pain002V10);
    if arguments.lists_every_payment && !is_status_report {
        return Err(Failure::Usage("--lists-every-payment needs a status report: pain.002".to_owned()));
    }
    let today = exchange::local_time(jiff::Timestamp::now()).date();
    let date = arguments.date.unwrap_or_else(|| match arguments.message_type {
        MessageType::Camt053V02 | MessageType::Camt053V08 => Calendar::LatviaAndTarget.previous_business_day(today),
        _ => Calendar::LatviaAndTarget.business_day_from(today),
    });
    let path = arguments.output.as_path();
    if to_stdout {
        return match make(&arguments, date, io::stdout().lock(), path) {
            // A reader that closed the pipe (`| head`) has what it wanted.
            Err(Failure::Output { source, .. }) if source.kind() == io::ErrorKind::BrokenPipe => Ok(Exit::Done),
            made => made.map(|_| Exit::Done),
        };
    }
    // The message appears under its name once it is whole.
    let draft = path.with_extension("unfinished");
    let file = File::create(&draft).map_err(Failure::output(&draft))?;
    let made = make(&arguments, date, BufWriter::new(file), path);
    match made {
        Ok(_) => std::fs::rename(&draft, path).map_err(Failure::output(path))?,
        Err(_) => drop(std::fs::remove_file(&draft)),
    }
    tell(&arguments, &made?, terminal);
    Ok(Exit::Done)
}

fn make<W: Write>(arguments: &Arguments, date: Date, output: W, path: &Path) -> Result<Output, Failure> {
    let made = match arguments.message_type {
        MessageType::Pain001V03 | MessageType::Pain001V09 => batch(arguments, date).write(output).map(Output::Payments),
        MessageType::Pain002V03 | MessageType::Pain002V10 => {
            batch(arguments, date).write_status_report(output).map(Output::Statuses)
        }
        _ if arguments.flaws > 0 => {
            Err(GenerateError::Settings("--flaws needs payments: pain.001, pain.002".to_owned()))
        }
        MessageType::Camt060V03 | MessageType::Camt060V05 => {
            request(arguments, date).and_then(|request| request.write(output)).map(|()| Output::Request)
        }
        MessageType::Camt052V02
        | MessageType::Camt052V08
        | MessageType::Camt053V02
        | MessageType::Camt053V08
        | MessageType::Camt054V02
        | MessageType::Camt054V08 => report(arguments, date).write(output).map(Output::Report),
    };
    made.map_err(|error| match error {
        GenerateError::Write(iso20022::WriteError::Io(source)) => Failure::Output { path: path.to_owned(), source },
        error => Failure::Usage(error.to_string()),
    })
}

fn batch(arguments: &Arguments, date: Date) -> PaymentBatch {
    let mut batch = PaymentBatch::new(arguments.transactions, arguments.seed, date);
    batch.message_type =
        if arguments.message_type.is_newer_generation() { MessageType::Pain001V09 } else { MessageType::Pain001V03 };
    batch.flaws = Flaw::first(usize::from(arguments.flaws));
    batch.lists_every_payment = arguments.lists_every_payment;
    if let Some(name) = &arguments.initiating_party {
        batch.initiating_party.clone_from(name);
    }
    if !arguments.debtor_account.is_empty() {
        batch.debtor_accounts.clone_from(&arguments.debtor_account);
    }
    if !arguments.creditor_account.is_empty() {
        batch.payee_accounts.clone_from(&arguments.creditor_account);
    }
    batch.message_id = arguments.message_id.clone().unwrap_or_else(|| batch.own_message_id());
    batch
}

fn report(arguments: &Arguments, date: Date) -> AccountReport {
    let mut report = AccountReport::new(arguments.message_type, arguments.transactions, arguments.seed, date);
    if let Some(id) = &arguments.message_id {
        report.message_id.clone_from(id);
    }
    if let Some(account) = arguments.account {
        report.account = account;
    }
    if let Some(name) = &arguments.initiating_party {
        report.owner.clone_from(name);
    }
    report
}

fn request(arguments: &Arguments, date: Date) -> Result<ReportRequest, GenerateError> {
    let newer = arguments.message_type.is_newer_generation();
    let report = format!("{}.001.{}", arguments.report, if newer { "08" } else { "02" });
    let account = match arguments.account {
        Some(account) => account,
        None => DEBTOR_ACCOUNT.parse().map_err(|_| GenerateError::Settings(DEBTOR_ACCOUNT.to_owned()))?,
    };
    Ok(ReportRequest {
        account,
        report: report.parse().map_err(|_| GenerateError::Settings(report.clone()))?,
        from: date,
        to: date,
        direction: None::<CreditDebit>,
        message_id: arguments
            .message_id
            .clone()
            .unwrap_or_else(|| format!("REQ{}-{}", date.strftime("%Y%m%d"), arguments.seed)),
        created: DateTime::local(date.to_datetime(Time::constant(9, 0, 0, 0))),
        sender: arguments.initiating_party.clone().unwrap_or_else(|| DEBTOR_NAME.to_owned()),
    })
}

fn tell(arguments: &Arguments, made: &Output, terminal: &Terminal) {
    let file = arguments.output.display().to_string();
    if arguments.json {
        let mut value = made.as_json();
        value["file"] = json!(file);
        value["message_type"] = json!(arguments.message_type.name());
        return terminal.json(&value);
    }
    let counts = made.as_text(terminal);
    let comma = if counts.is_empty() { "" } else { ", " };
    terminal.line(format_args!("{file}: {}{comma}{counts}", arguments.message_type));
    if let Output::Payments(summary) = made {
        for flawed in &summary.flawed {
            terminal.line(format_args!("  {}: {} → {}", flawed.end_to_end_id, flawed.flaw, flawed.flaw.code()));
        }
    }
}

impl Output {
    fn as_json(&self) -> serde_json::Value {
        match self {
            Output::Payments(summary) => {
                let flawed = summary.flawed.iter().map(|flawed| {
                    json!({ "end_to_end_id": flawed.end_to_end_id, "flaw": flawed.flaw.to_string(), "code": flawed.flaw.code().id() })
                });
                json!({
                    "message_id": summary.message_id,
                    "blocks": summary.blocks,
                    "payments": summary.transactions,
                    "internal": summary.internal,
                    "control_sum": summary.control_sum.to_string(),
                    "flawed": flawed.collect::<Vec<_>>(),
                })
            }
            Output::Statuses(summary) => {
                let per_status =
                    summary.per_status.iter().map(|(status, count)| (status.code().to_owned(), json!(count)));
                json!({
                    "original_message_id": summary.message_id,
                    "status": summary.status.code(),
                    "per_status": per_status.collect::<serde_json::Map<_, _>>(),
                })
            }
            Output::Report(summary) => json!({
                "days": summary.days,
                "entries": summary.entries,
                "opening_balance": euro(summary.opening),
                "credits": euro(summary.credits),
                "debits": euro(summary.debits),
                "closing_balance": euro(summary.closing),
            }),
            Output::Request => json!({}),
        }
    }

    fn as_text(&self, terminal: &Terminal) -> String {
        match self {
            Output::Payments(summary) => format!(
                "MsgId {}, {} {} ({} {}), {} {}",
                summary.message_id,
                summary.transactions,
                terminal.say(words::PAYMENTS),
                summary.internal,
                terminal.say(words::INTERNAL),
                terminal.say(words::SUM),
                summary.control_sum,
            ),
            Output::Statuses(summary) => {
                let per_status = summary.per_status.iter().map(|(status, count)| format!("{count} {}", status.code()));
                format!(
                    "{} {} ({})",
                    summary.message_id,
                    summary.status.code(),
                    per_status.collect::<Vec<_>>().join(", ")
                )
            }
            Output::Report(summary) => format!(
                "{} {}; {} {}, {} {}",
                summary.entries,
                terminal.say(words::ENTRIES),
                terminal.say(words::OPENING),
                euro(summary.opening),
                terminal.say(words::CLOSING),
                euro(summary.closing),
            ),
            Output::Request => String::new(),
        }
    }
}

fn euro(cents: i64) -> String {
    Money::new(cents, Currency::EUR).to_decimal().to_string()
}
