//! `tdam report`: asks for an account report and shows it.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use client::{Body, Client, ReportPage};
use iso20022::common::CreditDebit;
use iso20022::{DateTime, MessageType};
use jiff::civil::Date;
use rulebook::Iban;
use serde_json::json;

use super::answer::{PEEK_BYTES, message_type_of, save};
use super::runtime::in_runtime;
use crate::connection::Connection;
use crate::generate::{GenerateError, ReportRequest};
use crate::show::report::{Verdict, reports};
use crate::show::{self, Listing, Rest, statement};
use crate::terminal::{Exit, Failure, Terminal, words};

/// Ask for an account report or a list of entries, and check that it adds up.
///
/// camt.052 reports any period with its balances, today included; camt.054 lists the entries alone. A long report comes in pages: each is
/// fetched and checked, and they are shown as one.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// Account to report on
    #[arg(long, value_name = "IBAN", required_unless_present = "request")]
    account: Option<Iban>,
    /// First day [default: the exchange's business day]
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<Date>,
    /// Last day, inclusive [default: the first day or the business day, whichever is later]
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<Date>,
    /// Which report
    #[arg(long = "type", value_name = "KIND", default_value = "camt.052", value_parser = ["camt.052", "camt.054"])]
    kind: String,
    /// Ask for the older generation (.001.02)
    #[arg(long)]
    older: bool,
    /// Only money that came in
    #[arg(long, conflicts_with = "debits")]
    credits: bool,
    /// Only money that went out
    #[arg(long)]
    debits: bool,
    /// Send this camt.060 instead of making one
    #[arg(long, value_name = "FILE", conflicts_with_all = ["account", "from", "to", "credits", "debits"])]
    request: Option<PathBuf>,
    /// Write the report here; further pages get .2, .3 … before the ending
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// List at most this many entries
    #[arg(long, value_name = "N", default_value_t = 50)]
    entries: u32,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) connection: Connection,
}

pub(super) fn run(arguments: Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let client = arguments.connection.client(terminal)?;
    in_runtime(async {
        let request = match &arguments.request {
            Some(path) => Body::file(path),
            None => Body::bytes(request(&arguments, business_day(&client, &arguments).await?)?),
        };
        let listing = Listing { entries_max: usize::try_from(arguments.entries).unwrap_or(usize::MAX) };
        let mut pages = client.request_report(request, Some(terminal.client_language())).await?;
        let mut statements = Vec::new();
        let mut count = 0;
        while let Some(page) = pages.next().await? {
            count += 1;
            take(page, count, &arguments, listing, &mut statements).await?;
        }
        if arguments.json {
            let reports: Vec<_> = reports(&statements).map(|report| show::as_json(&report)).collect();
            terminal.json(&json!({ "pages": count, "reports": reports }));
        } else {
            for (at, report) in reports(&statements).enumerate() {
                if at > 0 {
                    terminal.line("");
                }
                show::print_report(&report, Rest::Options("--entries N, --output FILE"), terminal);
            }
            if statements.is_empty() {
                terminal.line(terminal.say(words::NO_REPORT));
            }
        }
        let wrong = reports(&statements).map(|report| report.verdict()).any(Verdict::is_wrong);
        Ok(if wrong { Exit::Refused } else { Exit::Done })
    })?
}

/// The exchange's business day, which is not always today: asked for only when a day was left out.
async fn business_day(client: &Client, arguments: &Arguments) -> Result<Date, Failure> {
    if let (Some(_), Some(to)) = (arguments.from, arguments.to) {
        return Ok(to);
    }
    let day = client.heartbeat().await?.business_day;
    day.parse().map_err(|_| Failure::Other(format!("the exchange names a business day that is none: {day}")))
}

fn request(arguments: &Arguments, business_day: Date) -> Result<Vec<u8>, Failure> {
    let now = exchange::local_time(jiff::Timestamp::now());
    let from = arguments.from.unwrap_or(business_day);
    let Some(account) = arguments.account else {
        return Err(Failure::Usage("--account IBAN is missing".to_owned()));
    };
    let version = if arguments.older { "02" } else { "08" };
    let name = format!("{}.001.{version}", arguments.kind);
    let report = name.parse().map_err(|_| Failure::Usage(format!("{name} is no report")))?;
    let direction = match (arguments.credits, arguments.debits) {
        (true, _) => Some(CreditDebit::Credit),
        (_, true) => Some(CreditDebit::Debit),
        _ => None,
    };
    let request = ReportRequest {
        account,
        report,
        from,
        to: arguments.to.unwrap_or_else(|| from.max(business_day)),
        direction,
        message_id: format!("REQ{}-{}", now.strftime("%Y%m%d%H%M%S"), std::process::id()),
        created: DateTime::local(now.with().subsec_nanosecond(0).build().unwrap_or(now)),
        // The certificate identifies the caller, but the schema requires a name here.
        sender: "NOTPROVIDED".to_owned(),
    };
    request.to_xml().map_err(|error| match error {
        GenerateError::Settings(what) => Failure::Usage(what),
        error => Failure::Usage(error.to_string()),
    })
}

/// Keeps a page where it is wanted, and reads it.
async fn take(
    page: ReportPage,
    count: u32,
    arguments: &Arguments,
    listing: Listing,
    statements: &mut Vec<statement::Statement>,
) -> Result<(), Failure> {
    let stated: Option<MessageType> = page.document.message_type().and_then(|name| name.parse().ok());
    let outcome = match &arguments.output {
        // A page on disk is read from there, so that its length does not matter to memory.
        Some(path) => {
            let path = page_path(path, count);
            save(page.document, &path).await?;
            let message_type = known(stated.or(peek_file(&path)?))?;
            let file = File::open(&path).map_err(Failure::input(&path))?;
            statement::read(message_type, BufReader::new(file), listing.entries_max, statements)
        }
        None => {
            let xml = page.document.bytes().await?;
            let message_type = known(stated.or_else(|| message_type_of(&xml)))?;
            statement::read(message_type, xml.as_ref(), listing.entries_max, statements)
        }
    };
    outcome.map_err(|error| Failure::Other(format!("page {count} of the report cannot be read: {error}")))
}

fn known(message_type: Option<MessageType>) -> Result<MessageType, Failure> {
    match message_type {
        Some(message) if message.name().starts_with("camt.05") => Ok(message),
        other => Err(Failure::Other(format!(
            "the answer is no account report that this version reads: {}",
            other.map_or("unknown namespace", |message| message.name())
        ))),
    }
}

fn peek_file(path: &Path) -> Result<Option<MessageType>, Failure> {
    let mut start = Vec::new();
    let file = File::open(path).map_err(Failure::input(path))?;
    file.take(PEEK_BYTES).read_to_end(&mut start).map_err(Failure::input(path))?;
    Ok(message_type_of(&start))
}

/// `report.xml`, `report.2.xml`, `report.3.xml` …
fn page_path(path: &Path, count: u32) -> PathBuf {
    if count == 1 {
        return path.to_owned();
    }
    match path.extension() {
        Some(extension) => path.with_extension(format!("{count}.{}", extension.to_string_lossy())),
        None => path.with_extension(count.to_string()),
    }
}
