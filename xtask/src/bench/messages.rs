//! `cargo xtask bench messages`: measures reading and writing of messages beside libxml2 and quick-xml on the same
//! files.
//!
//! Every way through a file is a process of its own. The ways take turns, so that other work of the machine affects all
//! of them. The benchmark computes a ratio of times within a turn, and prints the median of the turns. On a busy
//! machine the ratio of processor times over all turns says more. It prints the goals of the project beside.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;
use iso20022::MessageType;
use tdam::generate::PaymentBatch;

use super::machine::{self, Xmllint};
use super::pass::{self, Way};
use super::statement;

/// What decides the payments that are measured.
const SEED: u64 = 7;
/// The goal for memory, for any size of the file.
const MEMORY_GOAL_MIB: f64 = 32.0;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Payments of a pain.001; several sizes show whether memory grows.
    #[arg(long, default_values_t = [100_000, 1_000_000])]
    payments: Vec<u32>,
    /// Entries of a camt.053.
    #[arg(long, default_values_t = [100_000])]
    entries: Vec<u32>,
    /// How often the ways take turns.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

/// Something that goes through a file and is timed.
struct Runner {
    name: &'static str,
    command: Command,
    /// How many times as fast the measured way is to be.
    goal: Option<f64>,
    /// Whether it says what it saw and how much memory it took.
    is_ours: bool,
    times: Vec<Duration>,
    /// Of all turns together.
    processor: Duration,
    peak_memory_mib: Option<f64>,
}

/// Measures and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    if arguments.rounds == 0 {
        return Err("no rounds, no figures".into());
    }
    let place = tempfile::tempdir()?;
    println!("{}", machine::description());
    for payments in &arguments.payments {
        let file = payments_file(place.path(), *payments)?;
        println!("\n{}", heading(MessageType::Pain001V09, *payments, "payments", &file)?);
        reading(MessageType::Pain001V09, &file, u64::from(*payments), arguments.rounds)?;
        fs::remove_file(file)?;
    }
    for entries in &arguments.entries {
        let file = place.path().join("camt.053.xml");
        statement::write(File::create(&file)?, *entries)?;
        println!("\n{}", heading(MessageType::Camt053V08, *entries, "entries", &file)?);
        reading(MessageType::Camt053V08, &file, u64::from(*entries), arguments.rounds)?;
        writing(&file, *entries, arguments.rounds)?;
        fs::remove_file(file)?;
    }
    println!("\nload average at the end: {}", machine::load_average());
    Ok(())
}

/// Writes a pain.001 of made-up payments and says where it is.
pub(super) fn payments_file(place: &Path, payments: u32) -> Result<PathBuf, Box<dyn Error>> {
    let file = place.join("pain.001.xml");
    PaymentBatch::new(payments, SEED, jiff::civil::date(2026, 11, 24)).write(File::create(&file)?)?;
    Ok(file)
}

fn heading(message: MessageType, number: u32, what: &str, file: &Path) -> Result<String, Box<dyn Error>> {
    let bytes = fs::metadata(file)?.len();
    Ok(format!("{message}, {number} {what}, {:.1} MB, {} B each", bytes as f64 / 1e6, bytes / u64::from(number.max(1))))
}

/// The reader against the others.
fn reading(message: MessageType, file: &Path, expected: u64, rounds: usize) -> Result<(), Box<dyn Error>> {
    let xmllint = Xmllint::find(message.name())?;
    let ours = |way| pass::command(way, message, file);
    let mut runners = [
        Runner::ours("read: schema and typed values", ours(Way::Read)?),
        Runner::ours("validate: schema only", ours(Way::Validate)?),
        Runner::ours("tokenize: well-formedness only", ours(Way::Tokens)?),
        Runner::other("quick-xml, bare loop over BufRead", ours(Way::QuickXml)?, 1.0),
        Runner::other("xmllint --stream", xmllint.parsing(file), 2.5),
        Runner::other("xmllint --stream --schema", xmllint.validating(file), 8.0),
    ];
    take_turns(&mut runners, rounds, Some(expected))?;
    print_table(&runners, fs::metadata(file)?.len());
    Ok(())
}

