//! Many messages over a few connections, with a renewal in between.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use client::{Body, Client, KeyKind, SendOptions};
use serde_json::{Value, json};

use super::answers;
use super::outcome::{Outcome, told};
use super::session::{Connected, text};

/// How long an answer is waited for.
const ANSWER_TIME_MAX: std::time::Duration = std::time::Duration::from_secs(600);

/// What the workers share.
struct Load {
    client: Client,
    files: Vec<PathBuf>,
    next: AtomicUsize,
    answered: AtomicUsize,
    renew_after: Option<usize>,
    renewed_file: String,
    answers: Mutex<BTreeMap<String, String>>,
    failed: Mutex<BTreeMap<String, Value>>,
}

pub(super) async fn load(connected: &Connected, step: &Value) -> Outcome {
    let Ok(entries) = std::fs::read_dir(text(step, "folder")) else {
        return Outcome::impossible("the folder cannot be read");
    };
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    files.sort();
    let load = Arc::new(Load {
        client: connected.client.clone(),
        files,
        next: AtomicUsize::new(0),
        answered: AtomicUsize::new(0),
        renew_after: step.get("renew_after").and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok()),
        renewed_file: text(step, "renewed_file"),
        answers: Mutex::default(),
        failed: Mutex::default(),
    });
    let connections = step.get("connections").and_then(Value::as_u64).unwrap_or(1);
    let workers: Vec<_> = (0..connections).map(|_| tokio::spawn(work(Arc::clone(&load)))).collect();
    for worker in workers {
        if let Err(error) = worker.await {
            return Outcome::impossible(error);
        }
    }
    let answers = load.answers.lock().unwrap_or_else(PoisonError::into_inner);
    let failed = load.failed.lock().unwrap_or_else(PoisonError::into_inner);
    Outcome::Ok(json!({ "sent": answers.len() + failed.len(), "answers": *answers, "failed": *failed }))
}

async fn work(load: Arc<Load>) {
    while let Some(file) = load.files.get(load.next.fetch_add(1, Ordering::Relaxed)) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let sent = load.client.submit_and_wait(Body::file(file), SendOptions::default(), ANSWER_TIME_MAX).await;
        match sent {
            Ok(answer) => note(&load.answers, name, answers::sha256(&answer.xml)),
            Err(error) => note(&load.failed, name, told(&error)),
        }
        if Some(load.answered.fetch_add(1, Ordering::Relaxed) + 1) == load.renew_after {
            match load.client.renew(KeyKind::P256).await {
                Ok(_) => drop(std::fs::write(&load.renewed_file, "")),
                Err(error) => note(&load.failed, "renewal".to_owned(), told(&error)),
            }
        }
    }
}

fn note<T>(list: &Mutex<BTreeMap<String, T>>, name: String, value: T) {
    list.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
}
