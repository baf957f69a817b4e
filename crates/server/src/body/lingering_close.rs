//! Lingering close: the server reads on for a while from a client whose request it has refused.
//!
//! If a server closes a connection while the client still sends, the client's system discards the answer (RFC 9112,
//! 9.6). Many clients read only after they have sent everything; they would see a broken connection instead of the
//! problem that explains it. So the server reads and discards what a refused request still sends, up to a bound and
//! while it sends the answer.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header::EXPECT;
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::time::timeout;

use crate::bounds;

/// Sees to it that the body of a request is read on for a while if it is dropped before its end.
pub(crate) fn lingering_close(request: Request) -> Request {
    // A client that asks first (RFC 9110, 10.1.1) sends nothing until the server asks for its body.
    let is_coming = !request.headers().contains_key(EXPECT);
    request.map(|body| match body.is_end_stream() {
        true => body,
        false => Body::new(Lingering { body, is_coming }),
    })
}

struct Lingering {
    body: Body,
    is_coming: bool,
}

impl HttpBody for Lingering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        self.is_coming = true;
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(None | Some(Err(_))) = polled {
            self.is_coming = false;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        if !self.is_coming || self.body.is_end_stream() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let rest = std::mem::replace(&mut self.body, Body::empty());
            runtime.spawn(timeout(bounds::DISCARD_TIME_MAX, discard(rest)));
        }
    }
}

async fn discard(mut body: Body) {
    let mut left = bounds::DISCARD_BYTES_MAX;
    while let Some(Ok(frame)) = body.frame().await {
        let bytes = frame.data_ref().map_or(0, |data| data.len() as u64);
        match left.checked_sub(bytes) {
            Some(rest) => left = rest,
            None => break,
        }
    }
}
