//! Family of row M3: refusals that are written down.

use std::sync::Arc;
use std::time::Instant;

use super::attackers::{self, Attack, Kind, Order};
use super::connections::hold;
use super::database;
use super::failed::Failed;
use super::outcome::Outcome;
use super::server::{ATTACKER_ADDRESS, Start, succeeded};
use super::testbed::Testbed;
use super::wire::{self, Speaks};

/// A refused user may make so many audit lines a minute.
const LINES_PER_MINUTE_MAX: u64 = 60;

/// M3: a revoked user that sends requests without pause.
pub(super) fn flood_of_a_revoked_user(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let certificate = installation.folder.user("attacker-revoked").join("certificate.pem");
    succeeded("revoke", &installation.operator(&["revoke", &certificate.to_string_lossy()])?)?;
    let mut server = installation.serve(&Start::default())?;
    let order = Order { kind: Kind::RevokedUser, user: "attacker-revoked", count: 16, about: "" };
    let begun = Instant::now();
    let (rate, watched) = attackers::watched(testbed, &installation, &order)?;
    let took = begun.elapsed().as_secs();
    let minutes = took / 60 + 1;
    let mut outcome = testbed.outcome("16 connections of a revoked user, one request after the other", rate);
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    // At its end it writes what it has counted.
    server.stop()?;
    let written = database::audit_lines_of_refusals(&installation)?;
    outcome.bound(
        format!("≤ {LINES_PER_MINUTE_MAX} audit lines a minute for it, and some"),
        format!("{written} lines in {took} s"),
        written > 0 && written <= LINES_PER_MINUTE_MAX * minutes,
    );
    Ok(outcome)
}

/// Asks without pause.
pub(super) async fn revoked_user(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    hold(attack, move |attack, _| {
        let identity = identity.clone();
        async move {
            let Ok(mut stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            loop {
                attack.begins();
                match wire::call(&mut stream, "GET", protocol::routes::HEARTBEAT, &[], &[]).await {
                    Ok(reply) if reply.status == 200 => attack.is_served(),
                    Ok(_) => attack.is_refused(),
                    Err(_) => return attack.is_refused(),
                }
            }
        }
    })
    .await
}
