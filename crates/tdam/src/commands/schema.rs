//! `tdam schema`: the XML schemas of the messages.

use super::documents::Documents;
use crate::terminal::{Exit, Failure, Terminal};

/// Schemas (XSD) of the messages.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Export(Export),
}

/// Write the schema that this treasury publishes for a message.
///
/// It is ISO 20022's schema, narrowed by the usage guideline: every message that is valid by it is valid by ISO 20022's
/// schema too. The exchange refuses, or never writes, what it leaves out. A schema cannot express rules that depend on
/// a payment's kind, on a date or on other elements: `tdam format-description` lists them, `tdam validate` checks them.
/// A schema also counts characters as they are in the file: a letter and its mark written as two characters count as
/// two, and the schema may refuse them, while the exchange reads them as one letter (Unicode NFC).
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
struct Export {
    #[command(flatten)]
    documents: Documents,
    /// ISO 20022's schema as it is, without the guideline
    #[arg(long)]
    iso: bool,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let What::Export(export) = &arguments.what;
    export.documents.write("xsd", terminal, |message_type| {
        if export.iso { publication::iso_xsd(message_type) } else { publication::xsd(message_type).to_owned() }
    })?;
    Ok(Exit::Done)
}
