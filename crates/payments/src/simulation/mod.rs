//! A whole treasury in memory, driven by a seed. Clients send arbitrary messages, an operator blocks accounts and
//! changes limits in between, settlement answers in any order, the machine stops at the worst moment, and steps use
//! outdated states. After every move the simulation checks all [`invariants`](crate::invariants), at the end also that
//! every payment has its final status.
//!
//! The same seed gives the same run, for ever, so two numbers describe a failure.

mod attempts;
mod cancellations;
mod moves;
mod orders;
mod random;
mod steps;
mod treasury;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use jiff::Timestamp;
use ledger::AccountId;

use self::random::Random;
use self::treasury::{Problem, Treasury};
use crate::{Lot, Occasion, PaymentId};

/// Moves shown when something fails.
const TRACE_MAX: usize = 40;

type Outcome = Result<(), Problem>;

/// A simulated treasury.
pub struct Simulation {
    seed: u64,
    random: Random,
    treasury: Treasury,
    at: Timestamp,
    actor: String,
    next_message: i64,
    next_incoming: i64,
    returned: BTreeSet<PaymentId>,
    blocked: Vec<AccountId>,
    snapshots: Vec<Lot>,
    census: BTreeMap<String, u64>,
    trace: VecDeque<String>,
    moves: u64,
    steps: u64,
}

/// Something did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The seed of the run.
    pub seed: u64,
    /// After how many moves.
    pub step: u64,
    /// What did not hold.
    pub problems: Vec<String>,
    /// The last moves, oldest first.
    pub trace: Vec<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {}, step {}:", self.seed, self.step)?;
        for problem in &self.problems {
            writeln!(f, "  {problem}")?;
        }
        writeln!(f, "what happened before:")?;
        self.trace.iter().try_for_each(|line| writeln!(f, "  {line}"))
    }
}

impl std::error::Error for Failure {}

impl Simulation {
    /// What happened how often.
    #[must_use]
    pub fn census(&self) -> &BTreeMap<String, u64> {
        &self.census
    }

    /// Number of recorded moves so far: one step may be several, or none.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.moves
    }

    /// The moves after the first `printed`, in words; only the last few are kept.
    pub fn last_moves(&self, printed: u64) -> impl Iterator<Item = &str> {
        let new = usize::try_from(self.moves.saturating_sub(printed)).unwrap_or(usize::MAX);
        self.trace.iter().skip(self.trace.len().saturating_sub(new)).map(String::as_str)
    }

    fn failure(&self, problem: Problem) -> Failure {
        let problems = problem.lines().map(str::to_owned).collect();
        Failure { seed: self.seed, step: self.steps, problems, trace: self.trace.iter().cloned().collect() }
    }

    fn occasion<'a>(&self, actor: &'a str) -> Occasion<'a> {
        Occasion { at: self.at, actor }
    }

    fn count(&mut self, what: &str) {
        match self.census.get_mut(what) {
            Some(count) => *count += 1,
            None => {
                self.census.insert(what.to_owned(), 1);
            }
        }
    }

    fn happened(&mut self, what: &str, story: impl FnOnce() -> String) {
        self.count(what);
        if self.trace.len() == TRACE_MAX {
            self.trace.pop_front();
        }
        self.moves += 1;
        self.trace.push_back(format!("{:>6}  {}", self.steps, story()));
    }
}
