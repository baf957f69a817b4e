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
/// It is ISO 20022's, narrowed by the usage guideline: what is valid by it is valid by ISO 20022's schema too. What it leaves
/// out, the exchange refuses, or never writes. Rules that depend on a payment's way, on a date or on other elements cannot
/// be said by a schema: `tdam format-description` has them, `tdam validate` checks them. A schema also counts and knows characters
/// as they stand in the file: a letter and its mark written as two characters are two, which the schema may refuse, while the
/// exchange reads them as the one letter (Unicode NFC).
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
