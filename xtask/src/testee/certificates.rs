//! The steps that get certificates.

use client::{Client, Error, KeyKind};
use serde_json::{Value, json};

use super::outcome::Outcome;
use super::session::{Connected, bytes, text};

fn kind(step: &Value) -> KeyKind {
    match text(step, "key_kind").as_str() {
        "p384" => KeyKind::P384,
        "rsa2048" => KeyKind::Rsa2048,
        "rsa3072" => KeyKind::Rsa3072,
        _ => KeyKind::P256,
    }
}

fn stranger(step: &Value) -> Result<Client, Error> {
    Client::builder().url(text(step, "url")).certificate_authority_pem(bytes(step, "authority")).build()
}

pub(super) async fn enroll(step: &Value) -> Outcome {
    let (certificate, key) = (text(step, "certificate"), text(step, "key"));
    let work = async {
        let files = stranger(step)?.enroll_to_files(&text(step, "code"), kind(step), &certificate, &key).await?;
        Ok(json!({ "serial": files.serial }))
    };
    Outcome::of(work.await)
}

pub(super) async fn enroll_key_store(step: &Value) -> Outcome {
    let file = async { stranger(step)?.enroll_key_store(&text(step, "code")).await }.await;
    match file {
        Err(error) => Outcome::of(Err(error)),
        Ok(file) => match std::fs::write(text(step, "pkcs12"), file) {
            Ok(()) => Outcome::Ok(json!({})),
            Err(error) => Outcome::impossible(error),
        },
    }
}

pub(super) async fn renew(connected: &Connected, step: &Value) -> Outcome {
    Outcome::of(
        connected
            .client
            .renew(kind(step))
            .await
            .map(|renewed| json!({ "serial": renewed.serial, "certificate_until": renewed.valid_until })),
    )
}
