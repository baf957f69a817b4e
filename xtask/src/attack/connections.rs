//! Families of rows H1 and H2: opened and unused connections, anonymous and of a revoked user; and a flood of whole
//! handshakes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::task::JoinSet;

use super::attackers::{self, Attack, Kind, Order, address};
use super::failed::Failed;
use super::http2::{Connection, Event};
use super::outcome::Outcome;
use super::server::{ATTACKER_ADDRESS, Start, succeeded};
use super::testbed::Testbed;
use super::wire::{self, Speaks};

/// Before a connection that was ended is opened again: an attacker who does nothing else does not attack with sockets.
const AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Handshakes that one process has under way.
const HANDSHAKES_AT_ONCE: u32 = 16;

/// H1: connections that begin no handshake, from one address.
pub(super) fn half_open_from_one_address(testbed: &Testbed) -> Result<Outcome, Failed> {
    let count = 1_300;
    under(testbed, "half-open TCP connections, one address", Kind::HalfOpen, "", count)
}

/// Its sibling from many addresses.
pub(super) fn half_open_from_many_addresses(testbed: &Testbed) -> Result<Outcome, Failed> {
    let count = if testbed.is_long { 8_000 } else { 3_000 };
    under(testbed, "half-open TCP connections, 200 addresses", Kind::HalfOpenEverywhere, "", count)
}

/// H2: idle HTTP/2 connections of a revoked certificate.
pub(super) fn idle_of_a_revoked_certificate(testbed: &Testbed) -> Result<Outcome, Failed> {
    under(
        testbed,
        "idle HTTP/2 connections of a revoked certificate, pings answered",
        Kind::IdleHttp2,
        "attacker-revoked",
        1_024,
    )
}

/// Its sibling with a certificate that is in force.
pub(super) fn idle_of_a_user(testbed: &Testbed) -> Result<Outcome, Failed> {
    under(testbed, "idle HTTP/2 connections of a View user, pings answered", Kind::IdleHttp2, "attacker-view", 1_024)
}

/// The plain listener's connections, which say nothing.
pub(super) fn idle_on_the_plain_listener(testbed: &Testbed) -> Result<Outcome, Failed> {
    under(testbed, "idle connections to the plain listener", Kind::IdlePlain, "", 1_100)
}

/// Whole handshakes, one after the other, with a certificate: the dearest thing that a stranger can ask for.
pub(super) fn flood_of_handshakes(testbed: &Testbed) -> Result<Outcome, Failed> {
    under(
        testbed,
        "TLS handshakes with a certificate, as many as can be",
        Kind::Handshakes,
        "attacker-view",
        HANDSHAKES_AT_ONCE,
    )
}

/// An attack with connections, while the victim pays and monitoring asks.
fn under(testbed: &Testbed, attack: &str, kind: Kind, user: &str, count: u32) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    if user == "attacker-revoked" {
        let certificate = installation.folder.user(user).join("certificate.pem");
        let revoked = installation.operator(&["revoke", &certificate.to_string_lossy()])?;
        succeeded("revoke", &revoked)?;
    }
    let mut server = installation.serve(&Start::default())?;
    let order = Order { kind, user, count, about: "" };
    let (rate, watched) = attackers::watched(testbed, &installation, &order)?;
    let mut outcome = testbed.outcome(format!("{count} {attack}"), rate);
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    Ok(outcome)
}

/// Holds so many connections that say nothing; each that is ended is opened again.
pub(super) async fn half_open(attack: &Arc<Attack>, addresses: u32) -> Result<(), Failed> {
    hold(attack, move |attack, number| async move {
        let from = if addresses == 1 { ATTACKER_ADDRESS } else { address(number % addresses) };
        if let Ok(mut socket) = wire::connect(from, attack.secure, None).await {
            attack.begins();
            let _ = socket.read(&mut [0; 16]).await;
            attack.is_refused();
        }
    })
    .await
}

/// The same on the plain listener.
pub(super) async fn idle_plain(attack: &Arc<Attack>) -> Result<(), Failed> {
    hold(attack, |attack, _| async move {
        if let Ok(mut socket) = wire::connect(ATTACKER_ADDRESS, attack.plain, None).await {
            attack.begins();
            let _ = socket.read(&mut [0; 16]).await;
            attack.is_refused();
        }
    })
    .await
}

/// Holds so many HTTP/2 connections with one request each, and answers pings.
pub(super) async fn idle_http2(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http2, ATTACKER_ADDRESS)?;
    hold(attack, move |attack, _| {
        let identity = identity.clone();
        async move {
            let Ok(stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            attack.begins();
            let Ok(mut connection) = Connection::begin(stream, 65_535).await else { return };
            if connection.request("GET", protocol::routes::HEARTBEAT, &[], &[]).await.is_err() {
                return attack.is_refused();
            }
            loop {
                match connection.event().await {
                    Ok(Event::Ended { is_good: true }) => attack.is_served(),
                    Ok(Event::Ended { is_good: false }) => attack.is_refused(),
                    Ok(Event::Data(_) | Event::Other | Event::Goodbye) => {}
                    Err(_) => return attack.is_refused(),
                }
            }
        }
    })
    .await
}

/// Makes whole handshakes, as many as it can.
pub(super) async fn handshakes(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    let mut tasks = JoinSet::new();
    let number = Arc::new(AtomicU32::new(0));
    for _ in 0..attack.count {
        let (attack, identity, number) = (Arc::clone(attack), identity.clone(), Arc::clone(&number));
        tasks.spawn(async move {
            while !attack.is_over() {
                let from = attackers::address(number.fetch_add(1, Ordering::Relaxed) % 200);
                attack.begins();
                match identity.coming_from(from).connect(attack.secure).await {
                    Ok(_) => attack.is_served(),
                    Err(_) => {
                        attack.is_refused();
                        tokio::time::sleep(Duration::from_millis(5)).await;
                    }
                }
            }
        });
    }
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// Keeps `count` tasks at work until the attack is over, each after a pause when it has ended.
pub(super) async fn hold<F, W>(attack: &Arc<Attack>, work: F) -> Result<(), Failed>
where
    F: Fn(Arc<Attack>, u32) -> W + Clone + Send + 'static,
    W: Future<Output = ()> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..attack.count {
        let (attack, work) = (Arc::clone(attack), work.clone());
        tasks.spawn(async move {
            while !attack.is_over() {
                let _ = tokio::time::timeout_at(attack.until.into(), work(Arc::clone(&attack), number)).await;
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        });
    }
    while tasks.join_next().await.is_some() {}
    Ok(())
}
