//! The body of a request: bytes in memory or a file, both of known length and readable again for another attempt.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use tokio::io::AsyncReadExt;

use crate::bounds::UPLOAD_CHUNK_BYTES;
use crate::error::{Error, InputFailed};

/// A message to be sent.
///
/// A file is streamed from disk, so that its size does not matter to memory. A body can be sent again as it is; that is
/// what makes a retry safe.
///
/// ```no_run
/// # async fn example(client: client::Client) -> Result<(), client::Error> {
/// use client::{Body, SendOptions};
/// client.send_payments(Body::file("payments.xml"), SendOptions::default()).await?;
/// client.send_payments(Body::bytes("<Document>…</Document>"), SendOptions::default()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Body(Source);

#[derive(Clone, Debug)]
enum Source {
    Bytes(Bytes),
    File(PathBuf),
}

/// Called with the bytes handed to the connection so far and the length of the whole body. After a lost connection
/// it starts over.
pub(crate) type Progress = Arc<dyn Fn(u64, u64) + Send + Sync>;

impl Body {
    /// A message in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Body {
        Body(Source::Bytes(bytes.into()))
    }

    /// A message in a file, which must not change until the call returns.
    pub fn file(path: impl AsRef<Path>) -> Body {
        Body(Source::File(path.as_ref().to_owned()))
    }

    /// The length in bytes.
    ///
    /// # Errors When the file is not accessible, or is no regular file.
    pub async fn length(&self) -> Result<u64, Error> {
        match &self.0 {
            Source::Bytes(bytes) => Ok(bytes.len() as u64),
            Source::File(path) => {
                let metadata = tokio::fs::metadata(path).await.map_err(|error| Error::input(path, error))?;
                if !metadata.is_file() {
                    let error = std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a regular file");
                    return Err(Error::input(path, error));
                }
                Ok(metadata.len())
            }
        }
    }

    /// The body as a stream for one attempt.
    pub(crate) fn stream(
        &self,
        length: u64,
        activity: Activity,
        progress: Option<Progress>,
    ) -> impl Stream<Item = Result<Bytes, InputFailed>> + Send + 'static {
        let mut sent = 0_u64;
        self.pieces().map(move |piece| {
            activity.touch();
            if let Ok(piece) = &piece {
                sent += piece.len() as u64;
                if let Some(progress) = &progress {
                    progress(sent, length);
                }
            }
            piece
        })
    }

    pub(crate) fn pieces(&self) -> stream::BoxStream<'static, Result<Bytes, InputFailed>> {
        match self.0.clone() {
            Source::Bytes(rest) => stream::unfold(rest, |mut rest| async move {
                let piece = rest.split_to(rest.len().min(UPLOAD_CHUNK_BYTES));
                (!piece.is_empty()).then_some((Ok(piece), rest))
            })
            .boxed(),
            Source::File(path) => stream::unfold(Reading::Unopened(path), next_of_file).boxed(),
        }
    }
}

enum Reading {
    Unopened(PathBuf),
    Open(PathBuf, tokio::fs::File),
    Ended,
}

async fn next_of_file(reading: Reading) -> Option<(Result<Bytes, InputFailed>, Reading)> {
    let (path, mut file) = match reading {
        Reading::Ended => return None,
        Reading::Open(path, file) => (path, file),
        Reading::Unopened(path) => match tokio::fs::File::open(&path).await {
            Ok(file) => (path, file),
            Err(source) => return Some((Err(InputFailed { path, source }), Reading::Ended)),
        },
    };
    let mut piece = Vec::with_capacity(UPLOAD_CHUNK_BYTES);
    match file.read_buf(&mut piece).await {
        Ok(0) => None,
        Ok(_) => Some((Ok(Bytes::from(piece)), Reading::Open(path, file))),
        Err(source) => Some((Err(InputFailed { path, source }), Reading::Ended)),
    }
}

/// When bytes last moved on a connection; distinguishes a slow upload from a dead one.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    since: Instant,
    last_ms: Arc<AtomicU64>,
}

impl Activity {
    pub(crate) fn new() -> Activity {
        Activity { since: Instant::now(), last_ms: Arc::new(AtomicU64::new(0)) }
    }

    pub(crate) fn touch(&self) {
        let now = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_ms.store(now, Ordering::Relaxed);
    }

    /// The moment of the last movement.
    pub(crate) fn last(&self) -> Instant {
        self.since + std::time::Duration::from_millis(self.last_ms.load(Ordering::Relaxed))
    }
}
