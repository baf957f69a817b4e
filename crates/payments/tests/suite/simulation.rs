//! A small run of the simulation: every invariant holds after every step, and the run takes every path.
use std::collections::BTreeMap;

use payments::simulation::{Failure, Simulation};

const SEEDS: u64 = 4;
const STEPS: u64 = 1_000;

/// What must have happened at least once, so that a run which tests nothing cannot pass.
const EXPECTED: &[&str] = &[
    "message accepted",
    "message accepted in part",
    "message refused",
    "a range refused in one row",
    "lot held at once",
    "lot scheduled",
    "fell due, covered",
    "waits for funds",
    "funds came",
    "lot Held after AwaitingFunds",
    "lot Refused after AwaitingFunds",
    "lot Completed after Held",
    "lot Refused after Held",
    "lot Dispatched after Held",
    "lot Completed after Dispatched",
    "lot Refused after Dispatched",
    "incoming credit",
    "incoming credit refused: Book",
    "return",
    "return refused: NotSettled",
    "business day moved",
    "limits changed",
    "limits of a day changed",
    "account becomes Blocked",
    "account becomes Open",
    "account becomes Closed",
    // Debtor unknown, closed, blocked; limit of a payment, of a day; funds; refused with the rest of its message.
    "admission refuses with TDAM-4001",
    "admission refuses with TDAM-4004",
    "admission refuses with TDAM-4005",
    "admission refuses with TDAM-4010",
    "admission refuses with TDAM-4011",
    "admission refuses with TDAM-4012",
    "admission refuses with TDAM-4024",
    // Payee is the payer, of another currency, unknown, closed, blocked; payer closed, blocked; funds missing.
    "Execution refuses with TDAM-3111",
    "Execution refuses with TDAM-3205",
    "Execution refuses with TDAM-4002",
    "Execution refuses with TDAM-4023",
    "Execution refuses with TDAM-4004",
    "Execution refuses with TDAM-4005",
    "Execution refuses with TDAM-4014",
    "Settlement refuses with TDAM-7001",
    "lot cancelled",
    "payments cancelled",
    "Scheduled lot cancelled in part",
    "AwaitingFunds lot cancelled in part",
    "Held lot cancelled in part",
    "Execution refuses with TDAM-4019",
    "cancellation refused: WrongStage",
    "cancellation refused: AlreadyExecuted",
    "crash before the commit of admission",
    "crash before the commit of execution",
    "crash before the commit of dispatch",
    "crash before the commit of settlement",
    "crash before the commit of falling due",
    "crash before the commit of cancellation",
    "stale payments refused: AlreadyExecuted",
    "stale payments refused: WrongStage",
    "stale step not written",
    "wrong house refused: Book",
    "contradiction refused: AmountNotPositive",
    "contradiction refused: NoSuchLot",
    "contradiction refused: NotInFileOrder",
    "contradiction refused: DayGoesBack",
];

fn run(seed: u64, steps: u64) -> Result<Simulation, Failure> {
    let mut simulation = Simulation::new(seed)?;
    (0..steps).try_for_each(|_| simulation.step())?;
    simulation.finish()?;
    Ok(simulation)
}

#[test]
fn all_invariants_hold_after_every_step_and_every_path_is_taken() {
    let mut census: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 1..=SEEDS {
        let simulation = run(seed, STEPS).unwrap_or_else(|failure| panic!("{failure}"));
        for (what, count) in simulation.census() {
            *census.entry(what.clone()).or_default() += count;
        }
    }
    let missing: Vec<&&str> = EXPECTED.iter().filter(|what| !census.contains_key(**what)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}\nwhat did: {census:#?}");
}

#[test]
fn the_same_seed_is_the_same_run() {
    let (first, second) = (run(7, 200).unwrap(), run(7, 200).unwrap());
    assert_eq!(first.census(), second.census());
    assert!(first.last_moves(0).eq(second.last_moves(0)));
    assert_ne!(first.census(), run(8, 200).unwrap().census());
}
