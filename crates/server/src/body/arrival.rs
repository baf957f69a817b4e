//! A body as it arrives: gathered into pieces, at a bearable pace.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use exchange::Failure;
use http_body_util::BodyExt as _;
use rulebook::Code;
use tokio::time::{Instant, timeout};

use crate::context::RequestContext;
use crate::quotas::QuotaExceeded;
use crate::{Limits, bounds};

/// A body that is arriving.
pub(super) struct ArrivingBody<'q> {
    body: Body,
    /// What came with a piece and did not fit into it.
    ahead: Bytes,
    context: Arc<RequestContext>,
    idle_timeout: Duration,
    window: Window,
    bytes: u64,
    bytes_max: u64,
    is_complete: bool,
    quota: &'q QuotaOfBody<'q>,
}

/// Takes bytes that have arrived from the quotas of their sender.
pub(super) type QuotaOfBody<'q> = dyn Fn(u64) -> Result<(), QuotaExceeded> + Sync + 'q;

impl<'q> ArrivingBody<'q> {
    pub(super) fn new(
        body: Body,
        context: Arc<RequestContext>,
        limits: &Limits,
        bytes_max: u64,
        quota: &'q QuotaOfBody<'q>,
    ) -> ArrivingBody<'q> {
        ArrivingBody {
            body,
            ahead: Bytes::new(),
            context,
            idle_timeout: limits.body_idle_timeout,
            window: Window::new(limits.body_window),
            bytes: 0,
            bytes_max,
            is_complete: false,
            quota,
        }
    }

    /// Whether everything has arrived and was given out.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The next piece; a short one is the last (then [`ArrivingBody::is_complete`] says so).
    ///
    /// # Errors
    /// When the body is too long, too slow, or breaks off.
    pub(super) async fn next_piece(&mut self) -> Result<Bytes, Failure> {
        // A body that filled a piece probably fills the next one; growing would copy it again and again.
        let is_long = self.bytes > bounds::CHUNK_BYTES as u64;
        let mut piece = BytesMut::with_capacity(if is_long { bounds::CHUNK_BYTES } else { 0 });
        loop {
            if !self.ahead.is_empty() {
                let room = bounds::CHUNK_BYTES - piece.len();
                piece.extend_from_slice(&self.ahead.split_to(room.min(self.ahead.len())));
            }
            if piece.len() == bounds::CHUNK_BYTES {
                return Ok(piece.freeze());
            }
            match self.next_frame().await? {
                Some(bytes) => self.ahead = bytes,
                None => {
                    self.is_complete = true;
                    return Ok(piece.freeze());
                }
            }
        }
    }

    async fn next_frame(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let patience = self.window.left.min(self.idle_timeout);
            let asked = Instant::now();
            let frame = timeout(patience, self.body.frame()).await;
            let is_slow = !self.window.waited(asked.elapsed());
            let frame = match frame {
                // Silent for too long, or too slow over a longer time.
                Err(_) if is_slow || patience == self.idle_timeout => return Err(Failure::new(Code::RequestTimeout)),
                Err(_) => continue,
                Ok(None) => return Ok(None),
                // The connection broke: the client will not read the answer, but the log line has it.
                Ok(Some(Err(_))) => return Err(Failure::new(Code::TruncatedXml)),
                // Drops that come before each silence is too long do not help either.
                Ok(Some(Ok(_))) if is_slow => return Err(Failure::new(Code::RequestTimeout)),
                Ok(Some(Ok(frame))) => frame,
            };
            // Trailers say nothing here.
            let Ok(bytes) = frame.into_data() else { continue };
            self.bytes += bytes.len() as u64;
            self.window.bytes += bytes.len() as u64;
            self.context.count_body_bytes(bytes.len());
            (self.quota)(bytes.len() as u64)?;
            if self.bytes > self.bytes_max {
                return Err(too_large(self.bytes_max));
            }
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
    }
}

/// A stretch of waiting in which enough must arrive. Only waiting counts: a client is not slow because we are.
struct Window {
    length: Duration,
    left: Duration,
    bytes: u64,
}

impl Window {
    fn new(length: Duration) -> Window {
        Window { length, left: length, bytes: 0 }
    }

    /// So long was waited. `false` when the window is over and too little came.
    fn waited(&mut self, time: Duration) -> bool {
        self.left = self.left.saturating_sub(time);
        if !self.left.is_zero() {
            return true;
        }
        let length = u64::try_from(self.length.as_millis()).unwrap_or(u64::MAX);
        let is_enough = self.bytes >= bounds::BODY_RATE_MIN.saturating_mul(length) / 1000;
        (self.left, self.bytes) = (self.length, 0);
        is_enough
    }
}

/// The refusal of a body that is longer than it may be.
pub(super) fn too_large(bytes_max: u64) -> Failure {
    Failure::new(Code::MessageTooLarge).with_expected(bytes_max.to_string())
}
