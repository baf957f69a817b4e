//! `cargo xtask sim`: runs the simulated treasury from a seed and prints the number of each event.
//!
//! It reports a failure by seed and step, with the moves before it; the same numbers reproduce it on any machine.

use clap::Args;
use payments::simulation::Simulation;

/// What to run.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The seed; the same seed is the same run.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many moves.
    #[arg(long, default_value_t = 20_000)]
    steps: u64,
    /// Print every move.
    #[arg(long)]
    verbose: bool,
}

/// Runs the simulation.
///
/// # Errors When an invariant does not hold; the text says where, with the moves before it.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let Arguments { seed, steps, verbose } = *arguments;
    // Should an assertion stop the run, the line above it says which run it was.
    eprintln!("seed {seed}, {steps} steps");
    let mut simulation = Simulation::new(seed)?;
    for _ in 0..steps {
        let before = simulation.moves();
        simulation.step()?;
        if verbose {
            simulation.last_moves(before).for_each(|line| println!("{line}"));
        }
    }
    simulation.finish()?;
    for (what, count) in simulation.census() {
        println!("{count:>9}  {what}");
    }
    println!("all invariants held after each of {steps} steps, and every payment found its final status");
    Ok(())
}
