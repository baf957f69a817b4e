//! The testee of the Rust library: reads a step a line as JSON, does it with the library, and answers a line.
//!
//! `conformance/PROTOCOL.md` is the protocol. It is a chore and no program of its own, so that the suite builds nothing twice.

mod answers;
mod calls;
mod certificates;
mod load;
mod outcome;
mod session;

use std::collections::HashMap;
use std::io::{BufRead as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::attack::failed::Failed;
use outcome::Outcome;
use session::Session;

/// Steps of one client that may wait; the suite sends few.
const STEPS_WAITING_MAX: usize = 64;

/// Steps of one client, one after the other.
type Line = mpsc::Sender<Value>;

/// Answers until standard input ends.
///
/// # Errors
/// When standard input cannot be read.
pub(crate) fn run() -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let out = Arc::new(Mutex::new(std::io::stdout()));
    let mut lines: HashMap<String, Line> = HashMap::new();
    let mut works = Vec::new();
    for line in std::io::stdin().lock().lines() {
        let step: Value = serde_json::from_str(&line?)?;
        let Some(client) = step.get("client").and_then(Value::as_str) else {
            answer(&out, &step, of_no_client(&step));
            continue;
        };
        let line = lines.entry(client.to_owned()).or_insert_with(|| {
            let (line, steps) = mpsc::channel(STEPS_WAITING_MAX);
            works.push(runtime.spawn(work(steps, Arc::clone(&out))));
            line
        });
        line.blocking_send(step).map_err(|_| "the work of a client ended")?;
    }
    drop(lines);
    works.into_iter().for_each(|work| drop(runtime.block_on(work)));
    Ok(())
}

/// Works on the steps of one client.
async fn work(mut steps: mpsc::Receiver<Value>, out: Arc<Mutex<std::io::Stdout>>) {
    let mut session = Session::default();
    while let Some(step) = steps.recv().await {
        let outcome = of_client(&mut session, &step).await;
        answer(&out, &step, outcome);
    }
}

fn of_no_client(step: &Value) -> Outcome {
    match name(step) {
        "hello" => Outcome::Ok(json!({
            "library": "tdam-rust", "version": env!("CARGO_PKG_VERSION"), "runtime": "Rust", "protocol": 1
        })),
        "memory" => calls::memory(),
        other => Outcome::unknown(other),
    }
}

async fn of_client(session: &mut Session, step: &Value) -> Outcome {
    match name(step) {
        "connect" => session.connect(step),
        "enroll" => certificates::enroll(step).await,
        "enroll_key_store" => certificates::enroll_key_store(step).await,
        "close" => session.close(),
        other => {
            let Some(connected) = session.connected() else {
                return Outcome::Unsupported(format!("`{other}` before `connect`"));
            };
            match other {
                "heartbeat" => calls::heartbeat(connected).await,
                "submit" => calls::submit(connected, step).await,
                "wait_for_answer" => calls::wait_for_answer(connected, step).await,
                "status" => calls::status(connected, step).await,
                "report" => calls::report(connected, step).await,
                "accounts" => calls::accounts(connected).await,
                "quotas" => calls::quotas(connected).await,
                "errors" => calls::errors(connected, step).await,
                "check_signature" => calls::check_signature(connected, step).await,
                "renew" => certificates::renew(connected, step).await,
                "reload" => Outcome::of(connected.client.reload().map(|()| json!({}))),
                "warnings" => Outcome::Ok(json!({ "warnings": *connected.warnings() })),
                "log" => Outcome::Ok(json!({ "lines": *connected.log() })),
                "load" => load::load(connected, step).await,
                other => Outcome::unknown(other),
            }
        }
    }
}

fn name(step: &Value) -> &str {
    step.get("do").and_then(Value::as_str).unwrap_or_default()
}

fn answer(out: &Mutex<std::io::Stdout>, step: &Value, outcome: Outcome) {
    let line = outcome.line(step.get("id"));
    let mut out = out.lock().unwrap_or_else(PoisonError::into_inner);
    // The suite that does not read any more has ended.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
