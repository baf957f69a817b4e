//! Answers on their way: the server hands them to the connection in small pieces, and watches whether the client reads
//! them.
//!
//! Hyper keeps a taken piece in memory until the client makes room for it, so it gets pieces of
//! [`bounds::ANSWER_PIECE_BYTES`]. It asks for the next one only when the one before has left; a timer inside the body
//! would not run meanwhile. So each answer counts its taken bytes, and `ages` checks the counts.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::open_connection::RequestGuard;
use super::progress::Progress;
use crate::bounds;

/// The body of an answer on its way through a connection.
pub(crate) struct AnswerBody<B> {
    body: B,
    /// Bytes taken from the body and not handed on yet.
    rest: Bytes,
    progress: Arc<Progress>,
    request: RequestGuard,
}

impl<B> AnswerBody<B> {
    pub(crate) fn new(body: B, request: RequestGuard) -> AnswerBody<B> {
        let progress = Arc::new(Progress::new());
        request.connection().answers().push(Arc::clone(&progress));
        AnswerBody { body, rest: Bytes::new(), progress, request }
    }
}

impl<B: HttpBody<Data = Bytes> + Unpin> HttpBody for AnswerBody<B> {
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
        self.progress.add(length as u64);
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

impl<B> Drop for AnswerBody<B> {
    fn drop(&mut self) {
        self.request.connection().answers().retain(|one| !Arc::ptr_eq(one, &self.progress));
    }
}
