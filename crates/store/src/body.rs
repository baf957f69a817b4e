//! Arriving bodies: the store hashes them on the way, and keeps small ones in memory and large ones apart. With SQLite
//! a large body is a file that is on disk before a row can point to it (here), with PostgreSQL it is rows
//! (`postgres/bodies.rs`).
//!
//! The store removes a file only after the commit that made its row forget it. So a crash leaves at worst a file
//! without a row, which [`crate::Store::sweep_orphans`] removes; never a row without a file.

use std::collections::HashSet;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::bounds::{BODY_BYTES_MAX, BODY_BYTES_SYNCED_AT_A_TIME, BODY_INLINE_BYTES_MAX};
use crate::room::{BODY_BYTES_BETWEEN_LOOKS, Room};
use crate::{BodyHash, BodyPlace, PRIVATE_FILE_MODE, StoreError, StoredBody};

/// The folder of body files. Names begin with a prefix of this opening, so a sweep leaves alone what arrives
/// meanwhile.
#[derive(Debug)]
pub(crate) struct BodyFolder {
    folder: PathBuf,
    room: Arc<Room>,
    prefix: String,
    next: AtomicU64,
}

impl BodyFolder {
    pub(crate) fn open(folder: PathBuf, room: Arc<Room>) -> Result<Arc<BodyFolder>, StoreError> {
        /// Distinguishes two openings by one process in one microsecond.
        static OPENINGS: AtomicU64 = AtomicU64::new(0);
        crate::modes::create_folder(&folder)?;
        let opened = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
        let opening = OPENINGS.fetch_add(1, Ordering::Relaxed);
        let prefix = format!("{opened:016x}-{:x}-{opening:x}-", std::process::id());
        Ok(Arc::new(BodyFolder { folder, room, prefix, next: AtomicU64::new(0) }))
    }

    /// The folder as it is: nothing is made in it.
    pub(crate) fn looked_at(folder: PathBuf) -> BodyFolder {
        let room = Arc::new(Room::of(&folder));
        BodyFolder { folder, room, prefix: String::new(), next: AtomicU64::new(0) }
    }

    fn create(&self) -> Result<(String, File), StoreError> {
        let name = format!("{}{:x}", self.prefix, self.next.fetch_add(1, Ordering::Relaxed));
        let path = self.folder.join(&name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(PRIVATE_FILE_MODE)
            .open(&path)
            .map_err(|error| StoreError::file("creating", &path, &error))?;
        Ok((name, file))
    }

    pub(crate) fn open_file(&self, name: &str) -> Result<File, OpenError> {
        let path = self.path(name).map_err(OpenError::Store)?;
        File::open(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => OpenError::Gone,
            _ => OpenError::Store(StoreError::file("opening", &path, &error)),
        })
    }

    /// Where a file lies; names that would lead out of the folder are refused.
    fn path(&self, name: &str) -> Result<PathBuf, StoreError> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
            return Err(StoreError::Corrupt(format!("{name:?} is no name of a body file")));
        }
        Ok(self.folder.join(name))
    }

    pub(crate) fn read(&self, body: &StoredBody) -> Result<Box<dyn Read + Send>, StoreError> {
        body.place.open(|name| {
            let path = self.path(name)?;
            let file = File::open(&path).map_err(|error| StoreError::file("opening", &path, &error))?;
            Ok(Box::new(file))
        })
    }

    /// Removes a file; one that is not there is fine.
    pub(crate) fn remove(&self, name: &str) -> Result<(), StoreError> {
        let path = self.path(name)?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::file("removing", &path, &error)),
            _ => Ok(()),
        }
    }

    /// Removes the files of earlier openings that `rows` does not know; returns how many. It does not follow links: the
    /// target of a link, and a folder that is one itself, may belong to another program.
    pub(crate) fn sweep(&self, rows: &HashSet<String>) -> Result<usize, StoreError> {
        let failed = |error: io::Error| StoreError::file("listing", &self.folder, &error);
        let mut removed = 0;
        if fs::symlink_metadata(&self.folder).map_err(failed)?.is_symlink() {
            tracing::warn!(folder = %self.folder.display(), "bodies are not swept: their folder is a symbolic link");
            return Ok(0);
        }
        for entry in fs::read_dir(&self.folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if !entry.file_type().map_err(failed)?.is_file() {
                continue;
            }
            let Ok(name) = entry.file_name().into_string() else { continue };
            if !name.starts_with(&self.prefix) && !rows.contains(&name) && self.path(&name).is_ok() {
                self.remove(&name)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Bodies leave the reserve alone.
    fn refuse_without_room(&self) -> Result<(), StoreError> {
        if self.room.is_ample() { Ok(()) } else { Err(StoreError::NoRoom("for a body".to_owned())) }
    }

    fn sync_folder(&self) -> Result<(), StoreError> {
        sync_folder(&self.folder)
    }
}

/// Why a body file was not opened.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// It is not there.
    Gone,
    /// It, or its name, is not what it should be.
    Store(StoreError),
}

/// Makes the names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(|error| StoreError::file("syncing", folder, &error))
}