/// The writer against libxml2, which only parses the written file.
fn writing(file: &Path, entries: u32, rounds: usize) -> Result<(), Box<dyn Error>> {
    let written = file.with_extension("written");
    let xmllint = Xmllint::find(MessageType::Camt053V08.name())?;
    let mut write = pass::command(Way::Write, MessageType::Camt053V08, &written)?;
    write.args(["--entries", &entries.to_string()]);
    let mut runners = [Runner::ours("write", write), Runner::other("xmllint --stream", xmllint.parsing(file), 1.0)];
    take_turns(&mut runners, rounds, Some(u64::from(entries)))?;
    print_table(&runners, fs::metadata(&written)?.len());
    fs::remove_file(written)?;
    Ok(())
}

impl Runner {
    fn ours(name: &'static str, command: Command) -> Runner {
        Runner {
            name,
            command,
            goal: None,
            is_ours: true,
            times: Vec::new(),
            processor: Duration::ZERO,
            peak_memory_mib: None,
        }
    }

    fn other(name: &'static str, command: Command, goal: f64) -> Runner {
        Runner { goal: Some(goal), is_ours: false, ..Runner::ours(name, command) }
    }

    /// Goes through the file once.
    fn go(&mut self) -> Result<Option<pass::PassReport>, Box<dyn Error>> {
        let processor = machine::processor_time_of_children().unwrap_or_default();
        let begun = Instant::now();
        let output = self.command.stdin(Stdio::null()).output()?;
        self.times.push(begun.elapsed());
        self.processor += machine::processor_time_of_children().unwrap_or_default().saturating_sub(processor);
        if !output.status.success() {
            return Err(format!("{}: {}", self.name, String::from_utf8_lossy(&output.stderr)).into());
        }
        if !self.is_ours {
            return Ok(None);
        }
        let report = pass::report_of(&output.stdout)?;
        let before = self.peak_memory_mib.unwrap_or_default();
        self.peak_memory_mib = Some(before.max(report.peak_memory_mib));
        Ok(Some(report))
    }
}

/// Runs all ways through the file, again and again; the first must find the expected counts.
fn take_turns(runners: &mut [Runner], rounds: usize, expected: Option<u64>) -> Result<(), Box<dyn Error>> {
    for _ in 0..rounds {
        for (place, runner) in runners.iter_mut().enumerate() {
            let report = runner.go()?;
            if place == 0 && report.map(|report| report.seen) != expected {
                return Err(format!("{}: {report:?} instead of {expected:?}", runner.name).into());
            }
        }
    }
    Ok(())
}

fn print_table(runners: &[Runner], bytes: u64) {
    println!(
        "{:<36} {:>9} {:>8} {:>7} {:>9} {:>7} {:>9}",
        "", "median ms", "MB/s", "ratio", "CPU ratio", "goal", "peak MiB"
    );
    let Some(first) = runners.first() else { return };
    for runner in runners {
        let seconds = median(runner.times.iter().map(Duration::as_secs_f64).collect());
        let ratios = runner.times.iter().zip(&first.times).map(|(its, ours)| its.as_secs_f64() / ours.as_secs_f64());
        println!(
            "{:<36} {:>9.0} {:>8.0} {:>7.2} {:>9.2} {:>7} {:>9}",
            runner.name,
            seconds * 1e3,
            bytes as f64 / 1e6 / seconds,
            median(ratios.collect()),
            runner.processor.as_secs_f64() / first.processor.as_secs_f64(),
            runner.goal.map(|goal| format!("≥ {goal}")).unwrap_or_default(),
            runner.peak_memory_mib.map(|memory| format!("{memory:.1}")).unwrap_or_default(),
        );
    }
    println!("ratio: how many times as long as `{}` (goal for its memory: < {MEMORY_GOAL_MIB} MiB)", first.name);
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
