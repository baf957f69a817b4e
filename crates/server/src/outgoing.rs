//! Answers that can be long: unread bytes count against the client, and are in a file instead of memory, except a few
//! that clients probably read at once.
//!
//! The file has no name: no other process can open it, and it disappears when the answer has left or the process ends.
//! The connection takes a piece from it when the one before has left, so a slow client slows down only itself.

use std::io::{self, Seek as _, Write as _};
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use bytes::BytesMut;
use exchange::{ClientId, Failure};
use http_body_util::BodyExt as _;
use hyper::body::{Frame, SizeHint};
use rulebook::Code;
use tokio::fs::File;
use tokio_util::io::poll_read_buf;
use tracing::Span;

use crate::answer::Answer;
use crate::bounds;
use crate::compress::compressed;
use crate::context::RequestContext;
use crate::service::Service;
use crate::shares::Share;

/// Makes an answer ready to be read at the client's own pace.
pub(crate) async fn deliver(
    service: &Service,
    context: &RequestContext,
    client: ClientId,
    mut response: Response,
) -> Answer {
    if context.accepts_gzip {
        response = compressed(response).await;
    }
    let (head, body) = response.into_parts();
    let length = body.size_hint().exact().unwrap_or(u64::MAX);
    if length <= bounds::ANSWER_BYTES_UNCOUNTED {
        return Ok(Response::from_parts(head, body));
    }
    // Bodies of ours are whole and in memory until here.
    let bytes = body.collect().await.map_err(|error| Failure::unexpected(error))?.to_bytes();
    if length <= bounds::ANSWER_MEMORY_BYTES
        && let Ok(share) = service.shares().unsent_memory(client, length)
    {
        return Ok(Response::from_parts(head, Body::new(MemoryBody { bytes, _shares: vec![share] })));
    }
    let shares = service.shares().unsent_file(client, length)?;
    if let Ok(share) = service.shares().prompt_memory(client, length) {
        // It counts as unread until it has left, wherever it lies.
        let shares = shares.into_iter().chain([share]).collect();
        return Ok(Response::from_parts(head, Body::new(MemoryBody { bytes, _shares: shares })));
    }
    let folder = service.answer_folder().to_owned();
    let spilled = tokio::task::spawn_blocking({
        let (bytes, span) = (bytes.clone(), Span::current());
        move || span.in_scope(|| spill(&folder, &bytes))
    });
    let file = match spilled.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
        Ok(file) => file,
        Err(error) => {
            // On a full disk clients can still read stored answers, while memory has room for them.
            if let Ok(share) = service.shares().unsent_memory(client, length) {
                tracing::debug!(%error, "an answer stays in memory until it is read");
                return Ok(Response::from_parts(head, Body::new(MemoryBody { bytes, _shares: vec![share] })));
            }
            tracing::error!(%error, "an answer could not go into a file until the client reads it");
            return Err(Failure::new(Code::Unavailable).with_retry_after(bounds::RETRY_AFTER).into());
        }
    };
    let mut file = File::from_std(file);
    file.set_max_buf_size(bounds::ANSWER_PIECE_BYTES);
    let body = FileBody { file, left: length, buffer: BytesMut::new(), _shares: shares };
    Ok(Response::from_parts(head, Body::new(body)))
}

fn spill(folder: &Path, bytes: &[u8]) -> io::Result<std::fs::File> {
    let mut file = tempfile::tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

/// Holds a value until the client has read the answer, or is gone.
pub(crate) fn hold_while_read<T: Send + Sync + Unpin + 'static>(response: Response, held: T) -> Response {
    response.map(|body| Body::new(HeldBody { body, _held: held }))
}

struct HeldBody<T> {
    body: Body,
    _held: T,
}

impl<T: Unpin> HttpBody for HeldBody<T> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer in memory.
struct MemoryBody {
    bytes: Bytes,
    _shares: Vec<Share<ClientId>>,
}

impl HttpBody for MemoryBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        // In pieces: the connection takes a piece whole, and then the shares would end with the last one.
        let length = self.bytes.len().min(bounds::ANSWER_MEMORY_PIECE_BYTES);
        let bytes = self.bytes.split_to(length);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.len() as u64)
    }
}

/// An answer in a file.
struct FileBody {
    file: File,
    left: u64,
    buffer: BytesMut,
    _shares: [Share<ClientId>; 2],
}

impl HttpBody for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let FileBody { file, left, buffer, .. } = &mut *self;
        if *left == 0 {
            return Poll::Ready(None);
        }
        buffer.reserve(bounds::ANSWER_PIECE_BYTES);
        let read = ready!(poll_read_buf(Pin::new(file), context, buffer))?;
        if read == 0 {
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        *left = left.saturating_sub(read as u64);
        Poll::Ready(Some(Ok(Frame::data(buffer.split().freeze()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
