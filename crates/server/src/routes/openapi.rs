//! `/v1/openapi.json`: the description of the interface, for programs that make clients, tests or pages of it.

use std::sync::OnceLock;

use axum::body::Bytes;
use axum::http::HeaderValue;
use axum::http::header::CACHE_CONTROL;

use super::schemas::CACHED;
use crate::answer::{self, Answer};

/// `GET`: all of it, on each listener. It changes with the program only, so its text is written once.
pub(crate) async fn describe() -> Answer {
    static TEXT: OnceLock<Bytes> = OnceLock::new();
    let text = match TEXT.get() {
        Some(text) => text.clone(),
        None => {
            let text = Bytes::from(answer::json_text(&protocol::openapi::document())?);
            TEXT.get_or_init(|| text).clone()
        }
    };
    let mut response = answer::written_json(text);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(CACHED));
    Ok(response)
}
