//! Takes in the body of a request before the exchange gets any of it, so that each attempt sends the same bytes.
//!
//! Up to [`bounds::MEMORY_BYTES_MAX`] stay in memory; a longer body goes to a file of mode 0600, which is deleted with the request. A
//! process that is killed leaves its file behind: give the proxy a folder that its service manager empties.

use std::io;
use std::path::Path;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use client::Body;
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use rulebook::Code;
use tempfile::TempPath;
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::bounds;
use crate::faults::Fault;

/// What the names of its files begin with.
const PREFIX: &str = "tdam-proxy-";

/// A body that was taken in.
pub(crate) struct Message {
    pub(crate) body: Body,
    pub(crate) bytes: u64,
    /// Deleted with the message.
    _file: Option<TempPath>,
}

/// Where bodies are taken in, and how long they may be.
pub(crate) struct Intake<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) bytes_max: u64,
    /// How long nothing may come.
    pub(crate) idle: Duration,
}

impl Intake<'_> {
    pub(crate) async fn take_in(&self, mut arriving: Incoming) -> Result<Message, Fault> {
        if arriving.size_hint().lower() > self.bytes_max {
            return Err(self.too_large());
        }
        let (mut memory, mut file, mut count) = (BytesMut::new(), None, 0_u64);
        while let Some(piece) = self.next(&mut arriving).await? {
            count += piece.len() as u64;
            if count > self.bytes_max {
                return Err(self.too_large());
            }
            if file.is_none() && memory.len() + piece.len() <= bounds::MEMORY_BYTES_MAX {
                memory.extend_from_slice(&piece);
                continue;
            }
            let (open, _) = match &mut file {
                Some(file) => file,
                none => {
                    none.insert(begin(self.folder, &std::mem::take(&mut memory)).await.map_err(|error| unkept(&error))?)
                }
            };
            open.write_all(&piece).await.map_err(|error| unkept(&error))?;
        }
        let Some((mut open, path)) = file else {
            return Ok(Message { body: Body::bytes(memory.freeze()), bytes: count, _file: None });
        };
        open.flush().await.map_err(|error| unkept(&error))?;
        Ok(Message { body: Body::file(&path), bytes: count, _file: Some(path) })
    }

    /// The next bytes; `None` at the end.
    async fn next(&self, arriving: &mut Incoming) -> Result<Option<Bytes>, Fault> {
        loop {
            let frame = tokio::time::timeout(self.idle, arriving.frame()).await;
            // Somebody who stalls, or left in the middle: who left does not see it.
            let Ok(frame) = frame else { return Err(Fault::new(Code::RequestTimeout).closing()) };
            let Some(frame) = frame else { return Ok(None) };
            let frame = frame.map_err(|error| {
                tracing::debug!(%error, "the body of a request broke off");
                Fault::new(Code::RequestTimeout).closing()
            })?;
            // Trailers mean nothing here.
            if let Ok(bytes) = frame.into_data() {
                return Ok(Some(bytes));
            }
        }
    }

    fn too_large(&self) -> Fault {
        Fault::new(Code::MessageTooLarge).expected(&self.bytes_max.to_string()).closing()
    }
}

/// A new file with what is in memory already.
async fn begin(folder: &Path, memory: &[u8]) -> io::Result<(File, TempPath)> {
    // Mode 0600 from its beginning.
    let (file, path) = tempfile::Builder::new().prefix(PREFIX).tempfile_in(folder)?.into_parts();
    let mut file = File::from_std(file);
    file.write_all(memory).await?;
    Ok((file, path))
}

fn unkept(error: &io::Error) -> Fault {
    tracing::error!(%error, "a message cannot be written to the folder spool");
    Fault::new(Code::MessageNotKeptByProxy).closing()
}
