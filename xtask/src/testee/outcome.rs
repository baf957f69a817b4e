//! What an answer says: that a step succeeded, that the library reported an error, or that it cannot do such a thing.

use client::Error;
use serde_json::{Map, Value, json};

/// An answer without its number.
pub(super) enum Outcome {
    Ok(Value),
    Error(Value),
    Unsupported(String),
}

impl Outcome {
    pub(super) fn of(result: Result<Value, Error>) -> Outcome {
        match result {
            Ok(value) => Outcome::Ok(value),
            Err(error) => Outcome::Error(told(&error)),
        }
    }

    pub(super) fn unknown(step: &str) -> Outcome {
        Outcome::Unsupported(format!("there is no step `{step}`"))
    }

    /// Something that the testee itself cannot do: a file that it cannot write.
    pub(super) fn impossible(what: impl std::fmt::Display) -> Outcome {
        Outcome::Unsupported(what.to_string())
    }

    pub(super) fn line(self, id: Option<&Value>) -> Value {
        let (member, value) = match self {
            Outcome::Ok(value) => ("ok", value),
            Outcome::Error(value) => ("error", value),
            Outcome::Unsupported(why) => ("unsupported", json!(why)),
        };
        json!({ "id": id, member: value })
    }
}

/// An error as the protocol describes it.
pub(super) fn told(error: &Error) -> Value {
    let mut members = Map::new();
    let mut say = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    say("kind", json!(error.kind().name()));
    say("message", json!(error.to_string()));
    say("attempts", json!(error.attempts()));
    say("unauthorised", json!(error.is_unauthorised()));
    if let Some(problem) = error.problem() {
        say("status", json!(problem.status));
        say("code", json!(problem.code));
        say("title", json!(problem.title));
        let titles = [&problem.texts.lv.title, &problem.texts.en.title];
        if titles.iter().any(|title| !title.is_empty()) {
            say("titles", json!({ "lv": titles[0], "en": titles[1] }));
        }
        say("request_id", json!(problem.request_id));
        if let Some(seconds) = problem.retry_after_seconds {
            say("retry_after_ms", json!(seconds.saturating_mul(1000)));
        }
        let findings = problem.findings.iter();
        let findings =
            findings.map(|finding| json!({ "code": finding.code, "path": finding.path, "line": finding.line }));
        say("findings", findings.collect());
    }
    Value::Object(members)
}
