//! `tdam errors`: the catalogue of everything that the exchange can say; the same that `/v1/errors` answers.

use protocol::{CatalogueEntry, ErrorCatalogue};
use rulebook::catalogue::{Entry, entries};
use rulebook::{Code, Language};
use serde_json::json;

use crate::terminal::{Cell, Column, Exit, Failure, Style, Table, Terminal, words};

/// List the codes of the exchange, or explain one.
#[derive(Debug, clap::Args)]
#[command(after_help = crate::terminal::EXIT_CODES)]
pub(super) struct Arguments {
    /// A code (TDAM-3107, 3107), or an ISO 20022 reason (AC03) for all codes that it stands for [default: all]
    #[arg(value_name = "CODE")]
    code: Option<String>,
    /// Print as JSON, in both languages, as /v1/errors does
    #[arg(long)]
    pub(super) json: bool,
}

/// The requested entries.
enum Query {
    All,
    One(Code),
    Reason(String),
}

pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Result<Exit, Failure> {
    match asked(arguments.code.as_deref())? {
        Query::One(code) if arguments.json => terminal.json(&json!(CatalogueEntry::of(code.entry()))),
        Query::One(code) => explain(code.entry(), terminal),
        Query::All if arguments.json => terminal.json(&json!(ErrorCatalogue::whole())),
        Query::All => list(entries(), terminal),
        Query::Reason(reason) => {
            let meant = entries().filter(|entry| entry.iso_reason == Some(reason.as_str()));
            if arguments.json {
                let errors = meant.map(CatalogueEntry::of).collect();
                terminal.json(&json!(ErrorCatalogue { errors }));
            } else {
                list(meant, terminal);
            }
        }
    }
    Ok(Exit::Done)
}

fn asked(code: Option<&str>) -> Result<Query, Failure> {
    let Some(text) = code else { return Ok(Query::All) };
    let text = text.trim().to_ascii_uppercase();
    let in_full = if text.bytes().all(|byte| byte.is_ascii_digit()) { format!("TDAM-{text}") } else { text.clone() };
    if let Ok(code) = in_full.parse() {
        return Ok(Query::One(code));
    }
    if entries().any(|entry| entry.iso_reason == Some(text.as_str())) {
        return Ok(Query::Reason(text));
    }
    let what =
        format!("{text} is neither a code (TDAM-3107) nor a reason (AC03) of the catalogue; `tdam errors` lists all");
    Err(Failure::Usage(what))
}

fn list(entries: impl Iterator<Item = &'static Entry>, terminal: &Terminal) {
    let mut table = Table::new([
        Column::new(terminal.say(words::CODE)),
        Column::new("ISO"),
        Column::right("HTTP"),
        Column::wrapped(terminal.say(words::WHAT_IS_WRONG)),
    ]);
    for entry in entries {
        table.row([
            Cell::styled(Style::Strong, entry.code),
            entry.iso_reason.unwrap_or_default().into(),
            http_status(entry.code).into(),
            entry.title.in_language(terminal.language).into(),
        ]);
    }
    terminal.table(&table);
}

fn explain(entry: &Entry, terminal: &Terminal) {
    let say = |language: Language| {
        let texts = [entry.title, entry.explanation, entry.remedy];
        texts.map(|text| text.in_language(language))
    };
    let [title, explanation, remedy] = say(terminal.language);
    terminal.line(format_args!(
        "{} {}",
        terminal.paint(Style::Strong, entry.code),
        terminal.paint(Style::Strong, title)
    ));
    let mut facts = Table::new([Column::new(""), Column::wrapped("")]);
    let mut fact = |name, text: String| {
        if !text.is_empty() {
            facts.row([Cell::styled(Style::Faint, terminal.say(name)), text.into()]);
        }
    };
    fact(words::RULE, explanation.to_owned());
    fact(words::REMEDY, remedy.to_owned());
    fact(words::ISO_REASON, entry.iso_reason.unwrap_or_default().to_owned());
    fact(words::HTTP_STATUS, http_status(entry.code));
    if protocol::is_retryable(entry.code) {
        fact(words::AGAIN, terminal.say(words::MAY_SUCCEED_LATER).to_owned());
    }
    fact(words::SOURCE, entry.source.in_language(terminal.language));
    terminal.table(&facts);
}

fn http_status(code: Code) -> String {
    protocol::status_of(code).map(|status| status.to_string()).unwrap_or_default()
}
