//! An accounting system that keeps sending while something happens to the server.
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use client::{Body, Client, Retries, SendOptions, Sent};
use tdam::generate::PaymentBatch;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::support::DAY;

/// Payments of a message whose body lies in a file of its own.
const LARGE: u32 = 400;
const SMALL: u32 = 3;
const SENDERS: u64 = 4;
const PATIENCE: Duration = Duration::from_secs(300);
/// The pause before a server that is not there is called again.
const PAUSE: Duration = Duration::from_millis(50);

/// The message with this number: every fourth is a large one.
fn message(number: u64) -> Vec<u8> {
    let payments = if number.is_multiple_of(4) { LARGE } else { SMALL };
    let mut xml = Vec::new();
    PaymentBatch::new(payments, number, DAY.parse().unwrap()).write(&mut xml).unwrap();
    xml
}

/// The sandbox's accounting system. It is known to every server that has the sandbox's data.
pub fn accounting(keys: &Path, url: &str) -> Client {
    let user = keys.join("users/daugava-accounting");
    let read = |path: PathBuf| fs::read(path).unwrap();
    Client::builder()
        .url(url)
        .certificate_authority_pem(read(keys.join("pki/ca.pem")))
        .identity_pem(read(user.join("certificate.pem")), read(user.join("key.pem")))
        // The test must see errors, not the client's repairs.
        .retries(Retries::none())
        .build()
        .unwrap()
}

/// The answer to the message with this number. A server that is not there, or not yet, is called again.
pub async fn answer(client: &Client, number: u64) -> Vec<u8> {
    answer_counting(client, number, &AtomicU64::new(0)).await
}

async fn answer_counting(client: &Client, number: u64, failed_calls: &AtomicU64) -> Vec<u8> {
    let until = Instant::now() + PATIENCE;
    loop {
        let sent = client.send_payments(Body::bytes(message(number)), SendOptions::default().wait(PATIENCE)).await;
        let answered = match sent {
            Ok(Sent::Answer(answer)) => Ok(answer),
            Ok(Sent::InProgress(receipt)) => client.wait_for_answer(&receipt, PATIENCE).await,
            Err(error) => Err(error),
        };
        match answered {
            Ok(answer) => return answer.xml.to_vec(),
            Err(error) if error.is_refused().is_some_and(|problem| problem.code != "TDAM-5009") => {
                panic!("message {number}: {error}")
            }
            Err(error) => assert!(Instant::now() < until, "message {number}: {error}"),
        }
        failed_calls.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(PAUSE).await;
    }
}

/// Senders at work.
pub struct Load {
    next: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    answered: mpsc::UnboundedReceiver<(u64, Vec<u8>)>,
    senders: JoinSet<()>,
    failed_calls: Arc<AtomicU64>,
    /// What was answered so far, by number.
    pub answers: BTreeMap<u64, Vec<u8>>,
}

impl Load {
    pub fn start(keys: &Path, url: &str) -> Load {
        let (next, stop) = (Arc::new(AtomicU64::new(1)), Arc::new(AtomicBool::new(false)));
        let failed_calls = Arc::new(AtomicU64::new(0));
        let (answers, answered) = mpsc::unbounded_channel();
        let mut senders = JoinSet::new();
        for _ in 0..SENDERS {
            let (client, answers) = (accounting(keys, url), answers.clone());
            let (next, stop, failed) = (Arc::clone(&next), Arc::clone(&stop), Arc::clone(&failed_calls));
            senders.spawn(async move {
                while !stop.load(Ordering::SeqCst) {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let xml = answer_counting(&client, number, &failed).await;
                    let _ = answers.send((number, xml));
                }
            });
        }
        Load { next, stop, answered, senders, failed_calls, answers: BTreeMap::new() }
    }

    /// How many calls had to be made again.
    pub fn failed_calls(&self) -> u64 {
        self.failed_calls.load(Ordering::SeqCst)
    }

    /// Waits until so many more are answered.
    pub async fn wait_for(&mut self, more: usize) {
        for _ in 0..more {
            let (number, xml) = self.answered.recv().await.unwrap();
            self.answers.insert(number, xml);
        }
    }

    /// Begins no more messages, and waits for the answers of those that were begun; returns how many there were.
    pub async fn stop(&mut self) -> u64 {
        self.stop.store(true, Ordering::SeqCst);
        while let Some(ended) = self.senders.join_next().await {
            ended.unwrap();
        }
        while let Ok((number, xml)) = self.answered.try_recv() {
            self.answers.insert(number, xml);
        }
        self.next.load(Ordering::SeqCst) - 1
    }
}
