//! Output for people and scripts: results on standard output, everything else on standard error.
//!
//! Results are tables for people or JSON for scripts; colours and progress bars appear on a terminal only, so that a
//! pipe gets plain text. Texts are Latvian or English (`words.rs` and the rulebook's catalogue).

mod exit;
mod failure;
mod language;
pub(crate) mod printable;
mod problem;
mod progress;
mod style;
mod table;
pub(crate) mod words;

use std::io::{IsTerminal, Write};

pub(crate) use exit::{EXIT_CODES, Exit};
pub(crate) use failure::Failure;
pub(crate) use language::LanguageChoice;
pub(crate) use progress::Phase;
pub(crate) use style::{Colours, Style};
pub(crate) use table::{Cell, Column, Table};

use rulebook::Language;
use rulebook::catalogue::Text;

/// Width that tables take when the terminal does not say.
const WIDTH_DEFAULT: usize = 100;
/// Narrowest width that tables are laid out for.
const WIDTH_MIN: usize = 60;

/// Standard output and standard error of this process, as they are.
#[derive(Clone, Debug)]
pub(crate) struct Terminal {
    /// Language of texts.
    pub(crate) language: Language,
    colour_out: bool,
    colour_err: bool,
    err_is_terminal: bool,
    width: Option<usize>,
    json: bool,
}

impl Terminal {
    /// The streams of this process.
    pub(crate) fn of_process(language: Option<LanguageChoice>, colours: Colours) -> Terminal {
        let (out, err) = (std::io::stdout().is_terminal(), std::io::stderr().is_terminal());
        let columns = || std::env::var("COLUMNS").ok()?.parse().ok();
        let measured = || console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        Terminal {
            language: language.unwrap_or_else(LanguageChoice::of_environment).into(),
            colour_out: colours.wanted(out),
            colour_err: colours.wanted(err),
            err_is_terminal: err,
            // Lines of a pipe are not broken: another program reads them.
            width: out.then(|| measured().or_else(columns).unwrap_or(WIDTH_DEFAULT).max(WIDTH_MIN)),
            json: false,
        }
    }

    /// The same, with failures as JSON on standard output.
    pub(crate) fn with_json(mut self, json: bool) -> Terminal {
        self.json = json;
        self
    }

    /// A text in the chosen language.
    pub(crate) fn say(&self, text: Text) -> &'static str {
        text.in_language(self.language)
    }

    /// The language of its texts.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The language as the client library names it.
    pub(crate) fn client_language(&self) -> client::Language {
        match self.language {
            Language::Latvian => client::Language::Latvian,
            Language::English => client::Language::English,
        }
    }

    /// Text for standard output in a style, plain where there are no colours.
    pub(crate) fn paint(&self, style: Style, text: impl std::fmt::Display) -> String {
        style.paint(self.colour_out, text)
    }

    /// Text for standard error in a style.
    pub(crate) fn paint_err(&self, style: Style, text: impl std::fmt::Display) -> String {
        style.paint(self.colour_err, text)
    }

    /// Maximum width of a line; `None` where no person reads.
    pub(crate) fn width(&self) -> Option<usize> {
        self.width
    }

    /// A text in lines that fit behind `indentation` columns.
    pub(crate) fn wrapped(&self, text: &str, indentation: usize) -> Vec<String> {
        match self.width {
            Some(width) => table::wrap(text, width.saturating_sub(indentation)),
            None => vec![text.to_owned()],
        }
    }

    /// A line of the result.
    ///
    /// A reader that closed the pipe (`| head`) has what it wanted: that ends the line, not the program with an error.
    pub(crate) fn line(&self, text: impl std::fmt::Display) {
        let _ = writeln!(std::io::stdout().lock(), "{}", printable::lines(&text.to_string()));
    }

    /// A line beside the result.
    pub(crate) fn note(&self, text: impl std::fmt::Display) {
        let _ = writeln!(std::io::stderr().lock(), "{}", printable::lines(&text.to_string()));
    }

    /// A table of the result.
    pub(crate) fn table(&self, table: &Table) {
        let text = table.render(self.width, self.colour_out);
        let _ = write!(std::io::stdout().lock(), "{}", printable::lines(&text));
    }

    /// The result as JSON.
    pub(crate) fn json(&self, value: &serde_json::Value) {
        self.line(format_args!("{value:#}"));
    }
}
