//! Refuses requests whose framing two readers could understand differently (RFC 9112, 3.2 and 6.3; RFC 9113, 8.3.1).
//!
//! hyper reads bodies by one rule and forgets what contradicted it: of `Content-Length` beside `Transfer-Encoding` it
//! shows only the latter, so `HeadWatch` looks at the bytes of each head besides.

use axum::extract::Request;
use axum::http::header::{HOST, TRANSFER_ENCODING};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Version};
use exchange::Failure;
use rulebook::Code;

use crate::answer::Refused;
use crate::bounds::HEADER_SHOWN_CHARS_MAX;
use crate::head_watch::SeenHead;

/// What follows from the framing of a request that can be understood in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AfterAnswer {
    /// The next request comes behind it.
    Continue,
    /// The server never takes the bytes behind its body for a request.
    Close,
}

/// Refuses a request that can be understood in two ways.
pub(crate) fn unambiguous(request: &Request) -> Result<AfterAnswer, Refused> {
    match framing_of(request) {
        Framing::Clear => Ok(AfterAnswer::Continue),
        Framing::Unseen => Ok(AfterAnswer::Close),
        Framing::Fault(fault) => Err(Failure::new(Code::RequestFraming).with_detail(fault).into()),
    }
}

enum Framing {
    Clear,
    /// Chunks, with or without an announced length; the watch did not see which.
    Unseen,
    /// Which header, and what it says.
    Fault(String),
}

fn framing_of(request: &Request) -> Framing {
    let fields = request.headers();
    let mut hosts = fields.get_all(HOST).iter();
    let host = hosts.next();
    let others = hosts.count();
    if others > 0 {
        return Framing::Fault(format!("Host × {}", others + 1));
    }
    match host {
        Some(host) if !is_host(host) => return Framing::Fault(shown("Host", host)),
        None if is_host_needed(request) => return Framing::Fault("Host × 0".to_owned()),
        _ => {}
    }
    let mut codings = fields.get_all(TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else { return Framing::Clear };
    let others = codings.count();
    if others > 0 {
        return Framing::Fault(format!("Transfer-Encoding × {}", others + 1));
    }
    if !coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
        return Framing::Fault(shown("Transfer-Encoding", coding));
    }
    match request.extensions().get::<SeenHead>() {
        Some(SeenHead::WithoutLength) => Framing::Clear,
        Some(SeenHead::WithLength) => Framing::Fault("Content-Length + Transfer-Encoding".to_owned()),
        None => Framing::Unseen,
    }
}

/// HTTP/1.1 always names its host; over HTTP/2 the authority may stand for it.
fn is_host_needed(request: &Request) -> bool {
    match request.version() {
        Version::HTTP_2 => request.uri().authority().is_none(),
        Version::HTTP_11 => true,
        _ => false,
    }
}

/// A name or address, with or without a port.
fn is_host(value: &HeaderValue) -> bool {
    let authority = Authority::try_from(value.as_bytes());
    authority.is_ok_and(|authority| !authority.host().is_empty() && !authority.as_str().contains('@'))
}

/// A header as it was sent, as far as it can be shown.
fn shown(name: &str, value: &HeaderValue) -> String {
    let value: String = String::from_utf8_lossy(value.as_bytes()).chars().take(HEADER_SHOWN_CHARS_MAX).collect();
    format!("{name}: \"{value}\"")
}