/// Where large bodies go.
pub(crate) trait Places: fmt::Debug + Send + Sync {
    /// Makes room for one more.
    fn begin(self: Arc<Self>) -> Result<Box<dyn Unfinished>, StoreError>;
}

/// A large body that is still arriving. Dropped before it is kept, it leaves nothing behind.
pub(crate) trait Unfinished: fmt::Debug + Send + Sync {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError>;
    /// Another handle on what is written, from its first byte on; `None` where the store has none.
    fn reader(&self) -> Result<Option<File>, StoreError> {
        Ok(None)
    }
    /// Lets such handles see all that was written.
    fn show(&mut self) -> Result<(), StoreError> {
        Ok(())
    }
    /// Makes it durable; returns its name.
    fn keep(self: Box<Self>) -> Result<String, StoreError>;
}

/// Takes a body in pieces. Dropped unfinished, it leaves nothing behind.
///
/// It writes to a file or a database, so a task of a runtime hands larger pieces, and always [`BodySink::finish`], to a
/// thread that may block.
#[derive(Debug)]
pub struct BodySink {
    places: Arc<dyn Places>,
    hash: Sha256,
    size: u64,
    inline: Vec<u8>,
    /// Nothing is kept: there is no room for it.
    is_forgone: bool,
    apart: Option<Box<dyn Unfinished>>,
}

/// A body file without a row; removed on drop until it is kept.
#[derive(Debug)]
struct UnfinishedFile {
    bodies: Arc<BodyFolder>,
    name: Option<String>,
    writer: BufWriter<File>,
    /// Bytes since the last look at the disk.
    since_look: u64,
    syncing: Syncing,
}

/// Syncs a file while more is written to it, on a thread beside: when the last byte is written, little is left to be synced.
#[derive(Debug, Default)]
struct Syncing {
    /// Bytes since the last sync began.
    since: usize,
    under_way: Option<JoinHandle<io::Result<()>>>,
}

impl Syncing {
    /// So many bytes more were written.
    fn wrote(&mut self, file: &File, bytes: usize) -> io::Result<()> {
        self.since += bytes;
        if self.since < BODY_BYTES_SYNCED_AT_A_TIME || self.under_way.as_ref().is_some_and(|sync| !sync.is_finished()) {
            return Ok(());
        }
        self.end()?;
        self.since = 0;
        let file = file.try_clone()?;
        self.under_way = Some(thread::Builder::new().name("store-sync".to_owned()).spawn(move || file.sync_data())?);
        Ok(())
    }

    /// Waits for the sync under way. The kernel reports a fault of a file's pages once, perhaps here.
    fn end(&mut self) -> io::Result<()> {
        match self.under_way.take() {
            Some(sync) => sync.join().unwrap_or_else(|_| Err(io::Error::other("a sync panicked"))),
            None => Ok(()),
        }
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        if let Some(name) = self.name.take()
            && let Err(error) = self.bodies.remove(&name)
        {
            tracing::warn!(%error, "an unfinished body stays until the next sweep");
        }
    }
}

impl UnfinishedFile {
    fn path(&self) -> PathBuf {
        self.bodies.folder.join(self.name.as_deref().unwrap_or_default())
    }
}

impl Places for BodyFolder {
    fn begin(self: Arc<Self>) -> Result<Box<dyn Unfinished>, StoreError> {
        self.refuse_without_room()?;
        let (name, file) = self.create()?;
        let writer = BufWriter::with_capacity(BODY_INLINE_BYTES_MAX, file);
        Ok(Box::new(UnfinishedFile {
            bodies: self,
            name: Some(name),
            writer,
            since_look: 0,
            syncing: Syncing::default(),
        }))
    }
}

