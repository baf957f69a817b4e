//! A body as it arrives: gathered into pieces, at a bearable pace.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use exchange::Failure;
use http_body_util::BodyExt as _;
use rulebook::Code;
use tokio::time::{Instant, timeout};

use crate::bounds;
use crate::context::RequestContext;

/// A body that is arriving.
pub(super) struct Arrival {
    body: Body,
    /// What came with a piece and did not fit into it.
    ahead: Bytes,
    context: Arc<RequestContext>,
    begun: Instant,
    idle_timeout: Duration,
    bytes: u64,
    bytes_max: u64,
    is_complete: bool,
}

impl Arrival {
    pub(super) fn new(body: Body, context: Arc<RequestContext>, idle_timeout: Duration, bytes_max: u64) -> Arrival {
        let begun = Instant::now();
        Arrival { body, ahead: Bytes::new(), context, begun, idle_timeout, bytes: 0, bytes_max, is_complete: false }
    }

    /// Whether everything has arrived and was given out.
    pub(super) fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The next piece; a short one is the last (then [`Arrival::is_complete`] says so).
    ///
    /// # Errors
    /// When the body is too long, too slow, or breaks off.
    pub(super) async fn next_piece(&mut self) -> Result<Bytes, Failure> {
        let mut piece = BytesMut::new();
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
            let patience = self.patience();
            let frame = match timeout(patience, self.body.frame()).await {
                Err(_) => return Err(Failure::new(Code::RequestTimeout)),
                Ok(None) => return Ok(None),
                // The connection broke: nobody will read the answer, but the log line tells.
                Ok(Some(Err(_))) => return Err(Failure::new(Code::TruncatedXml)),
                Ok(Some(Ok(frame))) => frame,
            };
            // Trailers say nothing here.
            let Ok(bytes) = frame.into_data() else { continue };
            self.bytes += bytes.len() as u64;
            self.context.count_body_bytes(bytes.len());
            if self.bytes > self.bytes_max {
                return Err(super::too_large(self.bytes_max));
            }
            if !bytes.is_empty() {
                return Ok(Some(bytes));
            }
        }
    }

    /// How long to wait for more: not longer than a silence may be, nor than the slowest bearable rate allows.
    fn patience(&self) -> Duration {
        let allowed = bounds::BODY_TIME_BASE + Duration::from_secs(self.bytes / bounds::BODY_RATE_MIN);
        self.idle_timeout.min(allowed.saturating_sub(self.begun.elapsed()))
    }
}
