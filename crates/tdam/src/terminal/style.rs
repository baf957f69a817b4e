//! Colours, few and with a meaning: red is refused, green accepted, yellow waiting.

use std::fmt::Display;

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Colours {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Colours {
    /// Whether a stream gets colours (<https://no-color.org>: any value of NO_COLOR but the empty one says no).
    pub(crate) fn wanted(self, is_terminal: bool) -> bool {
        match self {
            Colours::Always => true,
            Colours::Never => false,
            Colours::Auto => {
                let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
                let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
                is_terminal && !refused && !dumb
            }
        }
    }
}

/// The kind of a text, which decides its look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// A heading.
    Strong,
    /// Beside the point.
    Faint,
    /// Accepted, in order.
    Good,
    /// Refused, wrong.
    Bad,
    /// Waiting.
    Waiting,
    /// A place in a file.
    Place,
}

/// Every sequence that [`Style::paint`] writes.
pub(super) const SEQUENCES: [&str; 7] = [
    RESET,
    Style::Strong.sequence(),
    Style::Faint.sequence(),
    Style::Good.sequence(),
    Style::Bad.sequence(),
    Style::Waiting.sequence(),
    Style::Place.sequence(),
];

const RESET: &str = "\u{1b}[0m";

impl Style {
    const fn sequence(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Strong => "\u{1b}[1m",
            Style::Faint => "\u{1b}[2m",
            Style::Good => "\u{1b}[32m",
            Style::Bad => "\u{1b}[1;31m",
            Style::Waiting => "\u{1b}[33m",
            Style::Place => "\u{1b}[36m",
        }
    }

    pub(crate) fn paint(self, colours: bool, text: impl Display) -> String {
        if !colours || self == Style::Plain {
            return text.to_string();
        }
        format!("{}{text}{RESET}", self.sequence())
    }
}
