//! Reads the source and checks the invariants of ARCHITECTURE.md that a test can check.
#![allow(clippy::unwrap_used, missing_docs)]

mod attack_rows;
mod audited;
mod circles;
mod failures;
mod modules;
mod tokens;
mod uses;
mod walks;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The house from the ground up. A crate may depend only on crates before it.
const HOUSE: &[&str] = &[
    "money",
    "xsd",
    "iso20022",
    "rulebook",
    "publication",
    "guide",
    "ledger",
    "payments",
    "onboarding",
    "telemetry",
    "signatures",
    "audit",
    "store",
    "pki",
    "mail",
    "exchange",
    "protocol",
    "client",
    "proxy",
    "server",
    "tdam",
];

/// Pure crates: no I/O, no clock, no randomness, no tasks.
const PURE: &[&str] = &[
    "money",
    "xsd",
    "iso20022",
    "rulebook",
    "publication",
    "guide",
    "ledger",
    "payments",
    "onboarding",
    "signatures",
    "audit",
];

/// What a pure crate may use from outside.
const PURE_MAY_USE: &[&str] = &[
    "aws-lc-rs",
    "base64",
    "bumpalo",
    "ipnet",
    "jiff",
    "serde",
    "serde_json",
    "sha2",
    "thiserror",
    "unicode-normalization",
];

/// Arrows that would point down, and are wrong all the same.
const FORBIDDEN_ARROWS: &[(&str, &str)] = &[
    ("ledger", "iso20022"),
    ("ledger", "xsd"),
    ("ledger", "rulebook"),
    ("xsd", "money"),
    ("rulebook", "xsd"),
    ("server", "store"),
    ("server", "client"),
    ("server", "proxy"),
    ("client", "exchange"),
    ("client", "store"),
    ("protocol", "exchange"),
    ("protocol", "store"),
    ("telemetry", "payments"),
];

const LINES_MAX: usize = 700;
const LINES_USUAL_MAX: usize = 400;

struct Source {
    path: PathBuf,
    /// The crate, or `tests`, `xtask`.
    room: String,
    text: String,
}

impl Source {
    /// Whether the file is part of what runs in production.
    fn is_product(&self) -> bool {
        self.path.components().any(|part| part.as_os_str() == "src")
    }

    /// Lines of code outside comments and outside the tests at the end of a file, with their numbers.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("#[cfg(test)]\nmod ").unwrap_or(self.text.len());
        let lines = self.text[..end].lines().enumerate();
        lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(index, line)| (index + 1, line))
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn files_below(folder: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            files_below(&path, ending, found);
        } else if name.ends_with(ending) {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = root();
    let mut paths = Vec::new();
    for folder in ["crates", "xtask", "tests"] {
        files_below(&root.join(folder), ".rs", &mut paths);
    }
    paths.sort();
    let sources: Vec<Source> = paths
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&root).unwrap();
            let mut parts = inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned());
            let first = parts.next().unwrap();
            let room = if first == "crates" { parts.next().unwrap() } else { first };
            Source { text: fs::read_to_string(&path).unwrap(), path: inside.to_path_buf(), room }
        })
        .collect();
    assert!(sources.len() > HOUSE.len(), "the source was not found below {}", root.display());
    sources
}

fn report(what: &str, findings: &[String]) {
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(text, "  {finding}");
    }
    assert!(findings.is_empty(), "{what}:\n{text}");
}

/// Names in a section of a Cargo.toml.
fn names_in_section(manifest: &str, section: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|line| line.trim() != section).skip(1);
    let lines = lines.take_while(|line| !line.trim_start().starts_with('['));
    let names = lines.filter_map(|line| line.split_once('=')).map(|(name, _)| name.trim());
    names.map(|name| name.split('.').next().unwrap_or(name).to_owned()).collect()
}

#[test]
fn arrows_point_down_only() {
    let mut wrong = Vec::new();
    for (floor, room) in HOUSE.iter().enumerate() {
        let manifest = fs::read_to_string(root().join("crates").join(room).join("Cargo.toml")).unwrap();
        for name in names_in_section(&manifest, "[dependencies]") {
            match HOUSE.iter().position(|other| *other == name) {
                Some(other) if other >= floor => wrong.push(format!("{room} depends on {name}, which is not below it")),
                Some(_) if FORBIDDEN_ARROWS.contains(&(*room, name.as_str())) => {
                    wrong.push(format!("{room} must not know {name}"));
                }
                None if PURE.contains(room) && !PURE_MAY_USE.contains(&name.as_str()) => {
                    wrong.push(format!("{room} is pure and uses {name}"));
                }
                _ => {}
            }
        }
    }
    let mut rooms: Vec<PathBuf> = fs::read_dir(root().join("crates")).unwrap().map(|e| e.unwrap().path()).collect();
    rooms.retain(|room| !HOUSE.contains(&room.file_name().unwrap().to_string_lossy().as_ref()));
    wrong.extend(rooms.iter().map(|room| format!("{} stands on no floor of the house", room.display())));
    report("arrows", &wrong);
}

