//! `cargo xtask bench small`: measures heartbeats, statuses and small submissions over mutual TLS, with the processor
//! time, the commits and the answers of the database that each takes; beside nginx, which sends a static file.
//!
//! Rates depend on the machine, which the sender shares, and on its disk. Processor times depend less, and their ratio
//! to nginx's least.

mod ab;
mod nginx;
mod plan;
mod ratio;
mod request;
mod sender;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use jiff::civil::Date;
use tdam::installation::Database;

use super::machine;
use super::metrics::Metrics;
use super::server::{self, Server, settled};
use super::store::StoreArguments;
use crate::attack::failed::Failed;
use plan::Payer;
use request::Kind;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Seconds of each measurement.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
    /// What is sent; several divided by commas.
    #[arg(long, value_delimiter = ',', default_values = ["heartbeat", "status", "one", "fifty"])]
    kinds: Vec<Kind>,
    /// How many connections send at once; several divided by commas.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 64])]
    connections: Vec<usize>,
    /// How many clients of the exchange they belong to; several divided by commas.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16])]
    clients: Vec<usize>,
    #[command(flatten)]
    store: StoreArguments,
    /// Leave out SQLite.
    #[arg(long, requires = "store")]
    without_sqlite: bool,
    /// Leave out nginx.
    #[arg(long)]
    without_nginx: bool,
    /// Measure this binary instead of the one built from here.
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
}

impl Arguments {
    fn is_beside_nginx(&self) -> bool {
        !self.without_nginx && self.kinds.contains(&Kind::Heartbeat)
    }

    /// Clients and connections, each pair once: a client without a connection does not send.
    fn combinations(&self) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for &connections in &self.connections {
            for &clients in &self.clients {
                let pair = (clients.clamp(1, connections.max(1)), connections.max(1));
                if !pairs.contains(&pair) {
                    pairs.push(pair);
                }
            }
        }
        pairs
    }
}

/// A running server with those that send.
struct Bench<'a> {
    server: &'a Server,
    /// Each with a settled message.
    payers: Vec<(Payer, String)>,
    day: Date,
    duration: Duration,
}

/// What the machine and the store have done until a moment.
struct Moment {
    server: Duration,
    sender: Duration,
    commits: f64,
    /// `None` where there is no database server.
    answers: Option<f64>,
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    // One thread: the sender is to take as little of the machine as it can.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(arguments))
}

async fn measure(arguments: &Arguments) -> Result<(), Failed> {
    if arguments.is_beside_nginx() {
        ratio::require_tools()?;
    }
    let program = match &arguments.program {
        Some(program) => std::path::absolute(program)?,
        None => server::build()?,
    };
    println!("{}", machine::description());
    if !arguments.without_sqlite {
        on_store("SQLite", None, &program, arguments).await?;
    }
    if let Some(database) = arguments.store.database() {
        on_store("PostgreSQL", Some(database), &program, arguments).await?;
    }
    println!("\nload average at the end: {}", machine::load_average());
    Ok(())
}

async fn on_store(name: &str, database: Option<Database>, program: &Path, arguments: &Arguments) -> Result<(), Failed> {
    let place = tempfile::tempdir()?;
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let (plan, payers) = plan::of_payers(arguments.clients.iter().copied().max().unwrap_or(1))?;
    let server = Server::start(program, place.path(), &plan, database, day).await?;
    println!("\n{name}: process {}, metrics at {}", server.id(), server.metrics_url());
    let duration = Duration::from_secs(arguments.seconds.max(1));
    let mut bench = Bench { server: &server, payers: Vec::new(), day, duration };
    for payer in payers {
        let message_id = bench.settle_one(&payer).await?;
        bench.payers.push((payer, message_id));
    }
    print_head();
    for kind in &arguments.kinds {
        for (clients, connections) in arguments.combinations() {
            bench.measure(*kind, clients, connections).await?;
        }
    }
    if arguments.is_beside_nginx() {
        ratio::measure(&server, place.path(), &arguments.connections, arguments.seconds.max(1)).await?;
    }
    Ok(())
}