impl Unfinished for UnfinishedFile {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.since_look += bytes.len() as u64;
        if self.since_look > BODY_BYTES_BETWEEN_LOOKS {
            self.since_look = 0;
            self.bodies.refuse_without_room()?;
        }
        let written =
            self.writer.write_all(bytes).and_then(|()| self.syncing.wrote(self.writer.get_ref(), bytes.len()));
        written.map_err(|error| StoreError::file("writing", &self.path(), &error))
    }

    fn reader(&self) -> Result<Option<File>, StoreError> {
        let opened = File::open(self.path()).map_err(|error| StoreError::file("opening", &self.path(), &error));
        opened.map(Some)
    }

    fn show(&mut self) -> Result<(), StoreError> {
        self.writer.flush().map_err(|error| StoreError::file("writing", &self.path(), &error))
    }

    fn keep(mut self: Box<Self>) -> Result<String, StoreError> {
        let flushed = self.writer.flush().and_then(|()| self.syncing.end());
        let synced = flushed.and_then(|()| self.writer.get_ref().sync_all());
        synced.map_err(|error| StoreError::file("syncing", &self.path(), &error))?;
        self.bodies.sync_folder()?;
        Ok(self.name.take().unwrap_or_default())
    }
}

impl BodySink {
    pub(crate) fn new(places: Arc<dyn Places>) -> BodySink {
        BodySink { places, hash: Sha256::new(), size: 0, inline: Vec::new(), is_forgone: false, apart: None }
    }

    /// Takes the next bytes. When there is no room for them, the body is hashed to its end and not kept.
    ///
    /// # Errors
    /// When the piece cannot be written for another reason, or the body is over [`BODY_BYTES_MAX`].
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.size += bytes.len() as u64;
        if self.size > BODY_BYTES_MAX {
            return Err(StoreError::TooBig("body"));
        }
        self.hash.update(bytes);
        if self.is_forgone {
            return Ok(());
        }
        match self.keep(bytes) {
            Err(StoreError::NoRoom(reason)) => {
                tracing::debug!(reason, "a body is not kept");
                self.forgo();
                Ok(())
            }
            kept => kept,
        }
    }

    /// Keeps nothing of the body: only hashes it, so that the exchange can find a stored answer.
    pub fn forgo(&mut self) {
        (self.is_forgone, self.inline, self.apart) = (true, Vec::new(), None);
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        match &mut self.apart {
            Some(apart) => apart.write(bytes),
            None if self.inline.len() + bytes.len() <= BODY_INLINE_BYTES_MAX => {
                self.inline.extend_from_slice(bytes);
                Ok(())
            }
            None => {
                let mut apart = Arc::clone(&self.places).begin()?;
                apart.write(&self.inline)?;
                apart.write(bytes)?;
                self.inline = Vec::new();
                self.apart = Some(apart);
                Ok(())
            }
        }
    }

    /// Bytes taken so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// A handle on the taken bytes, from the first one on, for a thread that reads while more arrive. `None` when the body is
    /// small so far, when nothing is kept of it, and where the store has no such handle.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn reader(&self) -> Result<Option<File>, StoreError> {
        self.apart.as_ref().map_or(Ok(None), |apart| apart.reader())
    }

    /// Lets such a handle see all that was taken; returns how many bytes that are. `None` when nothing is kept any more.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn show(&mut self) -> Result<Option<u64>, StoreError> {
        let Some(apart) = &mut self.apart else { return Ok(None) };
        apart.show()?;
        Ok(Some(self.size))
    }

    /// Ends the body. If it is kept apart, it is durable when this returns; a caller that writes no row for it then calls
    /// [`crate::Store::remove_body`]. [`BodyPlace::Forgotten`] when there was no room for it.
    ///
    /// # Errors
    /// When it cannot be made durable.
    pub fn finish(self) -> Result<StoredBody, StoreError> {
        let place = match self.apart {
            _ if self.is_forgone => BodyPlace::Forgotten,
            Some(apart) => match apart.keep() {
                Ok(name) => BodyPlace::Apart(name),
                Err(StoreError::NoRoom(_)) => BodyPlace::Forgotten,
                Err(error) => return Err(error),
            },
            None => BodyPlace::Inline(self.inline),
        };
        Ok(StoredBody { hash: BodyHash(self.hash.finalize().into()), size: self.size, place })
    }
}

impl Write for BodySink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.append(bytes).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
