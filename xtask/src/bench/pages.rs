//! `cargo xtask bench pages`: measures how long a client takes to fetch all pages of a camt.052, one after another over one
//! connection with mutual TLS, beside libxml2's time to parse the same pages.
//!
//! Goal of the project: at most half the time of `xmllint --stream`.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use clap::Args;
use client::{Body, Client, SendOptions, Sent};
use iso20022::MessageType;
use jiff::civil::Date;
use tdam::generate::{PaymentBatch, ReportRequest};
use tdam::installation;

use super::machine::{self, Xmllint};
use super::server::{self, Server, USER, settled};
use super::store::StoreArguments;
use crate::attack::failed::Failed;

/// The report.
const REPORT: MessageType = MessageType::Camt052V08;
/// `MsgId` of the booked payments.
const MESSAGE_ID: &str = "BENCH-PAGES";

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Entries of the report.
    #[arg(long, default_value_t = 100_000)]
    entries: u32,
    /// How often the client and libxml2 take turns.
    #[arg(long, default_value_t = 5)]
    pairs: u32,
    #[command(flatten)]
    store: StoreArguments,
    /// Another program than the one that is built.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

/// All pages, fetched once.
struct Fetched {
    pages: u32,
    bytes: u64,
    taken: Duration,
    /// Of the server.
    processor: Duration,
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(arguments))
}

async fn measure(arguments: &Arguments) -> Result<(), Failed> {
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let xmllint = Xmllint::find(REPORT.name())?;
    let program = arguments.program.clone().map_or_else(server::build, Ok)?;
    let place = tempfile::tempdir()?;
    let database = arguments.store.database();
    let server = Server::start(&program, place.path(), &installation::SANDBOX.parse()?, database, day).await?;
    println!("{}", machine::description());
    let client = server.client(USER)?;
    let request = booked(&client, arguments.entries, day, place.path()).await?;

    println!(
        "\nall pages of a camt.052 of {} entries against xmllint --stream ({})",
        arguments.entries, xmllint.version
    );
    println!(
        "{:>6} {:>6} {:>9} {:>12} {:>14} {:>12} {:>8}",
        "pair", "pages", "MB", "fetched", "server CPU", "xmllint", "ratio"
    );
    let files = saved(&client, &request, arguments.entries, place.path()).await?;
    let mut ratios = Vec::new();
    for number in 1..=arguments.pairs.max(1) {
        let Fetched { pages, bytes, taken, processor } = fetch(&client, &request, &server).await?;
        let parsed = parse(&xmllint, &files)?;
        let ratio = taken.as_secs_f64() / parsed.as_secs_f64();
        ratios.push(ratio);
        println!(
            "{number:>6} {pages:>6} {:>9.1} {:>12} {:>14} {:>12} {ratio:>8.2}",
            bytes as f64 / 1e6,
            milliseconds(taken),
            milliseconds(processor),
            milliseconds(parsed)
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.2} (goal: at most 0.5)", ratios[ratios.len() / 2]);
    let peak = machine::peak_memory_mib(server.id()).unwrap_or(f64::NAN);
    println!("server memory: {peak:.0} MiB at most; load average at the end: {}", machine::load_average());
    Ok(())
}

/// Books so many payments of one account; returns a request for their report.
async fn booked(client: &Client, entries: u32, day: Date, place: &Path) -> Result<Vec<u8>, Failed> {
    let mut batch = PaymentBatch::new(entries, 1, day);
    batch.message_id = MESSAGE_ID.to_owned();
    let account = *batch.debtor_accounts.first().ok_or("no account is debited")?;
    batch.debtor_accounts = vec![account];
    let sender = batch.initiating_party.clone();
    let file = place.join("payments.xml");
    batch.write(BufWriter::new(fs::File::create(&file)?))?;
    let options = SendOptions::default().wait(Duration::from_secs(3600));
    let Sent::Answer(answer) = client.send_payments(Body::file(&file), options).await? else {
        return Err("the server gave a receipt instead of an answer".into());
    };
    if !String::from_utf8_lossy(&answer.xml).contains("<GrpSts>ACCP</GrpSts>") {
        return Err(format!("not accepted: {}", String::from_utf8_lossy(&answer.xml)).into());
    }
    settled(client, MESSAGE_ID).await?;
    let created = format!("{day}T09:00:00").parse()?;
    let message_id = "BENCH-REQUEST".to_owned();
    let (from, to, direction) = (day, day, Some(iso20022::common::CreditDebit::Debit));
    Ok(ReportRequest { account, report: REPORT, from, to, direction, message_id, created, sender }.to_xml()?)
}

/// Fetches all pages and lets them go.
async fn fetch(client: &Client, request: &[u8], server: &Server) -> Result<Fetched, Failed> {
    let processor = || machine::processor_time(server.id()).unwrap_or_default();
    let (begun, before) = (Instant::now(), processor());
    let (mut pages, mut bytes) = (0, 0);
    let mut report = client.request_report(Body::bytes(request.to_vec()), None).await?;
    while let Some(mut page) = report.next().await? {
        pages += 1;
        while let Some(chunk) = page.document.chunk().await? {
            bytes += chunk.len() as u64;
        }
    }
    Ok(Fetched { pages, bytes, taken: begun.elapsed(), processor: processor().saturating_sub(before) })
}

/// Fetches all pages into files.
async fn saved(client: &Client, request: &[u8], entries: u32, place: &Path) -> Result<Vec<PathBuf>, Failed> {
    let (mut files, mut written) = (Vec::new(), 0);
    let mut report = client.request_report(Body::bytes(request.to_vec()), None).await?;
    while let Some(page) = report.next().await? {
        let path = place.join(format!("page-{}.xml", page.number));
        let bytes = page.document.bytes().await?;
        written += bytes.windows(6).filter(|window| window == b"<Ntry>").count();
        fs::File::create(&path)?.write_all(&bytes)?;
        files.push(path);
    }
    if written != entries as usize {
        return Err(format!("the pages have {written} entries instead of {entries}").into());
    }
    Ok(files)
}

fn parse(xmllint: &Xmllint, files: &[PathBuf]) -> Result<Duration, Failed> {
    let Some((first, others)) = files.split_first() else { return Err("the report has no pages".into()) };
    let mut command = xmllint.parsing(first);
    command.args(others).stdin(Stdio::null());
    let begun = Instant::now();
    let output = command.output()?;
    let taken = begun.elapsed();
    match output.status.success() {
        true => Ok(taken),
        false => Err(format!("xmllint: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}