impl Bench<'_> {
    /// Sends one message of a payer, and waits until it is settled.
    async fn settle_one(&self, payer: &Payer) -> Result<String, Failed> {
        let payer = (payer.clone(), String::new());
        let connections = sender::connect(self.server, std::slice::from_ref(&payer), Kind::One, 1, self.day).await?;
        let reports = sender::send(connections, Duration::from_millis(1)).await?;
        let message_id = reports.into_iter().find_map(|(_, sent)| sent.last_message).ok_or("nothing was sent")?;
        settled(&self.server.client(&payer.0.user)?, &message_id).await?;
        Ok(message_id)
    }

    async fn now(&self) -> Result<Moment, Failed> {
        let metrics = Metrics::read(self.server.metrics_address()?).await?;
        Ok(Moment {
            server: machine::processor_time(self.server.id()).ok_or("the server has ended")?,
            sender: machine::processor_time(std::process::id()).ok_or("no processor time of the sender")?,
            commits: metrics.sum("tdam_store_commits_total").ok_or("the server counts no commits")?,
            answers: metrics.sum("tdam_store_answers_total"),
        })
    }

    async fn measure(&self, kind: Kind, clients: usize, connections: usize) -> Result<(), Failed> {
        let payers = self.payers.get(..clients).ok_or("the sandbox has too few clients")?;
        let prepared = sender::connect(self.server, payers, kind, connections, self.day).await?;
        let (before, begun) = (self.now().await?, Instant::now());
        let reports = sender::send(prepared, self.duration).await?;
        let (taken, after) = (begun.elapsed(), self.now().await?);
        let mut latencies = Vec::new();
        for (_, sent) in &reports {
            latencies.extend_from_slice(&sent.latencies);
        }
        latencies.sort_unstable();
        let requests = latencies.len().max(1) as f64;
        let micros = |time: Duration| time.as_secs_f64() * 1e6 / requests;
        let settled_micros = if kind.pays() {
            self.settle(&reports).await?;
            format!("{:.0}", micros(self.now().await?.server.saturating_sub(before.server)))
        } else {
            String::new()
        };
        let answers = after.answers.zip(before.answers).map(|(after, before)| (after - before) / requests);
        println!(
            "{:<15} {clients:>7} {connections:>5} {:>9.0} {:>8.2} {:>8.2} {:>9.0} {:>9} {:>9.0} {:>8.3} {:>8}",
            kind.name(),
            requests / taken.as_secs_f64(),
            percentile(&latencies, 50),
            percentile(&latencies, 99),
            micros(after.server.saturating_sub(before.server)),
            settled_micros,
            micros(after.sender.saturating_sub(before.sender)),
            (after.commits - before.commits) / requests,
            answers.map(|answers| format!("{answers:.2}")).unwrap_or_default(),
        );
        Ok(())
    }

    /// Waits until the last messages are carried out, so that their execution does not disturb the next measurement.
    async fn settle(&self, reports: &[sender::Report]) -> Result<(), Failed> {
        for (user, sent) in reports {
            if let Some(message_id) = &sent.last_message {
                settled(&self.server.client(user)?, message_id).await?;
            }
        }
        Ok(())
    }
}

fn print_head() {
    println!("µs: processor time a request; `settled` is the server's, until everything is executed and settled.");
    println!("Commits and answers of the database are those of a request, with what the background did meanwhile.");
    println!(
        "{:<15} {:>7} {:>5} {:>9} {:>8} {:>8} {:>9} {:>9} {:>9} {:>8} {:>8}",
        "", "clients", "conn.", "per s", "p50 ms", "p99 ms", "server µs", "settled", "sender µs", "commits", "answers"
    );
}

/// In milliseconds.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}
