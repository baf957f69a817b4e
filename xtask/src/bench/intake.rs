//! `cargo xtask bench intake`: measures the time of a bulk payment from its first byte to its answer, over mutual TLS,
//! beside libxml2's time to validate the same file.
//!
//! Goals of the project: the answer comes before `xmllint --stream --schema` has validated the file, with at most
//! 128 MiB of server memory.

use std::fs;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use clap::Args;
use client::{Body, Client, SendOptions, Sent};
use jiff::civil::Date;
use tdam::generate::PaymentBatch;
use tdam::installation;

use super::copy;
use super::machine::{self, Xmllint};
use super::server::{self, Server, USER, settled};
use super::store::StoreArguments;
use crate::attack::failed::Failed;

/// Fewer pairs say nothing about how much they differ.
const PAIRS_MIN: u32 = 3;
/// Payments of the message that warms everything up.
const WARM_UP_TRANSACTIONS: u32 = 1_000;
/// The goal for the server's memory.
const MEMORY_GOAL_MIB: f64 = 128.0;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Payments of the large message.
    #[arg(long, default_value_t = 100_000)]
    transactions: u32,
    /// How often the large message and libxml2 take turns; at least 3.
    #[arg(long, default_value_t = 5)]
    pairs: u32,
    #[command(flatten)]
    store: StoreArguments,
    /// Leave out libxml2, and look at the server alone (with a profiler, say).
    #[arg(long)]
    without_xmllint: bool,
}

/// One turn of each.
struct Pair {
    submission: Duration,
    /// Of the server, until the answer was there.
    processor: Duration,
    /// From the answer until everything is booked and settled.
    carried_out: Duration,
    xmllint: Option<Duration>,
    /// The most memory that the server had so far, when the answer was there.
    peak_memory_mib: f64,
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(arguments))
}

async fn measure(arguments: &Arguments) -> Result<(), Failed> {
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let message_type = PaymentBatch::new(1, 0, day).message_type.name();
    let xmllint = if arguments.without_xmllint { None } else { Some(Xmllint::find(message_type)?) };
    let program = server::build()?;
    let place = tempfile::tempdir()?;
    let database = arguments.store.database();
    let server = Server::start(&program, place.path(), &installation::SANDBOX.parse()?, database.clone(), day).await?;
    println!("{}", machine::description());
    println!("server process {}, data in {}, metrics at {}", server.id(), place.path().display(), server.metrics_url());

    let client = server.client(USER)?;
    let (warm_up, _) = message(place.path(), 0, WARM_UP_TRANSACTIONS, day)?;
    submit(&client, &warm_up, server.id()).await?;
    settled(&client, &message_id(0)).await?;
    let submission = large(arguments, &server, &client, xmllint.as_ref(), place.path(), day).await?;
    if let Some(database) = &database {
        copy::compare(database, &message_id(1), submission)?;
        copy::storage(database)?;
    }
    println!("\nload average at the end: {}", machine::load_average());
    Ok(())
}

async fn large(
    arguments: &Arguments,
    server: &Server,
    client: &Client,
    xmllint: Option<&Xmllint>,
    place: &Path,
    day: Date,
) -> Result<Duration, Failed> {
    let transactions = arguments.transactions;
    let at_rest = peak_memory(server);
    println!("\n{transactions} payments in one message, over mutual TLS, against {}", tool(xmllint));
    println!(
        "{:>6} {:>9} {:>12} {:>14} {:>12} {:>12} {:>8} {:>10}",
        "pair", "MB", "submission", "server CPU", "carried out", "xmllint", "ratio", "peak MiB"
    );
    let mut pairs = Vec::new();
    let mut bytes = 0;
    for number in 1..=arguments.pairs.max(PAIRS_MIN) {
        let (file, length) = message(place, number, transactions, day)?;
        bytes = length;
        let (submission, processor) = submit(client, &file, server.id()).await?;
        let peak_memory_mib = peak_memory(server);
        // Execution afterwards must not take time from libxml2.
        let answered = Instant::now();
        settled(client, &message_id(number)).await?;
        let carried_out = answered.elapsed();
        let xmllint = xmllint.map(|xmllint| validate(xmllint, &file)).transpose()?;
        fs::remove_file(file)?;
        let pair = Pair { submission, processor, carried_out, xmllint, peak_memory_mib };
        print_row(&number.to_string(), bytes, &pair);
        pairs.push(pair);
    }
    let of = |times: fn(&Pair) -> Option<Duration>| median(pairs.iter().filter_map(times).collect());
    let middle = Pair {
        submission: of(|pair| Some(pair.submission)).unwrap_or_default(),
        processor: of(|pair| Some(pair.processor)).unwrap_or_default(),
        carried_out: of(|pair| Some(pair.carried_out)).unwrap_or_default(),
        xmllint: of(|pair| pair.xmllint),
        peak_memory_mib: peak_memory(server),
    };
    print_row("median", bytes, &middle);
    let seconds = middle.submission.as_secs_f64();
    println!("{:.0} payments/s, {:.0} MB/s", f64::from(transactions) / seconds, megabytes(bytes) / seconds);
    if let Some(xmllint) = middle.xmllint {
        let before = if middle.submission < xmllint { "before" } else { "after" };
        println!("the answer comes {before} xmllint has validated (goal: before)");
    }
    let peak = peak_memory(server);
    println!(
        "server memory: {peak:.0} MiB at most, execution and settlement of all included (goal: {MEMORY_GOAL_MIB:.0}); {at_rest:.0} MiB after the warm-up"
    );
    Ok(middle.submission)
}

