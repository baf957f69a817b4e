//! The steps that ask and send.

use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use client::{BalanceCheck, Body, Document, Error, InProgress, Language, SendOptions};
use serde_json::{Value, json};
use signatures::digest::Sha256Sum;

use super::answers;
use super::outcome::Outcome;
use super::session::{Connected, bytes, flag, milliseconds, text};

/// How long a step waits that names no time.
const WAIT_DEFAULT: Duration = Duration::from_secs(120);
/// What of a pain.002 may stand before its `GrpSts`.
const HEAD_BYTES: usize = 64 << 10;

pub(super) async fn body(step: &Value) -> Result<Body, Error> {
    let body = step.get("body").cloned().unwrap_or_default();
    if body.get("bytes").is_some() {
        return Ok(Body::bytes(bytes(&body, "bytes")));
    }
    if body.get("stream").is_some() {
        // What comes through a pipe cannot be read twice.
        let path = text(&body, "stream");
        let reading = tokio::fs::File::open(&path).await;
        let (mut into, from) = tokio::io::duplex(64 << 10);
        tokio::spawn(async move {
            if let Ok(mut file) = reading {
                let _ = tokio::io::copy(&mut file, &mut into).await;
            }
        });
        return Body::stream(from).await;
    }
    Ok(Body::file(text(&body, "file")))
}

fn options(step: &Value) -> SendOptions {
    let mut options = SendOptions::default().test(flag(step, "test"));
    if let Some(wait) = milliseconds(step, "wait_ms") {
        options = options.wait(wait);
    }
    if let Some(language) = language(step) {
        options = options.language(language);
    }
    let id = text(step, "request_id");
    if id.is_empty() { options } else { options.request_id(id) }
}

fn language(step: &Value) -> Option<Language> {
    match text(step, "language").as_str() {
        "lv" => Some(Language::Latvian),
        "en" => Some(Language::English),
        _ => None,
    }
}

pub(super) async fn submit(connected: &Connected, step: &Value) -> Outcome {
    let client = &connected.client;
    let work = async {
        let body = body(step).await?;
        if flag(step, "complete") {
            let timeout = milliseconds(step, "timeout_ms").unwrap_or(WAIT_DEFAULT);
            return Ok(answers::told(&client.submit_and_wait(body, options(step), timeout).await?, step));
        }
        Ok(answers::sent(&client.send_payments(body, options(step)).await?, step))
    };
    Outcome::of(work.await)
}

pub(super) async fn wait_for_answer(connected: &Connected, step: &Value) -> Outcome {
    let timeout = milliseconds(step, "timeout_ms").unwrap_or(WAIT_DEFAULT);
    let answer = connected.client.wait_for_answer(&InProgress::at(text(step, "location")), timeout).await;
    Outcome::of(answer.map(|answer| answers::told(&answer, step)))
}

pub(super) async fn heartbeat(connected: &Connected) -> Outcome {
    Outcome::of(connected.client.heartbeat().await.map(|heartbeat| {
        let caller = heartbeat.caller;
        json!({
            "online_user": caller.online_user, "client": caller.client, "business_day": heartbeat.business_day,
            "certificate_days_left": caller.certificate_days_left, "certificate_until": caller.certificate_not_after,
        })
    }))
}

pub(super) async fn status(connected: &Connected, step: &Value) -> Outcome {
    let message_id = text(step, "msg_id");
    if text(step, "form") == "overview" {
        let overview = connected.client.status_overview(&message_id, language(step)).await;
        return Outcome::of(overview.map(|overview| {
            let refused = overview.refused.iter().map(|refusal| {
                json!({
                    "end_to_end_id": refusal.end_to_end_id, "code": refusal.reason.code, "reason": refusal.reason.text,
                })
            });
            json!({
                "msg_id": overview.message_id, "group_status": overview.status,
                "payments": overview.number_of_transactions, "refused": refused.collect::<Value>(),
            })
        }));
    }
    let work = async {
        let mut document = connected.client.status(&message_id).await?;
        let (head, sha256) = taken(&mut document, &text(step, "save_to")).await?;
        Ok(json!({
            "message_type": document.message_type(), "sha256": sha256, "group_status": answers::group_status(&head),
        }))
    };
    Outcome::of(work.await)
}

