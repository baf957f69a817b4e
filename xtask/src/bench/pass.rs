//! One way through one message, in a process of its own: so its time and memory are those of the way alone, measured
//! like libxml2's.

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::{Args, ValueEnum};
use iso20022::{MessageType, camt, pain001};
use money::Decimal;
use xsd::token::{Token, Tokenizer};
use xsd::{Bounds, Selection, Validator};

use super::{machine, statement};

/// The kind of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Way {
    /// `xsd`'s tokenizer alone: well-formedness and namespaces.
    Tokens,
    /// The schema, and no values.
    Validate,
    /// The schema and the typed values, as a reader of `iso20022` reads them.
    Read,
    /// A camt.053 is written.
    Write,
    /// The loop that every user of `quick-xml` begins with, over a buffered file: no schema, no values.
    QuickXml,
}

/// A pass. For the benchmarks only.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    way: Way,
    file: PathBuf,
    /// The message that the file holds.
    #[arg(long, default_value = "camt.053.001.08")]
    message: MessageType,
    /// How many entries are written.
    #[arg(long, default_value_t = 0)]
    entries: u32,
}

/// The result of a pass.
#[derive(Clone, Copy, Debug)]
pub(super) struct PassReport {
    /// Payments, transactions, tokens or events, by the way.
    pub(super) seen: u64,
    /// The most memory that it had.
    pub(super) peak_memory_mib: f64,
}

/// Runs the pass and prints its counts and its peak memory.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let seen = match arguments.way {
        Way::Write => {
            statement::write(File::create(&arguments.file)?, arguments.entries)?;
            u64::from(arguments.entries)
        }
        Way::Tokens => tokens(File::open(&arguments.file)?)?,
        Way::Validate => validate(arguments.message, File::open(&arguments.file)?)?,
        Way::QuickXml => quick_xml_events(File::open(&arguments.file)?)?,
        Way::Read => match arguments.message {
            MessageType::Pain001V03 | MessageType::Pain001V09 => {
                payments(arguments.message, File::open(&arguments.file)?)?
            }
            _ => transactions(arguments.message, File::open(&arguments.file)?)?,
        },
    };
    let memory = machine::peak_memory_mib(std::process::id()).unwrap_or(f64::NAN);
    println!("{seen} {memory}");
    Ok(())
}

/// The command that goes a way in a process of its own.
pub(super) fn command(way: Way, message: MessageType, file: &Path) -> Result<Command, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let way = way.to_possible_value().ok_or("a way without a name")?;
    command.args(["bench", "pass", way.get_name(), "--message", message.name()]).arg(file);
    command.stdin(Stdio::null());
    Ok(command)
}

/// Reads the output of a pass.
pub(super) fn report_of(output: &[u8]) -> Result<PassReport, Box<dyn Error>> {
    let text = std::str::from_utf8(output)?;
    let (seen, memory) = text.trim().split_once(' ').ok_or("a pass says two numbers")?;
    Ok(PassReport { seen: seen.parse()?, peak_memory_mib: memory.parse()? })
}

fn tokens(file: File) -> Result<u64, Box<dyn Error>> {
    let mut tokenizer = Tokenizer::new(file);
    let mut seen = 0;
    while !matches!(tokenizer.next()?, Token::EndOfDocument) {
        seen += 1;
    }
    Ok(seen)
}

fn validate(message: MessageType, file: File) -> Result<u64, Box<dyn Error>> {
    let schema = iso20022::schema(message);
    let nothing = Selection::nothing(schema);
    let findings = Validator::new(schema, &nothing, file, Bounds::default()).finish()?;
    if findings.is_empty() { Ok(0) } else { Err(format!("{findings:?}").into()) }
}

fn payments(message: MessageType, file: File) -> Result<u64, Box<dyn Error>> {
    let mut reader = pain001::Reader::new(message, file, Bounds::default());
    let (mut stated, mut sum, mut seen) = (None, Decimal::ZERO, 0);
    while let Some(item) = reader.next()? {
        match item {
            pain001::Item::GroupHeader(header) => stated = header.control_sum,
            pain001::Item::CreditTransfer(payment) => {
                seen += 1;
                if let Some(pain001::RequestedAmount::Instructed(amount)) = payment.amount {
                    sum = sum.checked_add(amount.value).ok_or("the sum is too large")?;
                }
            }
            _ => {}
        }
    }
    if stated != Some(sum) || !reader.findings().is_empty() {
        return Err(format!("{seen} payments of {sum}, findings {:?}", reader.findings()).into());
    }
    Ok(seen)
}

fn transactions(message: MessageType, file: File) -> Result<u64, Box<dyn Error>> {
    let mut reader = camt::Reader::new(message, file, Bounds::default());
    let mut seen = 0;
    while let Some(item) = reader.next()? {
        seen += u64::from(matches!(item, camt::Item::Transaction(_)));
    }
    if reader.findings().is_empty() { Ok(seen) } else { Err(format!("{:?}", reader.findings()).into()) }
}

/// Bytes of the buffer: the best that was found for it.
const QUICK_XML_BUFFER_BYTES: usize = 64 << 10;

fn quick_xml_events(file: File) -> Result<u64, Box<dyn Error>> {
    let mut reader = quick_xml::Reader::from_reader(BufReader::with_capacity(QUICK_XML_BUFFER_BYTES, file));
    let (mut buffer, mut seen) = (Vec::new(), 0);
    while !matches!(reader.read_event_into(&mut buffer)?, quick_xml::events::Event::Eof) {
        seen += 1;
        buffer.clear();
    }
    Ok(seen)
}
