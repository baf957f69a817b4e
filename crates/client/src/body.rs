//! The body of a request: bytes in memory or a file, both of known length and readable again for another attempt. A stream becomes
//! a file first.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};

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
    /// A file of mode 0600 that goes away with the last body of it.
    Spooled(Arc<tempfile::TempPath>),
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

    /// A message that comes from somewhere and cannot be read twice. It is written to a temporary file first, of mode 0600, which is
    /// deleted when the body is dropped; its length does not matter to memory.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client, stream: impl tokio::io::AsyncRead + Unpin) -> Result<(), client::Error> {
    /// use client::{Body, SendOptions};
    /// let body = Body::stream(stream).await?;
    /// client.send_payments(body, SendOptions::default()).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_input`] when the stream cannot be read to its end, or the temporary file cannot be written.
    pub async fn stream(mut stream: impl AsyncRead + Unpin) -> Result<Body, Error> {
        let unspooled = |error| Error::input(&std::env::temp_dir(), error);
        let (file, path) = tempfile::NamedTempFile::new().map_err(unspooled)?.into_parts();
        let mut file = tokio::fs::File::from_std(file);
        tokio::io::copy(&mut stream, &mut file).await.map_err(|error| Error::input(Path::new("the stream"), error))?;
        file.flush().await.map_err(unspooled)?;
        Ok(Body(Source::Spooled(Arc::new(path))))
    }

    /// The file that it is in, if it is in one.
    fn path(&self) -> Option<&Path> {
        match &self.0 {
            Source::Bytes(_) => None,
            Source::File(path) => Some(path),
            Source::Spooled(path) => Some(path),
        }
    }

    /// The length in bytes.
    ///
    /// # Errors
    /// [`Error::is_input`] when the file is not accessible, or is no regular file.
    pub async fn length(&self) -> Result<u64, Error> {
        let Some(path) = self.path() else {
            return Ok(if let Source::Bytes(bytes) = &self.0 { bytes.len() as u64 } else { 0 });
        };
        let metadata = tokio::fs::metadata(path).await.map_err(|error| Error::input(path, error))?;
        if !metadata.is_file() {
            let error = std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a regular file");
            return Err(Error::input(path, error));
        }
        Ok(metadata.len())
    }

    /// The body as a stream for one attempt.
    pub(crate) fn for_attempt(
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
            Source::Spooled(path) => {
                let reading = Reading::Unopened(path.to_path_buf());
                // The path is held until the last piece was read.
                stream::unfold((reading, path), |(reading, held)| async move {
                    let (piece, reading) = next_of_file(reading).await?;
                    Some((piece, (reading, held)))
                })
                .boxed()
            }
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
