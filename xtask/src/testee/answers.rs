//! The answers of the testee to submissions.

use client::{Answer, Sent};
use serde_json::{Value, json};
use signatures::digest;

use super::session::text;

/// A pain.002, or what to ask again later; the bytes go to `save_to` of the step.
pub(super) fn sent(sent: &Sent, step: &Value) -> Value {
    match sent {
        Sent::Answer(answer) => told(answer, step),
        Sent::InProgress(later) => json!({
            "outcome": "in_progress", "location": later.location,
            "retry_after_ms": u64::try_from(later.retry_after.as_millis()).unwrap_or(u64::MAX),
        }),
    }
}

pub(super) fn told(answer: &Answer, step: &Value) -> Value {
    let place = text(step, "save_to");
    if !place.is_empty() {
        // A file that is not there says to the suite what went wrong.
        let _ = std::fs::write(place, &answer.xml);
    }
    json!({
        "outcome": "answer", "repeated": answer.repeated, "message_type": answer.message_type,
        "sha256": sha256(&answer.xml), "group_status": group_status(&answer.xml), "request_id": answer.request_id,
    })
}

pub(super) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&digest::sha256(bytes))
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The text of the first `GrpSts`.
pub(super) fn group_status(xml: &[u8]) -> Option<String> {
    const BEGIN: &[u8] = b"<GrpSts>";
    let from = xml.windows(BEGIN.len()).position(|window| window == BEGIN)? + BEGIN.len();
    let status = xml.get(from..)?.split(|byte| *byte == b'<').next()?;
    Some(String::from_utf8_lossy(status).into_owned())
}
