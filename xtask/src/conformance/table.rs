//! The table, language by case, and what it says in all.

use std::time::Duration;

use super::case::{Case, Exception};
use crate::attack::failed::Failed;

/// What came of one case in one language.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) failure: Option<String>,
    pub(super) took: Duration,
}

/// Why a case fails that nobody has played.
const NOT_RUN: &str = "the case was not run";

/// A case fails until it has been played.
impl Default for Cell {
    fn default() -> Cell {
        Cell { failure: Some(NOT_RUN.to_owned()), took: Duration::ZERO }
    }
}

pub(super) struct Table<'t> {
    pub(super) cases: &'t [Case],
    pub(super) languages: &'t [String],
    pub(super) columns: &'t [Vec<Cell>],
    pub(super) exceptions: &'t [Exception],
}

/// A line as soon as a case has ended: a long run shows progress.
pub(super) fn progress(language: &str, case: &str, cell: &Cell) {
    let outcome = cell.failure.as_deref().map_or("passed".to_owned(), |failure| format!("FAILED: {failure}"));
    eprintln!("{language:7} {case}: {outcome} ({} ms)", cell.took.as_millis());
}

impl Table<'_> {
    pub(super) fn print(&self) {
        print!("\n| case | requirement |");
        self.languages.iter().for_each(|language| print!(" {language} |"));
        print!("\n|---|---|");
        self.languages.iter().for_each(|_| print!("---|"));
        println!();
        for (at, case) in self.cases.iter().enumerate() {
            print!("| {} | {} |", case.name, case.requirement);
            for (language, column) in self.languages.iter().zip(self.columns) {
                let failed = column.get(at).is_none_or(|cell| cell.failure.is_some());
                let word = match (failed, self.exception(language, case)) {
                    (false, None) => "✓",
                    (true, None) => "**fails**",
                    (true, Some(_)) => "exception",
                    (false, Some(_)) => "**exception not needed**",
                };
                print!(" {word} |");
            }
            println!();
        }
    }

    /// Whether the run is a success.
    pub(super) fn verdict(&self) -> Result<(), Failed> {
        let mut wrong = Vec::new();
        for (at, case) in self.cases.iter().enumerate() {
            for (language, column) in self.languages.iter().zip(self.columns) {
                let failure = column.get(at).map_or(Some(NOT_RUN), |cell| cell.failure.as_deref());
                match (failure, self.exception(language, case)) {
                    (Some(failure), None) => wrong.push(format!("{language}, {}: {failure}", case.name)),
                    (None, Some(_)) => {
                        wrong.push(format!("{language}, {}: passes, so its exception has to go", case.name));
                    }
                    (Some(_), Some(exception)) => {
                        println!("exception: {language}, {}: {}", case.name, exception.reason);
                    }
                    (None, None) => {}
                }
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(format!("{} failures:\n{}", wrong.len(), wrong.join("\n")).into()) }
    }

    fn exception(&self, language: &str, case: &Case) -> Option<&Exception> {
        self.exceptions.iter().find(|exception| exception.language == language && exception.case == case.name)
    }
}
