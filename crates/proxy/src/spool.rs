//! Takes in the body of a request before the exchange gets any of it, so that each attempt sends the same bytes.
//!
//! Up to [`bounds::MEMORY_BYTES_MAX`] stay in memory; a longer body goes to a file of mode 0600, which is deleted with the request. A
//! process that is killed leaves its files behind, and the next start of a proxy removes them. Several proxies may share a folder, so
//! each locks the files that it needs, and a lock ends with its process.

use std::fs::{self, DirEntry, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt as _;
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

/// Names of its files: this, so many letters and digits, and this.
const PREFIX: &str = "tdam-proxy-";
const RANDOM_CHARS: usize = 12;
const SUFFIX: &str = ".message";
/// How often a file is made anew that another start removed before it was locked.
const ATTEMPTS_MAX: usize = 5;

/// A body that was taken in.
pub(crate) struct Message {
    pub(crate) body: Body,
    pub(crate) bytes: u64,
    /// Deleted with the message; the lock ends after it.
    _file: Option<(TempPath, fs::File)>,
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
        Ok(Message { body: Body::file(&path), bytes: count, _file: Some((path, open.into_std().await)) })
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
    let (file, path) = new_file(folder)?;
    let mut file = File::from_std(file);
    file.write_all(memory).await?;
    Ok((file, path))
}

/// A new file, which is locked.
fn new_file(folder: &Path) -> io::Result<(fs::File, TempPath)> {
    for _ in 0..ATTEMPTS_MAX {
        // Mode 0600 from its beginning.
        let mut named = tempfile::Builder::new();
        let (file, path) =
            named.prefix(PREFIX).rand_bytes(RANDOM_CHARS).suffix(SUFFIX).tempfile_in(folder)?.into_parts();
        let is_kept = match file.try_lock() {
            Ok(()) => file.metadata()?.nlink() > 0,
            // Another start removes it at this moment.
            Err(TryLockError::WouldBlock) => false,
            // The system of this folder has no locks, so nobody removes it either.
            Err(TryLockError::Error(_)) => true,
        };
        if is_kept {
            return Ok((file, path));
        }
    }
    Err(io::Error::other("other programs remove new files from it"))
}

/// Removes the files of proxies that were killed; their number. `user` is the one that the proxy runs as.
pub(crate) fn remove_left_over(folder: &Path, user: u32) -> io::Result<usize> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // What cannot be seen or removed now stays for the next start. The lock is held until the file is gone.
        if let Ok(Some(_locked)) = left_over(&entry, user) {
            removed += usize::from(fs::remove_file(entry.path()).is_ok());
        }
    }
    Ok(removed)
}

/// A file of a proxy that nobody needs, locked.
fn left_over(entry: &DirEntry, user: u32) -> io::Result<Option<fs::File>> {
    let name = entry.file_name();
    let random = name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX));
    let is_ours =
        random.is_some_and(|part| part.len() == RANDOM_CHARS && part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if !is_ours {
        return Ok(None);
    }
    // Of a link, the metadata of the link.
    let metadata = entry.metadata()?;
    if !metadata.is_file() || metadata.uid() != user || metadata.nlink() != 1 {
        return Ok(None);
    }
    let file = fs::File::open(entry.path())?;
    Ok(file.try_lock().is_ok().then_some(file))
}

fn unkept(error: &io::Error) -> Fault {
    tracing::error!(%error, "a message cannot be written to the folder spool");
    Fault::new(Code::MessageNotKeptByProxy).closing()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_files_that_a_killed_proxy_left_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let user = fs::metadata(folder.path()).unwrap().uid();
        let (held, needed) = new_file(folder.path()).unwrap();
        let (unlocked, left) = new_file(folder.path()).unwrap();
        drop(unlocked);
        let beside = |name: &str| folder.path().join(name);
        for name in ["tdam-proxy-notes.message", "tdam-proxy-AAAAAAAAAAAA", "tdam-proxy-AAAA-AAAAAAA.message"] {
            fs::write(beside(name), "a letter").unwrap();
        }
        fs::create_dir(beside("tdam-proxy-AAAAAAAAAAAA.message")).unwrap();
        std::os::unix::fs::symlink(beside("tdam-proxy-notes.message"), beside("tdam-proxy-BBBBBBBBBBBB.message"))
            .unwrap();
        assert_eq!(remove_left_over(folder.path(), user + 1).unwrap(), 0, "of another user");
        assert_eq!(remove_left_over(folder.path(), user).unwrap(), 1);
        assert!(!left.exists() && needed.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 6);
        drop(held);
        assert_eq!(remove_left_over(folder.path(), user).unwrap(), 1);
        assert!(!needed.exists());
    }
}
