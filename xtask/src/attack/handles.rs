//! Family of row M6: a process that may open few files.

use std::time::Duration;

use super::attackers::{Attackers, Kind, Order};
use super::failed::Failed;
use super::outcome::Outcome;
use super::readers;
use super::server::Start;
use super::testbed::Testbed;
use super::victim::Victim;

/// M6: 1 024 handles, and half-open connections for all of them.
pub(super) fn few_handles(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let limits = vec!["--nofile=1024:1024".to_owned()];
    let mut server = installation.serve(&Start { limits, ..Start::default() })?;
    let order = Order { kind: Kind::HalfOpenEverywhere, user: "", count: 1_300, about: "" };
    let attackers = Attackers::begin(&installation, &order)?;
    std::thread::sleep(super::testbed::SETTLING);
    let victim = Victim::begin(&installation)?;
    // Its body is a file.
    let large = readers::send_large(&installation, "LARGE-HANDLES", 2_000);
    std::thread::sleep(Duration::from_secs(testbed.seconds()));
    let watched = victim.end()?;
    let rate = attackers.end()?;
    let mut outcome = testbed.outcome("1 300 half-open connections against 1 024 handles", rate);
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    outcome.bound(
        "a large payment is answered",
        large.as_ref().map_or_else(ToString::to_string, |()| "answered".to_owned()),
        large.is_ok(),
    );
    Ok(outcome)
}
