//! The family of row M9: processor time. One client's large messages leave another's small ones their time: while the exchange
//! reads them, accepts them, and executes them.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tdam::generate::PaymentBatch;
use tokio::io::AsyncWriteExt as _;

use super::attackers::{self, Attack, Attackers, Kind, Order};
use super::connections::hold;
use super::failed::Failed;
use super::outcome::Outcome;
use super::server::{ATTACKER_ADDRESS, Start};
use super::testbed::Testbed;
use super::victim::Victim;
use super::wire::{self, Speaks};

/// Payments of each message of the stream.
const STREAM_PAYMENTS: u32 = 20_000;
/// Connections that send it: as many as one client may have large messages in work, and as many again that wait.
const STREAM_CONNECTIONS: u32 = 8;
/// After a refusal.
const PAUSE: Duration = Duration::from_millis(20);
/// Seeds of the stream's payments; no other message has them.
const STREAM_SEED: u64 = 1 << 36;

/// A stream of large messages of one client.
pub(super) fn stream(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    let order = Order { kind: Kind::LargeMessages, user: "attacker-manage", count: STREAM_CONNECTIONS, about: "" };
    let (rate, watched) = attackers::watched(testbed, &installation, &order)?;
    let attack = format!("{STREAM_CONNECTIONS} connections, one message of {STREAM_PAYMENTS} payments after the other");
    let mut outcome = testbed.outcome(attack, rate);
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    outcome.nothing_lost(&installation, server, &watched)?.stop()?;
    Ok(outcome)
}

/// One very large message, until it is accepted and for a while after, when it is executed.
pub(super) fn acceptance(testbed: &Testbed) -> Result<Outcome, Failed> {
    let payments = if testbed.is_long { 1_000_000 } else { 100_000 };
    let file = testbed.place.path().join("large.xml");
    batch(payments, STREAM_SEED, "LARGEST").and_then(|batch| {
        let mut output = BufWriter::new(File::create(&file)?);
        batch.write(&mut output)?;
        Ok(output.flush()?)
    })?;
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    let begun = Instant::now();
    let order = Order { kind: Kind::OneFile, user: "attacker-manage", count: 1, about: &file.display().to_string() };
    let mut attackers = Attackers::begin(&installation, &order)?;
    let victim = Victim::begin(&installation)?;
    attackers.done()?;
    let answered = begun.elapsed();
    std::thread::sleep(Duration::from_secs(testbed.seconds()));
    let watched = victim.end()?;
    let rate = format!("answered after {:.1} s, {}", answered.as_secs_f64(), attackers.end()?);
    let mut outcome = testbed.outcome(format!("a message of {payments} payments is accepted and executed"), rate);
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    outcome.nothing_lost(&installation, server, &watched)?.stop()?;
    Ok(outcome)
}

fn batch(payments: u32, seed: u64, message_id: &str) -> Result<PaymentBatch, Failed> {
    let day = tdam::serving::first_business_day(&rulebook::Guideline::latvia());
    let mut batch = PaymentBatch::new(payments, seed, day);
    batch.message_id = message_id.to_owned();
    batch.debtor_accounts = vec![tdam::generate::DEBTOR_ACCOUNT.parse().map_err(|error| format!("{error:?}"))?];
    Ok(batch)
}

/// Sends large messages with new payments, each connection when the one before is answered.
pub(super) async fn send_many(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    let number = Arc::new(AtomicU64::new(0));
    hold(attack, move |attack, _| {
        let (identity, number) = (identity.clone(), Arc::clone(&number));
        async move {
            let Ok(mut stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            loop {
                let number = number.fetch_add(1, Ordering::Relaxed);
                let written = tokio::task::spawn_blocking(move || {
                    let mut xml = Vec::new();
                    let batch = batch(STREAM_PAYMENTS, STREAM_SEED + number, &format!("STREAM-{number}")).ok()?;
                    batch.write(&mut xml).ok().map(|_| xml)
                });
                let Ok(Some(xml)) = written.await else { return };
                attack.begins();
                let fields = [("content-type", "application/xml"), ("prefer", "wait=300")];
                match wire::call(&mut stream, "POST", protocol::routes::PAYMENTS, &fields, &xml).await {
                    Ok(reply) if reply.status == 200 => attack.is_served(),
                    Ok(_) => {
                        attack.is_refused();
                        tokio::time::sleep(PAUSE).await;
                    }
                    Err(_) => return attack.is_refused(),
                }
            }
        }
    })
    .await
}

/// Sends a file and waits for its answer.
pub(super) async fn send_file(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    let mut stream = identity.connect(attack.secure).await?;
    let mut file = tokio::fs::File::open(Path::new(&attack.about)).await?;
    let length = file.metadata().await?.len().to_string();
    let fields = [("content-type", "application/xml"), ("prefer", "wait=300"), ("content-length", length.as_str())];
    attack.begins();
    stream.write_all(&wire::head("POST", protocol::routes::PAYMENTS, &fields)).await?;
    tokio::io::copy(&mut file, &mut stream).await?;
    stream.flush().await?;
    match wire::read(&mut stream).await?.status {
        200 => attack.is_served(),
        _ => attack.is_refused(),
    }
    Ok(())
}
