//! `cargo xtask bench instructions`: counts the instructions of the hot loops with callgrind.
//!
//! A count does not depend on other work of the machine, so it shows a change of a percent where time does not. The
//! benchmark counts each way over a small and a larger file; the difference is the cost of the items, without start and
//! tables. It prints the last published figures beside them; nothing passes or fails by it.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use iso20022::MessageType;

use super::messages::payments_file;
use super::pass::{self, Way};
use super::statement;

/// Items of the two files.
const ITEMS: (u32, u32) = (500, 2_500);
/// Where the figures are published, between the two marks.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference/speed.md");
const BEGIN: &str = "<!-- instructions: written by `cargo xtask bench instructions --publish` -->\n";
const END: &str = "<!-- end of instructions -->\n";

/// The counted ways: published name, way, message.
const COUNTED: [(&str, Way, MessageType); 5] = [
    ("pain.001.001.09: tokens", Way::Tokens, MessageType::Pain001V09),
    ("pain.001.001.09: schema", Way::Validate, MessageType::Pain001V09),
    ("pain.001.001.09: schema and typed values", Way::Read, MessageType::Pain001V09),
    ("camt.053.001.08: schema and typed values", Way::Read, MessageType::Camt053V08),
    ("camt.053.001.08: written", Way::Write, MessageType::Camt053V08),
];

/// How to count.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Writes the figures to docs/reference/speed.md.
    #[arg(long)]
    publish: bool,
}

/// What an item needs.
struct Count {
    name: &'static str,
    per_item: u64,
    per_byte: f64,
}

/// Counts and prints.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let place = tempfile::tempdir()?;
    let page = fs::read_to_string(PAGE)?;
    let (before, table, after) = published(&page).ok_or("docs/reference/speed.md has lost its marks")?;
    println!("{:<44} {:>12} {:>9} {:>12} {:>8}", "instructions", "an item", "a byte", "published", "change");
    let mut rows = String::from("| way | instructions an item | a byte |\n|---|---:|---:|\n");
    for (name, way, message) in COUNTED {
        let count = count(name, way, message, place.path())?;
        let known = published_figure(table, name);
        let change = known.map(|known| format!("{:+.1} %", (count.per_item as f64 / known - 1.0) * 100.0));
        println!(
            "{:<44} {:>12} {:>9.2} {:>12} {:>8}",
            count.name,
            count.per_item,
            count.per_byte,
            known.map(|known| known.to_string()).unwrap_or_default(),
            change.unwrap_or_default(),
        );
        rows.push_str(&format!("| {} | {} | {:.2} |\n", count.name, count.per_item, count.per_byte));
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

fn count(name: &'static str, way: Way, message: MessageType, place: &Path) -> Result<Count, Box<dyn Error>> {
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
        per_byte: instructions as f64 / bytes as f64,
    })
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
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("valgrind: {told}").into());
    }
    let line = told.lines().find_map(|line| line.split_once("Collected :")).ok_or("callgrind counted nothing")?;
    Ok(line.1.trim().parse()?)
}
