//! Families of rows M7 and P8: work that no client waits for, and work that grows with earlier messages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;

use super::attackers::{self, Attack, Kind, Order};
use super::connections::hold;
use super::failed::Failed;
use super::outcome::Outcome;
use super::readers;
use super::server::{ATTACKER_ADDRESS, Installation, Start};
use super::testbed::Testbed;
use super::wire::{self, Speaks};

/// Payments of a message whose sender leaves.
const LEFT_PAYMENTS: u32 = 4_000;
/// How long the sender stays after it has sent everything.
const STAYS: Duration = Duration::from_millis(50);
/// How much longer the same payments may take a second time, under another `MsgId`.
const AGAIN_TIMES_MAX: f64 = 2.5;

/// M7: senders of large messages who leave before the answer.
pub(super) fn leavers(testbed: &Testbed) -> Result<Outcome, Failed> {
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    let order = Order { kind: Kind::Leavers, user: "attacker-manage", count: 32, about: "" };
    let (rate, watched) = attackers::watched(testbed, &installation, &order)?;
    let mut outcome = testbed.outcome(
        format!("32 senders of {LEFT_PAYMENTS} payments each who leave before the answer, again and again"),
        rate,
    );
    outcome.process(&mut server);
    outcome.victim(&watched);
    outcome.healthy(&watched);
    outcome.nothing_lost(&installation, server, &watched)?.stop()?;
    Ok(outcome)
}

/// Sends large messages, and leaves.
pub(super) async fn leave(attack: &Arc<Attack>) -> Result<(), Failed> {
    let identity = attack.identity(Speaks::Http1, ATTACKER_ADDRESS)?;
    let number = Arc::new(AtomicU32::new(0));
    let model = Arc::new(String::from_utf8(readers::message("LEFT-MODEL", LEFT_PAYMENTS)?)?);
    hold(attack, move |attack, _| {
        let (identity, number, model) = (identity.clone(), Arc::clone(&number), Arc::clone(&model));
        async move {
            let Ok(mut stream) = identity.connect(attack.secure).await else { return attack.is_refused() };
            let id = format!("LEFT-{:05}", number.fetch_add(1, Ordering::Relaxed));
            let body = model.replace("LEFT-MODEL", &id);
            let length = body.len().to_string();
            let fields = [("content-type", "application/xml"), ("content-length", length.as_str())];
            let head = wire::head("POST", protocol::routes::PAYMENTS, &fields);
            attack.begins();
            let sent = async {
                stream.write_all(&head).await?;
                stream.write_all(body.as_bytes()).await?;
                stream.flush().await
            };
            match sent.await {
                Ok(()) => tokio::time::sleep(STAYS).await,
                Err(_) => attack.is_refused(),
            }
        }
    })
    .await
}

/// P8: the same payments again, under another `MsgId`.
pub(super) fn the_same_payments(testbed: &Testbed) -> Result<Outcome, Failed> {
    let payments = if testbed.is_long { 50_000 } else { 10_000 };
    let installation = testbed.install(&[])?;
    let mut server = installation.serve(&Start::default())?;
    // The first message finds nothing prepared.
    readers::send_large(&installation, "WARM", 100)?;
    let xml = String::from_utf8(readers::message("SAME-1", payments)?)?;
    let other = xml.replacen("<MsgId>SAME-1</MsgId>", "<MsgId>SAME-2</MsgId>", 1);
    let (first, _) = taken(&installation, &xml)?;
    // Refusing and naming payments takes its time for any reason.
    let refused = String::from_utf8(readers::refused_message("REFUSED-1", payments)?)?;
    let (refused, _) = taken(&installation, &refused)?;
    let (again, answer_bytes) = taken(&installation, &other)?;
    let mut outcome = testbed.outcome(format!("the same {payments} payments under a new MsgId"), "once");
    outcome.bound(
        format!("at most {AGAIN_TIMES_MAX} times as long as the slower of others"),
        format!(
            "accepted {:.1} s, refused for their amount {:.1} s, as duplicates {:.1} s with an answer of {} KB",
            first.as_secs_f64(),
            refused.as_secs_f64(),
            again.as_secs_f64(),
            answer_bytes / 1024
        ),
        again.as_secs_f64() <= AGAIN_TIMES_MAX * first.max(refused).as_secs_f64(),
    );
    outcome.process(&mut server);
    Ok(outcome)
}

/// How long a message takes, and how long its answer is.
fn taken(installation: &Installation, xml: &str) -> Result<(Duration, u64), Failed> {
    let begun = Instant::now();
    let reply = readers::send(installation, "attacker-manage", xml.as_bytes(), &[("prefer", "wait=300")])?;
    if reply.status != 200 {
        return Err(format!("the message: {}", reply.short()).into());
    }
    Ok((begun.elapsed(), reply.body_bytes))
}
