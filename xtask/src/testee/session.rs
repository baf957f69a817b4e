//! A connected client, and what its callbacks were given.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use client::{Client, ClientBuilder, Error, Identity, Retries};
use serde_json::{Value, json};

use super::outcome::Outcome;

type Kept<T> = Arc<Mutex<Vec<T>>>;

/// What one client of the suite is.
#[derive(Default)]
pub(super) struct Session(Option<Connected>);

pub(super) struct Connected {
    pub(super) client: Client,
    warnings: Kept<Value>,
    log: Kept<String>,
}

impl Connected {
    pub(super) fn warnings(&self) -> MutexGuard<'_, Vec<Value>> {
        kept(&self.warnings)
    }

    pub(super) fn log(&self) -> MutexGuard<'_, Vec<String>> {
        kept(&self.log)
    }
}

impl Session {
    pub(super) fn connected(&self) -> Option<&Connected> {
        self.0.as_ref()
    }

    pub(super) fn close(&mut self) -> Outcome {
        self.0 = None;
        Outcome::Ok(json!({}))
    }

    pub(super) fn connect(&mut self, step: &Value) -> Outcome {
        let (warnings, log) = (Kept::default(), Kept::default());
        let (warned, logged) = (Arc::clone(&warnings), Arc::clone(&log));
        let made = builder(step).and_then(|builder| {
            let builder = builder.on_warning(move |warning| {
                let what = warning.to_string();
                kept(&warned).push(json!({ "code": warning.code, "what": what, "ends": warning.ends }));
            });
            builder.on_event(move |event| kept(&logged).push(event.to_string())).build()
        });
        Outcome::of(made.map(|client| {
            self.0 = Some(Connected { client, warnings, log });
            json!({})
        }))
    }
}

fn kept<T>(list: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    list.lock().unwrap_or_else(PoisonError::into_inner)
}

fn builder(step: &Value) -> Result<ClientBuilder, Error> {
    let mut builder = Client::builder().url(text(step, "url")).certificate_authority_pem(bytes(step, "authority"));
    let from_bytes = text(step, "from") == "bytes";
    for identity in step.get("identities").and_then(Value::as_array).into_iter().flatten() {
        builder = builder.identity(read(identity, from_bytes));
    }
    builder = builder.sign_submissions(flag(step, "sign"));
    let options = step.get("options").cloned().unwrap_or_default();
    let mut retries = Retries::default();
    if let Some(attempts) = options.get("attempts_max").and_then(Value::as_u64) {
        retries = retries.attempts_max(u32::try_from(attempts).unwrap_or(u32::MAX));
    }
    if let Some(pause) = milliseconds(&options, "first_pause_ms") {
        retries = retries.first_pause(pause);
    }
    if let Some(pause) = milliseconds(&options, "pause_max_ms") {
        retries = retries.pause_max(pause);
    }
    builder = builder.retries(retries);
    if let Some(timeout) = milliseconds(&options, "connect_timeout_ms") {
        builder = builder.connect_timeout(timeout);
    }
    if let Some(timeout) = milliseconds(&options, "idle_timeout_ms") {
        builder = builder.idle_timeout(timeout);
    }
    if let Some(timeout) = milliseconds(&options, "call_timeout_ms") {
        builder = builder.call_timeout(timeout);
    }
    if let Some(compression) = options.get("compression").and_then(Value::as_bool) {
        builder = builder.compression(compression);
    }
    if let Some(name) = options.get("user_agent").and_then(Value::as_str) {
        builder = builder.user_agent(name);
    }
    Ok(builder.at_most_tls_1_2(text(&options, "tls_max") == "1.2"))
}

fn read(identity: &Value, from_bytes: bool) -> Identity {
    match (identity.get("pkcs12").is_some(), from_bytes) {
        (true, true) => Identity::pkcs12(bytes(identity, "pkcs12"), text(identity, "password")),
        (true, false) => Identity::pkcs12_file(text(identity, "pkcs12"), text(identity, "password")),
        (false, true) => Identity::pem(bytes(identity, "certificate"), bytes(identity, "key")),
        (false, false) => Identity::pem_files(text(identity, "certificate"), text(identity, "key")),
    }
}

pub(super) fn text(step: &Value, member: &str) -> String {
    step.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
}

pub(super) fn flag(step: &Value, member: &str) -> bool {
    step.get(member).and_then(Value::as_bool).unwrap_or_default()
}

pub(super) fn milliseconds(step: &Value, member: &str) -> Option<Duration> {
    step.get(member).and_then(Value::as_u64).map(Duration::from_millis)
}

/// The bytes of a file that a step names; none where it cannot be read, and the library says what it thinks of that.
pub(super) fn bytes(step: &Value, member: &str) -> Vec<u8> {
    std::fs::read(Path::new(&text(step, member))).unwrap_or_default()
}
