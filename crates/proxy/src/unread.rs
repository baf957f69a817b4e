//! Ends the connection of a program that does not read its answers: it would keep one of the places for ever.
//!
//! Only the time counts in which bytes wait for the program, since the exchange may be slow too. In so much of it the program must take
//! [`bounds::ANSWER_RATE_MIN`] on average. The service has the same rule for its clients.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use crate::bounds;

/// How fast a program takes its answers: counts begin anew with each window.
struct Pace {
    window: Duration,
    /// How long bytes waited for the program.
    waited: Duration,
    /// How many it took.
    taken: u64,
}

impl Pace {
    fn new(window: Duration) -> Pace {
        Pace { window, waited: Duration::ZERO, taken: 0 }
    }

    fn waited(&mut self, time: Duration) {
        self.waited = self.waited.saturating_add(time);
    }

    fn took(&mut self, bytes: usize) {
        self.taken = self.taken.saturating_add(bytes as u64);
    }

    /// So much of the window is left.
    fn left(&self) -> Duration {
        self.window.saturating_sub(self.waited)
    }

    /// Ends the window; whether the program took enough in it.
    fn was_kept(&mut self) -> bool {
        let millis = u64::try_from(self.window.as_millis()).unwrap_or(u64::MAX);
        let taken = std::mem::take(&mut self.taken);
        self.waited = Duration::ZERO;
        taken >= bounds::ANSWER_RATE_MIN.saturating_mul(millis) / 1000
    }
}

/// A stream whose writes fail when the other end does not read.
pub(crate) struct ReadWatch<S> {
    stream: S,
    pace: Pace,
    /// Since when bytes wait, while they do.
    since: Option<Instant>,
    /// The end of the window, as far as bytes wait until then.
    end: Pin<Box<Sleep>>,
}

impl<S> ReadWatch<S> {
    /// `window`: how long nothing may move.
    pub(crate) fn new(stream: S, window: Duration) -> ReadWatch<S> {
        ReadWatch { stream, pace: Pace::new(window), since: None, end: Box::pin(tokio::time::sleep(window)) }
    }

    fn begin_to_wait(&mut self) {
        let now = Instant::now();
        self.since = Some(now);
        self.end.as_mut().reset(now + self.pace.left());
    }

    fn watched(&mut self, written: Poll<io::Result<usize>>, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(written) = written {
            self.pace.waited(self.since.take().map(|since| since.elapsed()).unwrap_or_default());
            self.pace.took(*written.as_ref().unwrap_or(&0));
            return Poll::Ready(written);
        }
        if self.since.is_none() {
            self.begin_to_wait();
        }
        loop {
            ready!(self.end.as_mut().poll(context));
            if !self.pace.was_kept() {
                tracing::warn!("a program does not read its answers: its connection ends");
                return Poll::Ready(Err(io::Error::new(ErrorKind::TimedOut, "the program does not read its answers")));
            }
            self.begin_to_wait();
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ReadWatch<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ReadWatch<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.watched(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.watched(written, context)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_asks_for_the_rate_and_the_next_one_again() {
        let enough = usize::try_from(bounds::ANSWER_RATE_MIN).unwrap_or(usize::MAX) * 10;
        let mut pace = Pace::new(Duration::from_secs(10));
        for (bytes, kept) in [(0, false), (enough - 1, false), (enough, true), (0, false)] {
            pace.waited(Duration::from_secs(4));
            pace.took(bytes);
            assert_eq!(pace.left(), Duration::from_secs(6));
            assert_eq!(pace.was_kept(), kept, "{bytes}");
            assert_eq!(pace.left(), Duration::from_secs(10));
        }
    }
}
