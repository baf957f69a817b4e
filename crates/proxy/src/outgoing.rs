//! Writes answers: what the exchange said, what is wrong, and how the proxy is.

use bytes::Bytes;
use client::{Document, Forwarded};
use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody};
use hyper::body::Frame;
use hyper::header::{ALLOW, CONNECTION, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use protocol::{headers, media};

use crate::faults::{Asked, Fault};
use crate::health::ProxyHealth;
use crate::passing;

/// The body of an answer.
pub(crate) type AnswerBody = UnsyncBoxBody<Bytes, client::Error>;

/// What the exchange answered, piece by piece as it comes.
pub(crate) fn passed_on(answer: Forwarded, is_head: bool) -> Response<AnswerBody> {
    let body = if is_head { nothing() } else { streamed(answer.document) };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    for (name, value) in passing::of_answer(answer.fields) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// An error of the proxy itself.
pub(crate) fn problem(fault: &Fault, asked: &Asked, is_head: bool) -> Response<AnswerBody> {
    let written = fault.write(asked);
    let mut response = whole(written.status, written.media_type, written.body, is_head);
    let fields = response.headers_mut();
    fields.insert(CONTENT_LANGUAGE, HeaderValue::from_static(written.language));
    set(fields, HeaderName::from_static(headers::X_REQUEST_ID), &asked.request_id);
    if let Some(allow) = &written.allow {
        set(fields, ALLOW, allow);
    }
    if written.closes {
        fields.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// How the proxy is. A monitor that reads nothing but the status learns from it whether requests reach the exchange.
pub(crate) fn health(health: &ProxyHealth, is_head: bool) -> Response<AnswerBody> {
    let status = if health.exchange.reachable { 200 } else { 503 };
    match protocol::json::line(health) {
        Ok(text) => whole(status, media::JSON, text, is_head),
        Err(error) => {
            tracing::error!(%error, "the health cannot be written as JSON");
            whole(503, media::JSON, b"{}\n".to_vec(), is_head)
        }
    }
}

fn whole(status: u16, media_type: &'static str, body: Vec<u8>, is_head: bool) -> Response<AnswerBody> {
    let length = body.len();
    let body =
        if is_head { nothing() } else { Full::new(Bytes::from(body)).map_err(|never| match never {}).boxed_unsync() };
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let fields = response.headers_mut();
    fields.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    fields.insert(hyper::header::CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn set(fields: &mut hyper::HeaderMap, name: HeaderName, value: &str) {
    // Ids are checked, and the rest is ours.
    if let Ok(value) = HeaderValue::from_str(value) {
        fields.insert(name, value);
    }
}

fn nothing() -> AnswerBody {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// A piece that does not come ends the connection, so that the reader does not take a part for the whole.
fn streamed(document: Document) -> AnswerBody {
    let pieces = stream::try_unfold(document, |mut document| async move {
        let piece = document.chunk().await.inspect_err(|error| tracing::warn!(%error, "an answer broke off"))?;
        Ok(piece.map(|piece| (Frame::data(piece), document)))
    });
    StreamBody::new(pieces).boxed_unsync()
}
