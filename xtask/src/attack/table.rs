//! The table: attack, rate, bound, measured, verdict.

use std::fmt::Write as _;
use std::time::Duration;

use super::failed::Failed;
use super::outcome::{Bound, Outcome, Verdict};

pub(super) fn head() {
    println!("| row | attack | bound | measured | verdict |");
    println!("|---|---|---|---|---|");
}

/// The lines of one attack; printed at once, so that a long run shows progress, and in one piece, since two may run.
pub(super) fn rows(row: &str, outcome: &Outcome, took: Duration) {
    let rate = if outcome.rate.is_empty() { String::new() } else { format!(": {}", outcome.rate) };
    let mut attack = format!("{}{rate} ({} s in all)", outcome.attack, took.as_secs());
    let (mut row, mut lines) = (row, String::new());
    for bound in &outcome.bounds {
        let verdict = match bound.verdict {
            Verdict::Holds => "holds".to_owned(),
            Verdict::Broken => "**broken**".to_owned(),
            Verdict::Known(why) => format!("**broken**, known: {why}"),
            Verdict::Late => "late (not judged)".to_owned(),
            Verdict::Skipped => "not looked at".to_owned(),
        };
        let _ = writeln!(
            lines,
            "| {row} | {} | {} | {} | {} |",
            cell(&attack),
            cell(&bound.bound),
            cell(&bound.measured),
            cell(&verdict)
        );
        attack.clear();
        row = "";
    }
    print!("{lines}");
}

pub(super) fn failure(row: &str, name: &str, error: &Failed) {
    println!("| {row} | {name} | the attack can be made | {} | **broken** |", cell(&error.to_string()));
}

/// A bound that fails the chore, as it is named at the end: the end of a long output is often all that is kept.
pub(super) fn failed_bound(name: &str, bound: &Bound) -> String {
    format!("{name}: {}: {}", cell(&bound.bound), cell(&bound.measured))
}

fn cell(text: &str) -> String {
    text.replace('|', "/").split_whitespace().collect::<Vec<_>>().join(" ")
}
