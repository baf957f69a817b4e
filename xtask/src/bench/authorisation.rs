//! `cargo xtask bench authorisation`: measures what it costs to identify a caller whom the node knows, as it does on every request.
//!
//! The exchange runs in this process on SQLite, with the work that confirms the node's rights several times a second. The
//! figure is the processor time of the one thread that asks. Goal of the project: at most 20 µs, and no question to the store; the
//! benchmark fails when a question is asked, and never by time.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use exchange::{Exchange, Presented, SystemClock};
use rulebook::Guideline;
use tdam::configuration::Configuration;
use tdam::installation::{self, Folder, Site};
use tokio::sync::watch;

use super::exchange_pass;
use super::machine;
use super::metrics::sum;
use crate::attack::failed::Failed;

/// Counts callers that the node read from the store.
const READ: &str = "tdam_identities_read_total";
/// Pieces of the measurement, each printed.
const BATCHES: u32 = 10;
const NANOS_PER_MICRO: f64 = 1e3;
const GOAL_MICROSECONDS: f64 = 20.0;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How often a caller is identified.
    #[arg(long, default_value_t = 1_000_000)]
    count: u32,
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    // What confirms the rights has a thread of its own, and only this one is measured.
    let background = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let place = tempfile::tempdir()?;
    let exchange = background.block_on(exchange(&Folder::new(place.path().join("world"))))?;
    let (stop, stopping) = watch::channel(false);
    let rights = background.spawn({
        let exchange = exchange.clone();
        async move { exchange.watch_rights(stopping).await }
    });
    let asking = tokio::runtime::Builder::new_current_thread().build()?;
    let measured = asking.block_on(measure(&exchange, arguments.count));
    // Nobody listens when it has ended already.
    let _ = stop.send(true);
    background.block_on(rights)?;
    measured
}

/// The exchange of an installation, which is made.
async fn exchange(folder: &Folder) -> Result<Exchange, Failed> {
    let day = tdam::serving::first_business_day(&Guideline::latvia());
    let site = Site { is_sandbox: true, ..Site::new(([127, 0, 0, 1], 0).into(), None) };
    installation::create(folder.clone(), &installation::SANDBOX.parse()?, &site, day).await?;
    let configuration = Configuration::read(&folder.configuration())?;
    let mut settings = configuration.exchange_settings();
    settings.is_sandbox = true;
    Ok(Exchange::new(configuration.open_store().await?, settings, Arc::new(SystemClock)))
}

async fn measure(exchange: &Exchange, count: u32) -> Result<(), Failed> {
    let fingerprint = exchange_pass::payer(exchange).await?;
    let presented = Presented { fingerprint, address: IpAddr::V4(Ipv4Addr::LOCALHOST) };
    println!("{}", machine::description());
    // The first request of a caller reads it.
    let before = read(exchange)?;
    exchange.authorise(&presented, "first").await?;
    let first = read(exchange)?;
    if first <= before {
        return Err(format!("{READ} counts nothing").into());
    }
    println!("\n{:>10} {:>12} {:>20}", "callers", "µs each", "questions to the store");
    let batch = (count / BATCHES).max(1);
    let mut of_all = Duration::ZERO;
    for _ in 0..BATCHES {
        let begun = thread_time()?;
        for _ in 0..batch {
            exchange.authorise(&presented, "measured").await?;
        }
        let taken = thread_time()?.saturating_sub(begun);
        of_all += taken;
        println!("{batch:>10} {:>12.3} {:>20}", microseconds(taken, batch), read(exchange)? - first);
    }
    let each = microseconds(of_all, batch * BATCHES);
    println!("processor time to identify a known caller: {each:.3} µs (goal: at most {GOAL_MICROSECONDS:.0})");
    println!("load average at the end: {}", machine::load_average());
    let asked = read(exchange)? - first;
    if asked == 0.0 { Ok(()) } else { Err(format!("{asked} callers were read from the store again").into()) }
}

fn microseconds(taken: Duration, count: u32) -> f64 {
    taken.as_nanos() as f64 / NANOS_PER_MICRO / f64::from(count)
}

fn read(exchange: &Exchange) -> Result<f64, Failed> {
    Ok(sum(&exchange.telemetry().scrape(), READ).ok_or_else(|| format!("there is no {READ}"))?)
}

/// Processor time of this thread.
fn thread_time() -> Result<Duration, Failed> {
    // The first number: nanoseconds on a processor.
    let text = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = text.split_whitespace().next().ok_or("the kernel keeps no processor time of threads")?;
    Ok(Duration::from_nanos(nanoseconds.parse()?))
}
