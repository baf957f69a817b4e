//! The table: attack, rate, bound, measured, verdict.

use std::time::Duration;

use super::Failed;
use super::outcome::{Outcome, Verdict};

pub(super) fn head() {
    println!("| row | attack | bound | measured | verdict |");
    println!("|---|---|---|---|---|");
}

/// The lines of one attack; printed at once, so that a long run is seen to go on.
pub(super) fn rows(row: &str, outcome: &Outcome, took: Duration) {
    let rate = if outcome.rate.is_empty() { String::new() } else { format!(": {}", outcome.rate) };
    let mut attack = format!("{}{rate} ({} s in all)", outcome.attack, took.as_secs());
    let mut row = row;
    for bound in &outcome.bounds {
        let verdict = match bound.verdict {
            Verdict::Holds => "holds",
            Verdict::Broken => "**broken**",
            Verdict::Late => "late (not judged)",
            Verdict::Skipped => "not looked at",
        };
        println!("| {row} | {} | {} | {} | {verdict} |", cell(&attack), cell(&bound.bound), cell(&bound.measured));
        attack.clear();
        row = "";
    }
}

pub(super) fn failure(row: &str, name: &str, error: &Failed) {
    println!("| {row} | {name} | the attack can be made | {} | **broken** |", cell(&error.to_string()));
}

fn cell(text: &str) -> String {
    text.replace('|', "/").split_whitespace().collect::<Vec<_>>().join(" ")
}
