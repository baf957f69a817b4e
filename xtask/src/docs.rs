//! Writes `docs/reference`: the catalogue of errors, the rules of the usage guideline, the format descriptions and the description of
//! the interface, as the program has them.
//!
//! All are values in `rulebook`, `publication` and `protocol`; a list kept by hand would soon differ from them. Continuous integration
//! uses `--check`.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use iso20022::MessageType;
use publication::Description;
use rulebook::Language;
use rulebook::catalogue::{Entry, Group, entries};
use rulebook::rules::{Level, RULES, Rule};

/// Where to write.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Writes nothing; fails when a page differs from what would be written.
    #[arg(long)]
    check: bool,
    /// Folder of the pages.
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference"))]
    dir: PathBuf,
}

/// Writes the pages, or checks them.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut outdated = Vec::new();
    for (name, page) in pages() {
        let path = arguments.dir.join(&name);
        if fs::read_to_string(&path).is_ok_and(|present| present == page) {
            continue;
        }
        if arguments.check {
            outdated.push(name);
        } else {
            write(&path, &page)?;
            println!("{}", path.display());
        }
    }
    if outdated.is_empty() {
        return Ok(());
    }
    Err(format!("not up to date: {} (cargo xtask docs writes them)", outdated.join(", ")).into())
}

/// Every page, by its name in the folder.
fn pages() -> Vec<(String, String)> {
    let mut pages = vec![
        ("errors.md".to_owned(), errors()),
        ("rules.md".to_owned(), rules()),
        ("openapi.json".to_owned(), format!("{:#}\n", protocol::openapi::document())),
    ];
    for language in Language::ALL {
        for message_type in MessageType::ALL {
            let name = format!("format/{}/{message_type}.md", language.tag());
            pages.push((name, Description::of(message_type, language).to_markdown()));
        }
    }
    pages.push(("format/README.md".to_owned(), formats()));
    pages
}

fn formats() -> String {
    let mut page = String::from(
        "# Format descriptions\n\n\
         `cargo xtask docs` writes this page from the tables in the program; do not edit it by hand. `tdam format-description` writes\n\
         the same, also as HTML; `tdam schema export` and `GET /v1/schemas` give the matching schemas.\n\n\
         | Message | | |\n|---|---|---|\n",
    );
    for message_type in MessageType::ALL {
        let link = |language: Language, name: &str| format!("[{name}]({}/{message_type}.md)", language.tag());
        let (latvian, english) = (link(Language::Latvian, "latviski"), link(Language::English, "English"));
        line(&mut page, format_args!("| {message_type} | {english} | {latvian} |"));
    }
    page
}

fn write(path: &Path, page: &str) -> Result<(), Box<dyn std::error::Error>> {
    let explain = |error: std::io::Error| format!("{}: {error}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(explain)?;
    }
    Ok(fs::write(path, page).map_err(explain)?)
}

const GROUPS: [(Group, &str); 8] = [
    (Group::Channel, "1xxx: the channel and who calls"),
    (Group::Form, "2xxx: the form of a message"),
    (Group::Guideline, "3xxx: the usage guideline"),
    (Group::Accounts, "4xxx: accounts, authority, limits, funds"),
    (Group::Duplicates, "5xxx: duplicates"),
    (Group::Reports, "6xxx: reports and the mailbox"),
    (Group::Settlement, "7xxx: settlement with other banks"),
    (Group::Service, "9xxx: the service itself"),
];

fn errors() -> String {
    let mut page = String::from(
        "# Catalogue of errors\n\n\
         `cargo xtask docs` writes this page from the catalogue in the program; do not edit it by hand. A running exchange\n\
         gives the same as JSON, with both languages in full: `/v1/errors` and `/v1/errors/CODE`, also without a certificate on\n\
         the plain listener.\n\n\
         *ISO* is the reason code that a pain.002 carries. *HTTP* is the status when the code is the answer to a request;\n\
         codes without one appear only inside a pain.002, an overview or a warning. Some codes belong to features that we do not\n\
         offer yet; the catalogue has them so that their numbers never change.\n",
    );
    for (group, title) in GROUPS {
        line(&mut page, format_args!("\n## {title}\n"));
        line(&mut page, format_args!("| Code | ISO | HTTP | What is wrong | Latviski | What to do | Source |"));
        line(&mut page, format_args!("|---|---|---|---|---|---|---|"));
        for entry in entries().filter(|entry| entry.code.group() == group) {
            let status = protocol::status_of(entry.code).map(|status| status.to_string()).unwrap_or_default();
            line(
                &mut page,
                format_args!(
                    "| {} | {} | {status} | {} | {} | {} | {} |",
                    entry.code.id(),
                    entry.iso_reason.unwrap_or_default(),
                    cell(entry.title.en),
                    cell(entry.title.lv),
                    cell(entry.remedy.en),
                    source(entry),
                ),
            );
        }
    }
    page
}

fn rules() -> String {
    let mut page = String::from(
        "# Rules of the usage guideline\n\n\
         `cargo xtask docs` writes this page from the rules in the program; do not edit it by hand. The exchange applies the rules\n\
         to each pain.001 that its XML schema accepts. Rules that need the accounts (rights, limits, funds, earlier\n\
         messages) are in the 4xxx and 5xxx of the [catalogue](errors.md).\n\n\
         *Refuses* says what the exchange refuses when the rule is broken: the whole message, a `PmtInf` block with all its payments, or one\n\
         payment. A source marked *inferred* follows from neighbouring banks' practice. We took *our own decision* where\n\
         nothing is published.\n\n\
         | Rule | ISO | Refuses | Elements | What it says | Source |\n\
         |---|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let entry = rule.entry();
        line(
            &mut page,
            format_args!(
                "| {} | {} | {} | {} | {} | {} |",
                rule.id(),
                entry.iso_reason.unwrap_or_default(),
                levels(rule),
                elements(rule),
                cell(entry.explanation.en),
                source(entry),
            ),
        );
    }
    page
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = writeln!(page, "{text}");
}

fn levels(rule: &Rule) -> String {
    let name = |level: &Level| match level {
        Level::Group => "message",
        Level::PaymentInformation => "block",
        Level::CreditTransfer => "payment",
    };
    rule.levels.iter().map(name).collect::<Vec<_>>().join(", ")
}

fn elements(rule: &Rule) -> String {
    rule.elements.iter().map(|element| format!("`{element}`")).collect::<Vec<_>>().join("<br>")
}

fn source(entry: &Entry) -> String {
    cell(&entry.source.in_language(Language::English))
}

/// A text as a table's cell, escaped so that nothing in it acts as markup.
fn cell(text: &str) -> String {
    let mut cell = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => cell.push_str("&amp;"),
            '<' => cell.push_str("&lt;"),
            '>' => cell.push_str("&gt;"),
            '|' => cell.push_str("\\|"),
            '*' | '_' => {
                cell.push('\\');
                cell.push(character);
            }
            _ => cell.push(character),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_in_the_repository_are_up_to_date() {
        let dir = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference"));
        let outcome = run(&Arguments { check: true, dir });
        assert!(outcome.is_ok(), "{outcome:?}");
    }

    #[test]
    fn what_looks_like_markup_is_shown_as_it_is() {
        assert_eq!(cell("a|b <c> & *d*_e"), "a\\|b &lt;c&gt; &amp; \\*d\\*\\_e");
    }
}
