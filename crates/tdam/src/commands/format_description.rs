//! `tdam format-description`: describes the elements of a message for people.

use publication::Description;

use super::documents::Documents;
use crate::terminal::{Exit, Failure, Terminal};

/// Write the format description of a message: elements, values, rules, a complete example.
///
/// It is made of the same tables that messages are checked by. The language is that of --language.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    documents: Documents,
    /// How it is written
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = Format::Markdown)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For a repository or a wiki.
    Markdown,
    /// One file for a browser, a telephone, a printer.
    Html,
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    let language = terminal.language;
    match arguments.format {
        Format::Markdown => arguments
            .documents
            .write("md", terminal, |message_type| Description::of(message_type, language).to_markdown())?,
        Format::Html => arguments
            .documents
            .write("html", terminal, |message_type| Description::of(message_type, language).to_html())?,
    }
    Ok(Exit::Done)
}
