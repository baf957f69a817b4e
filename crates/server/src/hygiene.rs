//! Requests whose framing two readers could understand differently are refused (RFC 9112, 3.2 and 6.3; RFC 9113, 8.3.1).
//!
//! hyper reads bodies by one rule and forgets what contradicted it: of `Content-Length` beside `Transfer-Encoding` it
//! shows only the latter, so `HeadWatch` looks at the bytes of each head besides.

use axum::extract::Request;
use axum::http::header::{CONNECTION, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderValue, Version};
use axum::middleware::Next;
use axum::response::Response;
use exchange::Failure;
use rulebook::Code;

use crate::answer::Refused;
use crate::head_watch::SeenHead;

/// Lets only requests pass that can be understood in one way.
pub(crate) async fn unambiguous(request: Request, next: Next) -> Result<Response, Refused> {
    let is_unseen = match framing_of(&request) {
        Framing::Clear => false,
        Framing::Unseen => true,
        Framing::Fault(fault) => return Err(Failure::new(Code::RequestFraming).with_detail(fault).into()),
    };
    let mut response = next.run(request).await;
    if is_unseen {
        // Whatever follows such a body is never taken for a request.
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    Ok(response)
}

enum Framing {
    Clear,
    /// Chunks, of which nobody saw whether a length was announced besides.
    Unseen,
    Fault(&'static str),
}

fn framing_of(request: &Request) -> Framing {
    let fields = request.headers();
    let hosts = fields.get_all(HOST).iter().count();
    let is_named = match request.version() {
        Version::HTTP_2 => hosts <= 1 && (request.uri().authority().is_some() || hosts == 1),
        Version::HTTP_11 => hosts == 1,
        _ => hosts <= 1,
    };
    if !is_named {
        return Framing::Fault("Host");
    }
    let mut codings = fields.get_all(TRANSFER_ENCODING).iter();
    let Some(coding) = codings.next() else { return Framing::Clear };
    if codings.next().is_some() || !coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
        return Framing::Fault("Transfer-Encoding");
    }
    match request.extensions().get::<SeenHead>() {
        Some(SeenHead::WithoutLength) => Framing::Clear,
        Some(SeenHead::WithLength) => Framing::Fault("Content-Length, Transfer-Encoding"),
        None => Framing::Unseen,
    }
}
