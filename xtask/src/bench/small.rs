//! Small submissions: many connections, one payment in each message, each sent after the answer to the one before.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use client::{Body, Client, SendOptions, Sent};
use jiff::civil::Date;
use tdam::generate::PaymentBatch;
use tokio::task::JoinSet;

use super::machine;
use super::server::Server;

/// Measures and prints.
pub(super) async fn measure(
    server: &Server,
    connections: u32,
    duration: Duration,
    day: Date,
) -> Result<(), Box<dyn Error>> {
    let clients: Vec<Client> = (0..connections).map(|_| server.client()).collect::<Result<_, _>>()?;
    // The measurement excludes handshakes.
    for client in &clients {
        client.heartbeat().await?;
    }
    let number = Arc::new(AtomicU32::new(0));
    let before = machine::processor_time(server.id()).unwrap_or_default();
    let begun = Instant::now();
    let mut senders = JoinSet::new();
    for client in clients {
        let number = Arc::clone(&number);
        senders.spawn(send_until(client, begun + duration, number, day));
    }
    let mut latencies = Vec::new();
    while let Some(sent) = senders.join_next().await {
        latencies.extend(sent?.map_err(|failed| failed.to_string())?);
    }
    let taken = begun.elapsed().as_secs_f64();
    let processor = machine::processor_time(server.id()).unwrap_or_default().saturating_sub(before);
    latencies.sort_unstable();
    println!("{connections} connections, one payment in each message, {taken:.1} s (the sender shares the machine)");
    println!("{} messages, {:.0} messages/s", latencies.len(), latencies.len() as f64 / taken);
    println!(
        "latency: p50 {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
        percentile(&latencies, 50),
        percentile(&latencies, 99),
        percentile(&latencies, 100)
    );
    println!("server CPU: {:.0} µs a message", processor.as_secs_f64() * 1e6 / latencies.len().max(1) as f64);
    println!("commits per message: not told by the server; the store's own tests and example measure it");
    Ok(())
}

type Failed = Box<dyn Error + Send + Sync>;

async fn send_until(
    client: Client,
    until: Instant,
    number: Arc<AtomicU32>,
    day: Date,
) -> Result<Vec<Duration>, Failed> {
    let mut latencies = Vec::new();
    while Instant::now() < until {
        let xml = message(number.fetch_add(1, Ordering::Relaxed), day)?;
        let begun = Instant::now();
        match client.send_payments(Body::bytes(xml), SendOptions::default()).await? {
            Sent::Answer(answer) if String::from_utf8_lossy(&answer.xml).contains("<GrpSts>ACCP</GrpSts>") => {
                latencies.push(begun.elapsed());
            }
            other => return Err(format!("not accepted: {other:?}").into()),
        }
    }
    Ok(latencies)
}

fn message(number: u32, day: Date) -> Result<Vec<u8>, Failed> {
    // Seeds of their own, apart from those of the large messages.
    let mut batch = PaymentBatch::new(1, (1 << 32) + u64::from(number), day);
    batch.message_id = format!("SMALL-{number}");
    let mut xml = Vec::new();
    batch.write(&mut xml)?;
    Ok(xml)
}

/// In milliseconds.
fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
}