fn peak_memory(server: &Server) -> f64 {
    machine::peak_memory_mib(server.id()).unwrap_or(f64::NAN)
}

fn tool(xmllint: Option<&Xmllint>) -> String {
    xmllint.map_or_else(|| "nothing".to_owned(), |found| format!("xmllint --stream --schema ({})", found.version))
}

fn message_id(number: u32) -> String {
    format!("BENCH-{number}")
}

/// Writes a message of its own `MsgId` and contents: the same payments twice would be refused as duplicates.
fn message(place: &Path, number: u32, transactions: u32, day: Date) -> Result<(PathBuf, u64), Failed> {
    let path = place.join(format!("{}.xml", message_id(number)));
    let mut batch = PaymentBatch::new(transactions, u64::from(number), day);
    batch.message_id = message_id(number);
    batch.write(BufWriter::new(fs::File::create(&path)?))?;
    let length = fs::metadata(&path)?.len();
    Ok((path, length))
}

/// Sends a file. Returns the time from its first byte to the answer, and the server's processor time meanwhile.
async fn submit(client: &Client, file: &Path, server: u32) -> Result<(Duration, Duration), Failed> {
    let processor = |what| machine::processor_time(server).ok_or(format!("no processor time {what}"));
    let first_byte = Arc::new(OnceLock::new());
    let options = SendOptions::default().wait(Duration::from_secs(3600)).progress({
        let first_byte = Arc::clone(&first_byte);
        move |_, _| {
            first_byte.get_or_init(Instant::now);
        }
    });
    let before = processor("before")?;
    let sent = client.send_payments(Body::file(file), options).await?;
    let answered = Instant::now();
    let first_byte = *first_byte.get().ok_or("nothing was sent")?;
    let Sent::Answer(answer) = sent else { return Err("the server gave a receipt instead of an answer".into()) };
    if !String::from_utf8_lossy(&answer.xml).contains("<GrpSts>ACCP</GrpSts>") {
        return Err(format!("not accepted: {}", String::from_utf8_lossy(&answer.xml)).into());
    }
    Ok((answered - first_byte, processor("after")?.saturating_sub(before)))
}

fn validate(xmllint: &Xmllint, file: &Path) -> Result<Duration, Failed> {
    let begun = Instant::now();
    let output = xmllint.validating(file).stdin(Stdio::null()).output()?;
    let taken = begun.elapsed();
    if !output.status.success() {
        return Err(format!("xmllint: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(taken)
}

fn print_row(name: &str, bytes: u64, pair: &Pair) {
    let milliseconds = |time: Duration| format!("{:.0} ms", time.as_secs_f64() * 1e3);
    let ratio = pair.xmllint.map(|xmllint| xmllint.as_secs_f64() / pair.submission.as_secs_f64());
    println!(
        "{name:>6} {:>9.1} {:>12} {:>14} {:>12} {:>12} {:>8} {:>10.0}",
        megabytes(bytes),
        milliseconds(pair.submission),
        milliseconds(pair.processor),
        milliseconds(pair.carried_out),
        pair.xmllint.map(milliseconds).unwrap_or_default(),
        ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
        pair.peak_memory_mib,
    );
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
