//! Runs of the simulation: every invariant holds after every step, every path is taken, and planted bugs are found.

use std::collections::BTreeMap;

use onboarding::simulation::{Failure, Fault, Simulation};

const SEEDS: u64 = 4;
const STEPS: u64 = 6_000;

/// What must have happened at least once, so that a run which tests nothing cannot pass.
const EXPECTED: &[&str] = &[
    "entered new-client",
    "entered new-online-user",
    "in force new-client",
    "in force new-account",
    "in force new-online-user",
    "in force change-of-online-user",
    "in force renewal",
    "in force new-certificate",
    "in force one-day-limits",
    "in force signature-card",
    "in force person",
    "approve refused: EnteredByActor",
    "approve refused: CheckedByActor",
    "approve refused: Role",
    "approve refused: DigestDiffers",
    "approve refused: BaseMoved",
    "approve refused: State",
    "second approval refused: State",
    "check refused: SignatureNotVerified",
    "submit refused: SignedFileMissing",
    "effect refused: NotBefore",
    "effect refused: State",
    "effect refused: BaseMoved",
    "effect refused: ApprovalLapsed",
    "enter refused: Content",
    "enter refused: Role",
    "enter refused: AboutActor",
    "enter refused: RenewalTooEarly",
    "reject",
    "withdraw",
    "withdraw refused: NotEnteredByActor",
    "expired",
    "overtaken",
    "crash",
];

fn run(seed: u64, steps: u64, fault: Option<Fault>) -> Result<Simulation, Failure> {
    let mut simulation = Simulation::new(seed, fault);
    (0..steps).try_for_each(|_| simulation.step())?;
    Ok(simulation)
}

#[test]
fn all_invariants_hold_after_every_step_and_every_path_is_taken() {
    let mut census: BTreeMap<String, u64> = BTreeMap::new();
    for seed in 1..=SEEDS {
        let simulation = run(seed, STEPS, None).unwrap_or_else(|failure| panic!("{failure}"));
        for (what, count) in simulation.census() {
            *census.entry(what.clone()).or_default() += count;
        }
    }
    let missing: Vec<&&str> = EXPECTED.iter().filter(|what| !census.contains_key(**what)).collect();
    assert!(missing.is_empty(), "never happened: {missing:?}\nwhat did: {census:#?}");
}

#[test]
fn planted_bugs_are_found() {
    let found_as = [
        (Fault::OwnApproval, "approved it and"),
        (Fault::BaseNotCompared, "what took effect is not what the approver saw"),
        (Fault::ContentSwapped, "what took effect is not what the approver saw"),
        (Fault::StaysInForce, "are in force for online user"),
        (Fault::UsedTwice, "took effect 2 times"),
        (Fault::NeverLapses, "had lapsed"),
        (Fault::SignatureTaken, "without a verified signature"),
    ];
    assert_eq!(found_as.map(|(fault, _)| fault), Fault::ALL);
    for (fault, told) in found_as {
        let failures: Vec<Failure> = (1..=SEEDS).filter_map(|seed| run(seed, STEPS, Some(fault)).err()).collect();
        let problems = failures.iter().flat_map(|failure| &failure.problems);
        assert!(
            problems.clone().any(|problem| problem.contains(told)),
            "{fault:?}: {:?}",
            problems.collect::<Vec<_>>()
        );
    }
}
