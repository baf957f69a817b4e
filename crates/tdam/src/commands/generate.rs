//! `tdam generate`: makes messages to try things out with.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use iso20022::common::CreditDebit;
use iso20022::{DateTime, MessageType};
use jiff::civil::{Date, Time};
use rulebook::{Calendar, Iban};
use serde_json::json;

use crate::generate::{
    DEBTOR_ACCOUNT, Flaw, GenerateError, PayeeAccount, PaymentBatch, ReportRequest, Summary, TRANSACTIONS_MAX,
};
use crate::terminal::{Exit, Failure, Terminal, words};

/// Make a bulk payment message (pain.001) or a report request (camt.060).
///
/// Payments look like those of a municipality: to suppliers in several SEPA countries and to other institutions of the
/// Treasury, classified, in several blocks, valid by schema and guideline. The same arguments make the same bytes;
/// so a file sent twice is recognised, and another --seed makes another message.
#[derive(Debug, clap::Args)]
#[command(after_help = super::EXIT_CODES)]
pub(super) struct Arguments {
    /// What to make: pain.001.001.09, pain.001.001.03, camt.060.001.05 or camt.060.001.03
    #[arg(value_name = "TYPE", value_parser = message_type)]
    message_type: MessageType,
    /// Number of payments
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=i64::from(TRANSACTIONS_MAX)))]
    transactions: u32,
    /// Decides names, amounts, payees and texts
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Write here; - is standard output
    #[arg(long, short, value_name = "FILE", default_value = "-", hide_default_value = true)]
    output: PathBuf,
    /// MsgId [default: made of date, number and seed]
    #[arg(long, value_name = "ID")]
    message_id: Option<String>,
    /// Execution date, or day reported on [default: today or the next business day, Europe/Riga]
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<Date>,
    /// Account to be debited; may be given several times [default: an account of the sandbox]
    #[arg(long, value_name = "IBAN")]
    debtor_account: Vec<Iban>,
    /// Treasury account to be credited, with its classification code; may be given several times [default: the sandbox's]
    #[arg(long, value_name = "IBAN[=CODE]")]
    creditor_account: Vec<PayeeAccount>,
    /// Name of who sends and pays
    #[arg(long, value_name = "NAME")]
    initiating_party: Option<String>,
    /// Make so many of the payments wrong, each in another way
    #[arg(long, value_name = "N", default_value_t = 0)]
    flaws: u16,
    /// camt.060: account to report on [default: an account of the sandbox]
    #[arg(long, value_name = "IBAN")]
    account: Option<Iban>,
    /// camt.060: which report
    #[arg(long, value_name = "KIND", default_value = "camt.052", value_parser = ["camt.052", "camt.053", "camt.054"])]
    report: String,
    /// Print what was made as JSON (needs --output FILE)
    #[arg(long)]
    pub(super) json: bool,
}

fn message_type(name: &str) -> Result<MessageType, String> {
    match name.parse() {
        Ok(
            message @ (MessageType::Pain001V03
            | MessageType::Pain001V09
            | MessageType::Camt060V03
            | MessageType::Camt060V05),
        ) => Ok(message),
        _ => Err("pain.001.001.09, pain.001.001.03, camt.060.001.05 and camt.060.001.03 can be made".to_owned()),
    }
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let to_stdout = arguments.output == Path::new("-");
    if to_stdout && arguments.json {
        return Err(Failure::Usage("--json needs --output FILE: standard output holds the message itself".to_owned()));
    }
    let today = exchange::local_time(jiff::Timestamp::now()).date();
    let date = arguments.date.unwrap_or_else(|| Calendar::LatviaAndTarget.business_day_from(today));
    let path = arguments.output.as_path();
    let summary = if to_stdout {
        make(&arguments, date, io::stdout().lock(), path)?
    } else {
        // The message appears under its name once it is whole.
        let draft = path.with_extension("unfinished");
        let file = File::create(&draft).map_err(Failure::output(&draft))?;
        let made = make(&arguments, date, BufWriter::new(file), path);
        match made {
            Ok(_) => std::fs::rename(&draft, path).map_err(Failure::output(path))?,
            Err(_) => drop(std::fs::remove_file(&draft)),
        }
        made?
    };
    tell(&arguments, summary.as_ref(), terminal);
    Ok(Exit::Done)
}

/// Makes the message; a summary for payments only.
fn make<W: Write>(arguments: &Arguments, date: Date, output: W, path: &Path) -> Result<Option<Summary>, Failure> {
    let made = match arguments.message_type {
        MessageType::Camt060V03 | MessageType::Camt060V05 => {
            request(arguments, date).and_then(|request| request.write(output)).map(|()| None)
        }
        _ => batch(arguments, date).write(output).map(Some),
    };
    made.map_err(|error| match error {
        GenerateError::Write(iso20022::WriteError::Io(source)) => Failure::Output { path: path.to_owned(), source },
        error => Failure::Usage(error.to_string()),
    })
}

fn batch(arguments: &Arguments, date: Date) -> PaymentBatch {
    let mut batch = PaymentBatch::new(arguments.transactions, arguments.seed, date);
    batch.message_type = arguments.message_type;
    batch.flaws = Flaw::first(usize::from(arguments.flaws));
    if let Some(id) = &arguments.message_id {
        batch.message_id.clone_from(id);
    }
    if let Some(name) = &arguments.initiating_party {
        batch.initiating_party.clone_from(name);
    }
    if !arguments.debtor_account.is_empty() {
        batch.debtor_accounts.clone_from(&arguments.debtor_account);
    }
    if !arguments.creditor_account.is_empty() {
        batch.payee_accounts.clone_from(&arguments.creditor_account);
    }
    batch
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
        sender: arguments.initiating_party.clone().unwrap_or_else(|| "Daugavas novada pašvaldība".to_owned()),
    })
}

fn tell(arguments: &Arguments, summary: Option<&Summary>, terminal: &Terminal) {
    if arguments.output == Path::new("-") {
        return;
    }
    let file = arguments.output.display();
    let Some(summary) = summary else {
        if arguments.json {
            terminal.json(&json!({ "file": file.to_string(), "message_type": arguments.message_type.name() }));
        } else {
            terminal.line(format_args!("{file}: {}", arguments.message_type));
        }
        return;
    };
    if arguments.json {
        let flawed: Vec<_> = summary
            .flawed
            .iter()
            .map(|flawed| json!({ "end_to_end_id": flawed.end_to_end_id, "flaw": flawed.flaw.to_string(), "code": flawed.flaw.code().id() }))
            .collect();
        terminal.json(&json!({
            "file": file.to_string(),
            "message_type": arguments.message_type.name(),
            "message_id": summary.message_id,
            "blocks": summary.blocks,
            "payments": summary.transactions,
            "internal": summary.internal,
            "control_sum": summary.control_sum.to_string(),
            "flawed": flawed,
        }));
        return;
    }
    terminal.line(format_args!(
        "{file}: {}, MsgId {}, {} {} ({} {}), {} {}",
        arguments.message_type,
        summary.message_id,
        summary.transactions,
        terminal.say(words::PAYMENTS),
        summary.internal,
        terminal.say(words::INTERNAL),
        terminal.say(words::SUM),
        summary.control_sum,
    ));
    for flawed in &summary.flawed {
        terminal.line(format_args!("  {}: {} → {}", flawed.end_to_end_id, flawed.flaw, flawed.flaw.code()));
    }
}