/// Finds code lines of product files, outside the rooms allowed, that mention one of the words.
fn mentions(words: &[&str], allowed: impl Fn(&Source) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.is_product() && !allowed(source)) {
        for (number, line) in source.code_lines() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{}:{number}: {word}", source.path.display()));
            }
        }
    }
    found
}

#[test]
fn pure_crates_do_no_input_output_and_read_no_clock() {
    let impure = [
        "std::fs",
        "std::net",
        "std::thread",
        "std::process",
        "std::env",
        "SystemTime",
        "Instant",
        "Timestamp::now",
        "Zoned::now",
        "tokio",
        "rand::",
        "println!",
        "eprintln!",
        "File::",
    ];
    report("pure crates", &mentions(&impure, |source| !PURE.contains(&source.room.as_str())));
}

#[test]
fn only_the_store_knows_sql() {
    let sql = ["rusqlite", "SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE", "PRAGMA "];
    // What PostgreSQL needs by itself is measured past the store; attacks on the database go past it too.
    let past = ["xtask/src/bench/copy.rs", "xtask/src/attack/database.rs"].map(Path::new);
    report("SQL", &mentions(&sql, |source| source.room == "store" || past.contains(&source.path.as_path())));
}

/// Beyond the database's memory such a question is answered by comparing every row with every other.
#[test]
fn nothing_is_asked_with_not_in() {
    report("SQL", &mentions(&["NOT IN (SELECT"], |_| false));
}

#[test]
fn only_the_channel_knows_http() {
    let http = ["axum::", "hyper::", "hyper_util::", "reqwest::", "StatusCode", "HeaderMap"];
    let channel = ["server", "client", "proxy", "protocol"];
    report("HTTP", &mentions(&http, |source| channel.contains(&source.room.as_str())));
}

#[test]
fn only_the_message_layer_knows_xml() {
    let xml = ["xmlns", "<?xml", "<![CDATA"];
    let allowed = ["xsd", "iso20022", "protocol", "xtask"];
    // Its texts say to people what is wrong with their XML.
    let catalogue = "rulebook/src/catalogue/form.rs";
    report(
        "XML",
        &mentions(&xml, |source| allowed.contains(&source.room.as_str()) || source.path.ends_with(catalogue)),
    );
}

#[test]
fn the_message_layer_knows_no_treasury() {
    let words = ["TREL", "Treasury", "EKK"];
    let message_layer = ["money", "xsd", "iso20022"];
    report("Treasury", &mentions(&words, |source| !message_layer.contains(&source.room.as_str())));
}

#[test]
fn files_have_one_subject() {
    let mut long = Vec::new();
    let sources = sources();
    for source in &sources {
        let lines = source.text.lines().count();
        if lines > LINES_MAX {
            long.push(format!("{} has {lines} lines", source.path.display()));
        }
        if !source.text.starts_with("//!") && source.path.file_name().unwrap() != "build.rs" {
            long.push(format!("{} does not say what it is for", source.path.display()));
        }
    }
    let unusual = sources.iter().filter(|source| source.text.lines().count() > LINES_USUAL_MAX).count();
    if unusual * 10 > sources.len() {
        long.push(format!("{unusual} of {} files are over {LINES_USUAL_MAX} lines", sources.len()));
    }
    report("files", &long);
}

#[test]
fn nothing_is_left_unfinished() {
    // Written so that this file does not find itself.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X:"], ["HA", "CK"], ["todo", "!("], ["unimplemented", "!("]];
    let mut found = Vec::new();
    for source in &sources() {
        for (index, line) in source.text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(&mark.concat())) {
                found.push(format!("{}:{}: {}", source.path.display(), index + 1, line.trim()));
            }
        }
    }
    report("unfinished", &found);
}

#[test]
fn relaxed_lints_say_why() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.is_product()) {
        for (number, line) in source.code_lines() {
            let relaxes = line.contains("#[allow(") || line.contains("#![allow(") || line.contains("#[expect(");
            let rest: String = source.text.lines().skip(number - 1).take(6).collect();
            let attribute = rest.split(']').next().unwrap_or_default();
            if relaxes && !attribute.contains("reason") {
                found.push(format!("{}:{number}", source.path.display()));
            }
        }
    }
    report("lints without a reason", &found);
}
