//! Reads the bytes of each HTTP/1.1 head as they pass, for a fact that hyper does not show: whether there is a
//! `Content-Length` beside a `Transfer-Encoding`.
//!
//! It reads from the moment when a request is due to the end of its head, and does not read bodies. It does not read
//! what a client sends before it has its answer (pipelining); those heads count as not seen.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::bounds;

/// The observed head of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SeenHead {
    /// It has no `Content-Length`.
    WithoutLength,
    /// It has one.
    WithLength,
}

const EXPECTED: u8 = 0;
const WITHOUT_LENGTH: u8 = 1;
const WITH_LENGTH: u8 = 2;
const TAKEN: u8 = 3;

/// State that the connection and its requests share.
#[derive(Clone, Default)]
pub(crate) struct Heads(Arc<AtomicU8>);

impl Heads {
    /// The observation of the head that was just read.
    pub(crate) fn take(&self) -> Option<SeenHead> {
        match self.0.swap(TAKEN, Ordering::AcqRel) {
            WITHOUT_LENGTH => Some(SeenHead::WithoutLength),
            WITH_LENGTH => Some(SeenHead::WithLength),
            _ => None,
        }
    }

    /// An answer is complete: what comes next is a head.
    pub(crate) fn expect(&self) {
        self.0.store(EXPECTED, Ordering::Release);
    }
}

/// What a connection runs on.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// A stream that observes the heads that pass. It forgets what kind of stream it is, so that HTTP is compiled once and
/// not for each kind.
pub(crate) struct HeadWatch {
    stream: Box<dyn Stream>,
    /// `None` under HTTP/2, whose heads are frames.
    heads: Option<Heads>,
    /// The head as far as it has come.
    head: Vec<u8>,
}

impl HeadWatch {
    pub(crate) fn new(stream: Box<dyn Stream>, heads: Option<Heads>) -> HeadWatch {
        HeadWatch { stream, heads, head: Vec::new() }
    }

    fn look(&mut self, bytes: &[u8]) {
        let Some(heads) = &self.heads else { return };
        if heads.0.load(Ordering::Acquire) != EXPECTED {
            return;
        }
        // Where the end may begin: it can lie across two reads.
        let from = self.head.len().saturating_sub(3);
        self.head.extend_from_slice(bytes);
        let end = self.head[from..].windows(4).position(|four| four == b"\r\n\r\n").map(|end| from + end);
        let end = end.or_else(|| self.head[from..].windows(2).position(|two| two == b"\n\n").map(|end| from + end));
        let Some(end) = end else {
            if self.head.len() > bounds::READ_BUFFER_BYTES {
                // hyper refuses a head of this length.
                self.head = Vec::new();
                heads.0.store(TAKEN, Ordering::Release);
            }
            return;
        };
        let mut fields = self.head[..end].split(|byte| *byte == b'\n');
        let has_length = fields.any(|field| {
            let name = field.split(|byte| *byte == b':').next().unwrap_or_default();
            name.trim_ascii().eq_ignore_ascii_case(b"content-length")
        });
        self.head = Vec::new();
        heads.0.store(if has_length { WITH_LENGTH } else { WITHOUT_LENGTH }, Ordering::Release);
    }
}

impl AsyncRead for HeadWatch {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if let Poll::Ready(Ok(())) = polled {
            self.look(&buffer.filled()[before..]);
        }
        polled
    }
}

impl AsyncWrite for HeadWatch {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
