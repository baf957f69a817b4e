//! `cargo xtask bench instructions`: counts the instructions of the hot loops with callgrind.
//!
//! A count does not depend on other work of the machine, so it shows a change of a percent where time does not. The
//! benchmark counts each way over few and over many items; the difference is the cost of the items, without start and
//! tables. It prints the last published figures beside them; nothing passes or fails by it.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use iso20022::MessageType;

use super::exchange_pass::{self, Request};
use super::messages::payments_file;
use super::pass::{self, Way};
use super::statement;

/// Items of the two files.
const ITEMS: (u32, u32) = (500, 2_500);
/// Small requests of the two runs.
const REQUESTS: (u32, u32) = (200, 1_000);
/// Where the figures are published, between the two marks.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/speed.md");
const BEGIN: &str = "<!-- instructions: written by `cargo xtask bench instructions --publish` -->\n";
const END: &str = "<!-- end of instructions -->\n";

/// What is counted.
#[derive(Clone, Copy, Debug)]
enum Counted {
    /// A way through a file; an item is a payment or an entry.
    File(Way, MessageType),
    /// A small request to the exchange; an item is a request.
    Small(Request),
}

/// Published name, and what is counted.
const COUNTED: [(&str, Counted); 9] = [
    ("pain.001.001.09: tokens", Counted::File(Way::Tokens, MessageType::Pain001V09)),
    ("pain.001.001.09: schema", Counted::File(Way::Validate, MessageType::Pain001V09)),
    ("pain.001.001.09: schema and typed values", Counted::File(Way::Read, MessageType::Pain001V09)),
    ("camt.053.001.08: schema and typed values", Counted::File(Way::Read, MessageType::Camt053V08)),
    ("camt.053.001.08: written", Counted::File(Way::Write, MessageType::Camt053V08)),
    ("message of one payment: read and judged", Counted::Small(Request::Judge)),
    ("message of one payment: submitted", Counted::Small(Request::Submit)),
    ("message of one payment: status", Counted::Small(Request::Status)),
    ("heartbeat", Counted::Small(Request::Heartbeat)),
];

/// How to count.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Counts only what begins so; nothing is published then.
    #[arg(long, value_name = "NAME", conflicts_with = "publish")]
    only: Option<String>,
    /// Writes the figures to docs/reference/speed.md.
    #[arg(long)]
    publish: bool,
}

/// What an item needs.
struct Count {
    name: &'static str,
    per_item: u64,
    /// Of a file.
    per_byte: Option<f64>,
}

/// Counts and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let place = tempfile::tempdir()?;
    let page = fs::read_to_string(PAGE)?;
    let (before, table, after) = published(&page).ok_or("docs/reference/speed.md has lost its marks")?;
    println!("{:<44} {:>12} {:>9} {:>12} {:>8}", "instructions", "an item", "a byte", "published", "change");
    let mut rows = String::from("| way | instructions an item | a byte |\n|---|---:|---:|\n");
    let is_chosen = |name: &str| arguments.only.as_ref().is_none_or(|only| name.starts_with(only.as_str()));
    for (name, counted) in COUNTED.into_iter().filter(|(name, _)| is_chosen(name)) {
        let count = match counted {
            Counted::File(way, message) => of_file(name, way, message, place.path())?,
            Counted::Small(request) => of_request(name, request)?,
        };
        let known = published_figure(table, name);
        let change = known.map(|known| format!("{:+.1} %", (count.per_item as f64 / known - 1.0) * 100.0));
        println!(
            "{:<44} {:>12} {:>9} {:>12} {:>8}",
            count.name,
            count.per_item,
            count.per_byte(),
            known.map(|known| known.to_string()).unwrap_or_default(),
            change.unwrap_or_default(),
        );
        rows.push_str(&format!("| {} | {} | {} |\n", count.name, count.per_item, count.per_byte()));
    }
    if arguments.publish {
        fs::write(PAGE, format!("{before}{BEGIN}\n{rows}\n{END}{after}"))?;
        println!("written to docs/reference/speed.md");
    }
    Ok(())
}

/// The page before the table, the table, and the page behind it.
fn published(page: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (table, after) = rest.split_once(END)?;
    Some((before, table, after))
}

fn published_figure(table: &str, name: &str) -> Option<f64> {
    let row = table.lines().find(|line| line.starts_with(&format!("| {name} |")))?;
    row.split('|').nth(2)?.trim().parse().ok()
}

impl Count {
    fn per_byte(&self) -> String {
        self.per_byte.map(|count| format!("{count:.2}")).unwrap_or_default()
    }
}

fn of_file(name: &'static str, way: Way, message: MessageType, place: &Path) -> Result<Count, Box<dyn Error>> {
    let counted = |items| -> Result<(u64, u64), Box<dyn Error>> {
        let file = message_file(message, items, place)?;
        let mut command = pass::command(way, message, &file)?;
        command.args(["--entries", &items.to_string()]);
        Ok((instructions(&command)?, fs::metadata(&file)?.len()))
    };
    let (few, many) = (counted(ITEMS.0)?, counted(ITEMS.1)?);
    let instructions = many.0.saturating_sub(few.0);
    let bytes = many.1.saturating_sub(few.1);
    Ok(Count {
        name,
        per_item: instructions / u64::from(ITEMS.1 - ITEMS.0),
        per_byte: Some(instructions as f64 / bytes as f64),
    })
}

/// Each run has an exchange of its own: what is stored makes later requests dearer.
fn of_request(name: &'static str, request: Request) -> Result<Count, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let counted = |requests| -> Result<u64, Box<dyn Error>> {
        let place = tempfile::tempdir()?;
        runtime.block_on(exchange_pass::prepare(place.path(), requests)).map_err(|error| error as Box<dyn Error>)?;
        instructions(&exchange_pass::command(request, place.path(), requests)?)
    };
    let (few, many) = (counted(REQUESTS.0)?, counted(REQUESTS.1)?);
    let per_item = many.saturating_sub(few) / u64::from(REQUESTS.1 - REQUESTS.0);
    Ok(Count { name, per_item, per_byte: None })
}

fn message_file(message: MessageType, items: u32, place: &Path) -> Result<PathBuf, Box<dyn Error>> {
    if message == MessageType::Pain001V09 {
        return payments_file(place, items);
    }
    let file = place.join("camt.053.xml");
    statement::write(File::create(&file)?, items)?;
    Ok(file)
}

/// Runs a command under callgrind.
fn instructions(command: &Command) -> Result<u64, Box<dyn Error>> {
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(command.get_program());
    let output = valgrind.args(command.get_args()).output();
    let output = output.map_err(|error| format!("valgrind (Debian: valgrind) is needed: {error}"))?;
    let printed = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("valgrind: {printed}").into());
    }
    let line = printed.lines().find_map(|line| line.split_once("Collected :")).ok_or("callgrind counted nothing")?;
    Ok(line.1.trim().parse()?)
}
