//! `cargo xtask bench memory`: watches the server's memory over many large messages, then over many small ones, then over
//! long reports.
//!
//! After each tenth of a part it prints what is resident at rest, and the peak within that tenth. Memory that follows the
//! number of messages served, or the size of the database, shows in either column. Unlike time, memory hardly depends on
//! what else the machine does, so the command can also judge it.

use std::time::Instant;

use clap::Args;
use tdam::installation;

use super::machine;
use super::server::{self, Server, USER};
use super::store::StoreArguments;
use crate::attack::failed::Failed;

mod footprint;
mod load;

use footprint::Footprint;

/// The parts that a row is printed after.
const TENTHS: u32 = 10;

/// How much work, and what the memory is held to.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Large messages, one after another; each is executed and settled before the next.
    #[arg(long, default_value_t = 100)]
    messages: u32,
    /// Payments of each.
    #[arg(long, default_value_t = 50_000)]
    transactions: u32,
    /// Messages of one payment after them.
    #[arg(long, default_value_t = 100_000)]
    small: u32,
    /// Connections that send these.
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// Reports after them, page after page.
    #[arg(long, default_value_t = 20)]
    reports: u32,
    /// Entries read of each.
    #[arg(long, default_value_t = 100_000)]
    entries: u32,
    #[command(flatten)]
    store: StoreArguments,
    /// Fail when more was resident at any moment.
    #[arg(long, value_name = "MIB")]
    resident_max: Option<f64>,
    /// Fail when the peak of the second half of a part is higher than that of everything before by more.
    #[arg(long, value_name = "MIB")]
    growth_max: Option<f64>,
}

/// The peaks so far, in MiB.
#[derive(Debug, Default)]
struct Peaks {
    /// Of the tenths of the parts that have ended.
    earlier: f64,
    /// Of the tenths of the part that runs, in order.
    part: Vec<f64>,
    /// By how much the second half of a part outgrew everything before it, at most.
    growth: f64,
}

impl Peaks {
    fn end_part(&mut self) {
        let (first, second) = self.part.split_at(self.part.len() / 2);
        let highest = |peaks: &[f64]| peaks.iter().copied().fold(0.0, f64::max);
        let before = self.earlier.max(highest(first));
        if !first.is_empty() {
            self.growth = self.growth.max(highest(second) - before);
        }
        self.earlier = before.max(highest(second));
        self.part.clear();
    }
}

/// Measures, prints, and judges what it was given a bound for.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(measure(arguments))
}

async fn measure(arguments: &Arguments) -> Result<(), Failed> {
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let program = server::build()?;
    let place = tempfile::tempdir()?;
    let (plan, database) = (installation::SANDBOX.parse()?, arguments.store.database());
    let server = Server::start(&program, place.path(), &plan, database, day).await?;
    println!("{}", machine::description());
    println!("server process {}, data in {}", server.id(), place.path().display());
    println!("\n{:<50} {:>10} {:>12} {:>12} {:>12}", "MiB", "seconds", "resident", "of it heap", "peak");
    let mut peaks = Peaks::default();
    print_row("at rest", 0.0, Footprint::of(server.id())?);

    let client = server.client(USER)?;
    let mut sent = 0;
    for part in tenths(arguments.messages) {
        let begun = begin(&server)?;
        for _ in 0..part {
            sent += 1;
            load::send_large(&client, place.path(), sent, arguments.transactions, day).await?;
        }
        end(&server, &mut peaks, &format!("{sent} messages of {} payments", arguments.transactions), begun)?;
    }
    peaks.end_part();

    let clients: Vec<_> = (0..arguments.connections).map(|_| server.client(USER)).collect::<Result<_, _>>()?;
    let mut sent = 0;
    for part in tenths(arguments.small) {
        let begun = begin(&server)?;
        load::send_small(&clients, sent, part, day).await?;
        sent += part;
        end(&server, &mut peaks, &format!("{sent} messages of one payment"), begun)?;
    }
    peaks.end_part();

    let mut read = 0;
    for part in tenths(arguments.reports) {
        let begun = begin(&server)?;
        let mut entries = 0;
        for _ in 0..part {
            read += 1;
            entries = load::read_report(&client, read, arguments.entries, day).await?;
        }
        end(&server, &mut peaks, &format!("{read} reports, {entries} entries of each read"), begun)?;
    }
    peaks.end_part();

    println!(
        "\nhighest peak {:.0} MiB; the second half of no part was higher than all before by more than {:.1} MiB",
        peaks.earlier,
        peaks.growth.max(0.0)
    );
    println!("load average at the end: {}", machine::load_average());
    judge("resident memory", peaks.earlier, arguments.resident_max)?;
    judge("growth of the peak", peaks.growth, arguments.growth_max)
}

fn judge(what: &str, measured: f64, bound: Option<f64>) -> Result<(), Failed> {
    match bound {
        Some(bound) if measured > bound => Err(format!("{what}: {measured:.1} MiB, more than {bound} MiB").into()),
        _ => Ok(()),
    }
}

/// Ten parts of a number, as even as they can be; fewer where it is smaller.
fn tenths(of: u32) -> impl Iterator<Item = u32> {
    let upto = move |tenth: u32| u64::from(of) * u64::from(tenth) / u64::from(TENTHS);
    // At most `of`.
    (1..=TENTHS).map(move |tenth| (upto(tenth) - upto(tenth - 1)) as u32).filter(|part| *part > 0)
}

fn begin(server: &Server) -> Result<Instant, Failed> {
    footprint::forget_peak(server.id())?;
    Ok(Instant::now())
}

fn end(server: &Server, peaks: &mut Peaks, name: &str, begun: Instant) -> Result<(), Failed> {
    let found = Footprint::of(server.id())?;
    peaks.part.push(found.peak);
    print_row(name, begun.elapsed().as_secs_f64(), found);
    Ok(())
}

fn print_row(name: &str, seconds: f64, found: Footprint) {
    let Footprint { resident, anonymous, peak } = found;
    println!("{name:<50} {seconds:>10.1} {resident:>12.1} {anonymous:>12.1} {peak:>12.1}");
}
