//! An unexpected failure is made in one way only, which logs its cause; and what is stored is read as what it is, or not at all.
//!
//! A scan of the source sees no types, so it looks for the forms in which causes were lost before.

use super::{Source, report, sources};

/// Where an unexpected failure is made, what the code means, and what status it has.
const KNOW_THE_CODE: &[&str] =
    &["crates/exchange/src/failure.rs", "crates/rulebook/src/catalogue/service.rs", "crates/protocol/src/status.rs"];

/// Forms that lose a cause, or put a guess in the place of what cannot be read.
const LOST: &[(&str, &str)] = &[
    ("map_err(|_| Failure::new", "the failure does not know its cause: `Failure::unexpected(error)`"),
    ("parse().unwrap_or", "a stored text that is none of its kind is damage"),
    ("unwrap_or(TimeZone::", "the time zone is in the program"),
    ("TimeZone::get(", "the time zone is in the program"),
];

/// The crates whose failures clients and operators meet.
const SPEAKING: &[&str] = &["rulebook", "store", "exchange", "server"];

fn places(found: impl Fn(&Source, &str) -> Option<String>) -> Vec<String> {
    let mut places = Vec::new();
    for source in sources().iter().filter(|source| source.is_product()) {
        for (number, line) in source.code_lines() {
            if let Some(what) = found(source, line) {
                places.push(format!("{}:{number}: {what}", source.path.display()));
            }
        }
    }
    places
}

#[test]
fn unexpected_failures_are_made_in_one_place() {
    let found = places(|source, line| {
        let is_there = KNOW_THE_CODE.iter().any(|known| source.path.ends_with(known));
        (line.contains("Code::InternalError") && !is_there).then(|| line.trim().to_owned())
    });
    report("`Failure::unexpected` makes these, and logs the cause", &found);
}

#[test]
fn no_cause_is_lost_and_nothing_stored_is_guessed() {
    let found = places(|source, line| {
        let lost = LOST.iter().find(|(form, _)| line.contains(form));
        let (_, why) = lost.filter(|_| SPEAKING.contains(&source.room.as_str()))?;
        Some(format!("{} ({why})", line.trim()))
    });
    report("causes that are lost", &found);
}

#[test]
fn what_is_thrown_away_says_why() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|source| source.is_product() && source.path.starts_with("crates")) {
        let lines: Vec<&str> = source.text.lines().collect();
        for (number, line) in source.code_lines() {
            let is_thrown_away = line.contains("let _ = ") && !line.contains("write!(") && !line.contains("writeln!(");
            // `number` counts from 1, so these are the two lines above.
            let above = &lines[number.saturating_sub(3)..number - 1];
            if is_thrown_away && !above.iter().any(|line| line.trim_start().starts_with("//")) {
                found.push(format!("{}:{number}: {}", source.path.display(), line.trim()));
            }
        }
    }
    report("results that are thrown away without a word", &found);
}
