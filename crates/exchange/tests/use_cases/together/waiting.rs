//! Makes messages wait for their decision at the same time, in a known order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use exchange::{Failure, SubmitOptions, Submitted};
use tokio::task::JoinHandle;

use crate::support::messages::{File, payment};
use crate::support::*;

/// The first message of a group, of the ministry; on PostgreSQL a group of its own, for whose end the others wait.
pub const DOOR: &str = "DOOR";

/// A message and who sends it.
#[derive(Clone, Debug)]
pub struct Sent {
    pub role: Role,
    pub xml: String,
}

pub fn sent(role: Role, file: &File) -> Sent {
    Sent { role, xml: file.xml() }
}

/// The value of a series; 0 where there is none.
pub fn value(treasury: &TestExchange, series: &str) -> f64 {
    let text = treasury.exchange.metrics();
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.map_or(0.0, |value| value.parse().unwrap())
}

/// Groups of decisions so far, and the decisions in them.
pub fn groups(treasury: &TestExchange) -> (f64, f64) {
    (value(treasury, "tdam_store_decisions_together_count"), value(treasury, "tdam_store_decisions_together_sum"))
}

async fn until(mut is_so: impl FnMut() -> bool) {
    while !is_so() {
        tokio::time::sleep(crate::BETWEEN_LOOKS).await;
    }
}

/// Decisions that are held up: nothing of the ministry is decided until they go on.
pub struct HeldUp {
    goes_on: Arc<AtomicBool>,
    job: JoinHandle<()>,
    waiting: f64,
    door: (Sent, JoinHandle<Result<Submitted, Failure>>),
}

impl HeldUp {
    /// Holds decisions up. A job of the store keeps the writer of SQLite, or the ministry's row, and asks on so that no
    /// database takes it for one that stands still.
    pub async fn at(treasury: &TestExchange, round: usize) -> HeldUp {
        let (goes_on, holds) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let (client, told, holding) = (treasury.ministry, Arc::clone(&goes_on), Arc::clone(&holds));
        let store = treasury.store.clone();
        let job = tokio::spawn(async move {
            let held = store.write(move |writing| {
                writing.activations(client)?;
                holding.store(true, Ordering::SeqCst);
                while !told.load(Ordering::SeqCst) {
                    writing.business_day()?;
                    std::thread::sleep(crate::BETWEEN_LOOKS);
                }
                Ok::<_, Failure>(())
            });
            held.await.unwrap();
        });
        until(|| holds.load(Ordering::SeqCst)).await;
        let before = groups(treasury).0;
        let door = File::new(&format!("{DOOR}-{round}"), vec![payment(&format!("{DOOR}-{round}"), 1, ESTONIAN)]);
        let door = sent(Role::Manager, &door);
        let submitted = submit(treasury, &door).await;
        let is_group_of_its_own = treasury.folder().is_none();
        if is_group_of_its_own {
            until(|| groups(treasury).0 > before).await;
        }
        let mut held = HeldUp { goes_on, job, waiting: 0.0, door: (door, submitted) };
        if !is_group_of_its_own {
            held.another_waits(treasury).await;
        }
        held
    }

    /// Submits a message, which waits behind those before it.
    pub async fn submit(&mut self, treasury: &TestExchange, one: &Sent) -> JoinHandle<Result<Submitted, Failure>> {
        let submitted = submit(treasury, one).await;
        self.another_waits(treasury).await;
        submitted
    }

    async fn another_waits(&mut self, treasury: &TestExchange) {
        self.waiting += 1.0;
        until(|| value(treasury, "tdam_store_jobs_waiting") == self.waiting).await;
    }

    /// They go on. Returns what became of the door.
    pub async fn go_on(self) -> (Sent, Result<Submitted, Failure>) {
        self.goes_on.store(true, Ordering::SeqCst);
        self.job.await.unwrap();
        let (door, submitted) = self.door;
        (door, submitted.await.unwrap())
    }
}

async fn submit(treasury: &TestExchange, one: &Sent) -> JoinHandle<Result<Submitted, Failure>> {
    let (caller, received) = treasury.receive(one.role, one.xml.as_bytes()).await.unwrap();
    let exchange = treasury.exchange.clone();
    let options =
        SubmitOptions { request_id: "test".to_owned(), wait: Duration::from_secs(300), ..SubmitOptions::default() };
    tokio::spawn(async move { exchange.submit(&caller, received, options).await })
}

/// Submits all so that they are decided together, each client's in this order.
pub async fn together(treasury: &TestExchange, round: usize, all: &[Sent]) -> Vec<Result<Submitted, Failure>> {
    let mut decided = together_with_door(treasury, round, all).await;
    let (_, door) = decided.remove(0);
    answered(door);
    decided.into_iter().map(|(_, result)| result).collect()
}

/// The same, with the door, which is sent before them.
pub async fn together_with_door(
    treasury: &TestExchange,
    round: usize,
    all: &[Sent],
) -> Vec<(Sent, Result<Submitted, Failure>)> {
    let mut held = HeldUp::at(treasury, round).await;
    let before = groups(treasury);
    let mut submitted = Vec::new();
    for one in all {
        submitted.push((one.clone(), held.submit(treasury, one).await));
    }
    let mut decided = vec![held.go_on().await];
    for (one, result) in submitted {
        decided.push((one, result.await.unwrap()));
    }
    // SQLite's writer keeps a client apart whose last job took long, as it does on a busy machine.
    if treasury.folder().is_none() {
        let after = groups(treasury);
        assert_eq!((after.0 - before.0, after.1 - before.1), (1.0, all.len() as f64), "one group");
    }
    decided
}

/// Submits one after another.
pub async fn one_by_one(treasury: &TestExchange, all: &[Sent]) -> Vec<(Sent, Result<Submitted, Failure>)> {
    let mut decided = Vec::new();
    for one in all {
        decided.push((one.clone(), treasury.submit(one.role, &one.xml).await));
    }
    decided
}
