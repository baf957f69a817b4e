//! Answers on their way: handed to the connection in small pieces, and watched whether the client reads them.
//!
//! A body that hyper has taken stands in memory until the client makes room for it, so it gets pieces of
//! [`bounds::ANSWER_PIECE_BYTES`]. It asks for the next one only when the one before has left; a timer inside the body
//! would not run meanwhile. So each answer counts what was taken from it, and `ages` looks at the counts.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::conversation::{RequestGuard, now};
use crate::bounds;

/// How much of one answer has been taken.
pub(super) struct Progress {
    bytes: AtomicU64,
    /// Bytes and time, in milliseconds, when it was last found to move.
    seen_bytes: AtomicU64,
    seen_at: AtomicU64,
}

impl Progress {
    fn new() -> Progress {
        let begun = u64::try_from(now().as_millis()).unwrap_or(u64::MAX);
        Progress { bytes: AtomicU64::new(0), seen_bytes: AtomicU64::new(0), seen_at: AtomicU64::new(begun) }
    }

    /// Whether the client reads more slowly than it may.
    pub(super) fn is_too_slow(&self, now: Duration, window: Duration) -> bool {
        let since = now.saturating_sub(Duration::from_millis(self.seen_at.load(Ordering::Relaxed)));
        if since < window {
            return false;
        }
        let bytes = self.bytes.load(Ordering::Relaxed);
        let read = bytes.saturating_sub(self.seen_bytes.swap(bytes, Ordering::Relaxed));
        self.seen_at.store(u64::try_from(now.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
        let expected =
            bounds::ANSWER_RATE_MIN.saturating_mul(u64::try_from(since.as_millis()).unwrap_or(u64::MAX)) / 1000;
        read < expected
    }
}

/// The body of an answer on its way through a connection.
pub(crate) struct Sent<B> {
    body: B,
    /// What was taken from the body and is not handed on yet.
    rest: Bytes,
    progress: Arc<Progress>,
    request: RequestGuard,
}

impl<B> Sent<B> {
    pub(crate) fn new(body: B, request: RequestGuard) -> Sent<B> {
        let progress = Arc::new(Progress::new());
        request.conversation().answers().push(Arc::clone(&progress));
        Sent { body, rest: Bytes::new(), progress, request }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for Sent<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        if self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(bytes) => self.rest = bytes,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                other => return other,
            }
        }
        let length = self.rest.len().min(bounds::ANSWER_PIECE_BYTES);
        let piece = self.rest.split_to(length);
        self.progress.bytes.fetch_add(length as u64, Ordering::Relaxed);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let of_body = self.body.size_hint();
        let mut hint = SizeHint::new();
        // An exact size stays exact.
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(of_body.lower() + rest);
        hint
    }
}

impl<B> Drop for Sent<B> {
    fn drop(&mut self) {
        self.request.conversation().answers().retain(|one| !Arc::ptr_eq(one, &self.progress));
    }
}
