//! Client libraries that the service gives out: files that somebody has checked and signed before, and nothing else.
//!
//! A file is open from the check on and read at its places, so what is sent is what was checked, also when another file has taken its
//! name. A request holds one piece of it in memory.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use protocol::LibraryOverview;
use tokio::task::JoinHandle;

use crate::bounds::LIBRARY_PIECE_BYTES;

/// Libraries, and the key that verifies their signatures.
#[derive(Clone, Debug, Default)]
pub struct Libraries {
    /// The key (PEM); `None` without libraries.
    pub publication_key_pem: Option<String>,
    /// One for each language.
    pub libraries: Vec<Library>,
}

/// One library.
#[derive(Clone, Debug)]
pub struct Library {
    /// What is said of it.
    pub overview: LibraryOverview,
    /// SHA-256 of the archive.
    pub sha256: [u8; 32],
    /// The archive: a file that nothing writes to any longer.
    pub archive: Arc<File>,
    /// Its signature.
    pub signature: Vec<u8>,
}

impl Libraries {
    pub(crate) fn of_language(&self, language: &str) -> Option<&Library> {
        self.libraries.iter().find(|library| library.overview.language == language)
    }
}

impl Library {
    /// The archive as the body of an answer.
    pub(crate) fn body(&self) -> Body {
        Body::new(ArchiveBody { archive: Arc::clone(&self.archive), at: 0, end: self.overview.bytes, reading: None })
    }
}

struct ArchiveBody {
    archive: Arc<File>,
    at: u64,
    end: u64,
    reading: Option<JoinHandle<io::Result<Bytes>>>,
}

impl ArchiveBody {
    /// Reads the next piece on a thread that may wait for the disk.
    fn read(&self) -> JoinHandle<io::Result<Bytes>> {
        let (archive, at) = (Arc::clone(&self.archive), self.at);
        let length = self.end.saturating_sub(at).min(LIBRARY_PIECE_BYTES);
        tokio::task::spawn_blocking(move || {
            // Invariant: a piece fits into memory, so its length is a `usize`.
            let mut piece = vec![0; usize::try_from(length).unwrap_or_default()];
            archive.read_exact_at(&mut piece, at)?;
            Ok(Bytes::from(piece))
        })
    }
}

impl HttpBody for ArchiveBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.at >= self.end {
            return Poll::Ready(None);
        }
        let mut reading = self.reading.take().unwrap_or_else(|| self.read());
        let Poll::Ready(read) = Pin::new(&mut reading).poll(context) else {
            self.reading = Some(reading);
            return Poll::Pending;
        };
        let piece = match read {
            Ok(piece) => piece?,
            Err(error) => return Poll::Ready(Some(Err(io::Error::other(error)))),
        };
        self.at = self.at.saturating_add(piece.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.at >= self.end
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.end.saturating_sub(self.at))
    }
}