/// Takes a document piece by piece into a file; its first bytes, and its digest.
async fn taken(document: &mut Document, place: &str) -> Result<(Vec<u8>, String), Error> {
    let mut file = std::fs::File::create(place).ok();
    let (mut head, mut sum) = (Vec::new(), Sha256Sum::default());
    while let Some(chunk) = document.chunk().await? {
        sum.add(&chunk);
        if head.len() < HEAD_BYTES {
            head.extend_from_slice(&chunk);
        }
        if let Some(file) = &mut file {
            let _ = file.write_all(&chunk);
        }
    }
    Ok((head, answers::hexadecimal(&sum.end())))
}

pub(super) async fn report(connected: &Connected, step: &Value) -> Outcome {
    let folder = text(step, "save_to");
    let work = async {
        let mut check = BalanceCheck::default();
        let mut pages = connected.client.request_report(body(step).await?, language(step)).await?;
        let mut sums = Vec::new();
        while let Some(page) = pages.next().await? {
            let message_type = page.document.message_type().unwrap_or_default().to_owned();
            let xml = page.document.bytes().await?;
            sums.push(answers::sha256(&xml));
            if !folder.is_empty() {
                let _ = std::fs::write(Path::new(&folder).join(format!("{}.xml", sums.len())), &xml);
            }
            check.page(&message_type, &xml)?;
        }
        Ok(json!({ "pages": sums.len(), "sha256": sums, "balances_chain": check.verdict().is_ok() }))
    };
    Outcome::of(work.await)
}

pub(super) async fn accounts(connected: &Connected) -> Outcome {
    Outcome::of(connected.client.accounts().await.map(|list| {
        let accounts = list.accounts.iter().map(|account| {
            json!({
                "iban": account.iban, "currency": account.currency, "booked": account.booked_balance,
                "available": account.available,
            })
        });
        json!({ "accounts": accounts.collect::<Value>() })
    }))
}

pub(super) async fn quotas(connected: &Connected) -> Outcome {
    Outcome::of(connected.client.quotas().await.map(|quotas| {
        let user = quotas.online_user;
        json!({
            "requests_left": user.requests.map(|quota| quota.left), "bytes_left": user.bytes.map(|quota| quota.left),
        })
    }))
}

pub(super) async fn errors(connected: &Connected, step: &Value) -> Outcome {
    let wanted = text(step, "code");
    Outcome::of(connected.client.errors().await.map(|catalogue| {
        let count = catalogue.errors.len();
        match catalogue.errors.into_iter().find(|entry| entry.code == wanted) {
            None => json!({ "count": count }),
            Some(entry) => json!({
                "count": count, "code": entry.code,
                "titles": { "lv": entry.texts.lv.title, "en": entry.texts.en.title },
            }),
        }
    }))
}

pub(super) async fn check_signature(connected: &Connected, step: &Value) -> Outcome {
    let work = async {
        let check = connected.client.check_signature(body(step).await?, None).await?;
        let steps = check.steps.iter().map(|step| json!({ "step": step.step, "passed": step.passed }));
        Ok(json!({ "valid": check.accepted, "steps": steps.collect::<Value>() }))
    };
    Outcome::of(work.await)
}

/// What this process takes.
pub(super) fn memory() -> Outcome {
    let Ok(status) = std::fs::read_to_string("/proc/self/status") else {
        return Outcome::impossible("the system does not say");
    };
    let bytes = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kibibytes| kibibytes << 10)
    };
    Outcome::Ok(json!({ "resident_bytes": bytes("VmRSS:"), "peak_bytes": bytes("VmHWM:") }))
}
