//! A simulation from start to end: it opens accounts, draws one move after another, and settles what is open.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;
use jiff::civil::Date;
use rulebook::Route;

use super::orders::currencies;
use super::random::Random;
use super::treasury::{Problem, Treasury};
use super::{Failure, Outcome, Simulation};
use crate::{Lot, Stage};

/// Rounds within which all open work must end.
const ROUNDS_MAX: usize = 1_000;

impl Simulation {
    /// A treasury with some accounts, before anything happened.
    ///
    /// # Errors
    /// When the accounts cannot be opened.
    pub fn new(seed: u64) -> Result<Simulation, Failure> {
        let mut simulation = Simulation {
            seed,
            random: Random::new(seed),
            treasury: Treasury::new(Date::constant(2026, 11, 16), &currencies()),
            at: Timestamp::UNIX_EPOCH,
            actor: "online user 1".to_owned(),
            next_message: 1,
            next_incoming: 1,
            returned: BTreeSet::new(),
            blocked: Vec::new(),
            snapshots: Vec::new(),
            census: BTreeMap::new(),
            trace: VecDeque::new(),
            moves: 0,
            steps: 0,
        };
        simulation.open_accounts().and_then(|()| simulation.check()).map_err(|problem| simulation.failure(problem))?;
        Ok(simulation)
    }

    /// Makes one move and checks all invariants.
    ///
    /// # Errors
    /// When something does not hold.
    pub fn step(&mut self) -> Result<(), Failure> {
        self.steps += 1;
        self.make_move().and_then(|()| self.check()).map_err(|problem| self.failure(problem))
    }

    /// Finishes all open work, and checks that every payment has its final status.
    ///
    /// # Errors
    /// When something does not hold.
    pub fn finish(&mut self) -> Result<(), Failure> {
        let rest = self.come_to_rest();
        let quiet = rest.and_then(|()| problems_to_outcome(self.treasury.check(true)));
        quiet.map_err(|problem| self.failure(problem))
    }

    /// Draws and makes one move.
    fn make_move(&mut self) -> Outcome {
        match self.random.below(104) {
            0..=14 => self.submit(),
            15..=36 => self.execute(),
            37..=46 => self.hand_over(),
            47..=62 => self.answer(),
            63..=71 => {
                let cut_off = self.random.once_in(8);
                self.dates_come(cut_off)
            }
            72..=74 => self.next_day(),
            75..=82 => self.credit_arrives(),
            83..=86 => self.money_comes_back(),
            87..=89 => self.account_changes(),
            90..=92 => self.limits_change(),
            93..=96 => self.stale_attempt(),
            97..=99 => self.contradiction(),
            _ => self.cancel(),
        }
    }

    /// Continues without new orders until nothing is open any more.
    fn come_to_rest(&mut self) -> Outcome {
        let open = |lot: &Lot| lot.stage < Stage::Completed;
        let mut rounds = 0;
        while self.treasury.lots.values().any(open) {
            rounds += 1;
            if rounds > ROUNDS_MAX {
                return Err("the treasury does not come to rest".to_owned());
            }
            self.dates_come(true)?;
            self.check()?;
            let lots: Vec<Lot> = self.treasury.lots.values().cloned().collect();
            for lot in lots {
                match (lot.stage, lot.route) {
                    (Stage::Held, Route::Internal) => self.execute()?,
                    (Stage::Held, Route::Sepa) => self.hand_over()?,
                    (Stage::Dispatched, _) => self.answer()?,
                    _ => {}
                }
                self.check()?;
            }
            let ahead = [Stage::Scheduled, Stage::AwaitingFunds];
            if self.treasury.lots.values().any(|lot| ahead.contains(&lot.stage)) {
                self.next_day()?;
                self.check()?;
            }
        }
        Ok(())
    }

    fn check(&mut self) -> Outcome {
        problems_to_outcome(self.treasury.check(false))
    }
}

fn problems_to_outcome(problems: Vec<Problem>) -> Outcome {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}
