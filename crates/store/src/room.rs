//! Room on the disk of a data folder, and its reserve.
//!
//! The reserve is a file of real blocks beside the database. When the disk is full, the store empties it, and its room
//! is for jobs that ask for it ([`crate::Store::write_with_reserve`]): so an operator can still revoke and block. The
//! store refuses all other jobs before they write, as long as it cannot fill the reserve again.
//!
//! The store cannot see the disks of database servers: it knows only the size of the database.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustix::fs::FallocateFlags;

use crate::StoreError;

const RESERVE_FILE: &str = "reserve";

/// Others have no business in the data folder.
const RESERVE_FILE_MODE: u32 = 0o600;

/// A job writes some pages to the log, and its checkpoint as many to the database.
const FREE_BYTES_MIN: u64 = 1 << 20;

/// Bytes of a body that the store writes between two looks at the disk.
pub(crate) const BODY_BYTES_BETWEEN_LOOKS: u64 = 1 << 20;

/// Small jobs come by the thousand: they share a look.
const LOOK_HOLDS: Duration = Duration::from_millis(20);

/// The state of the room for a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomState {
    /// The file system of the data folder.
    Disk {
        /// Free for this process, without the reserve.
        free_bytes: u64,
        /// In all.
        total_bytes: u64,
        /// Bytes held back.
        reserve_bytes: u64,
    },
    /// The size of a database whose disk cannot be seen.
    Database {
        /// Bytes it takes.
        used_bytes: u64,
    },
}

/// The room for a data folder.
#[derive(Debug)]
pub(crate) struct Room {
    folder: PathBuf,
    /// Wanted size of the reserve; 0 where no service keeps one.
    reserve_wanted: AtomicU64,
    looked: Mutex<Option<(Instant, bool)>>,
}

impl Room {
    pub(crate) fn of(folder: &Path) -> Room {
        Room { folder: folder.to_owned(), reserve_wanted: AtomicU64::new(0), looked: Mutex::default() }
    }

    fn path(&self) -> PathBuf {
        self.folder.join(RESERVE_FILE)
    }

    fn reserve_bytes(&self) -> u64 {
        fs::metadata(self.path()).map_or(0, |metadata| metadata.len())
    }

    fn free_and_total(&self) -> io::Result<(u64, u64)> {
        let of = rustix::fs::statvfs(&self.folder)?;
        Ok((of.f_bavail.saturating_mul(of.f_frsize), of.f_blocks.saturating_mul(of.f_frsize)))
    }

    pub(crate) fn state(&self) -> Result<RoomState, StoreError> {
        let looked = self.free_and_total();
        let (free_bytes, total_bytes) =
            looked.map_err(|error| StoreError::file("looking at the room of", &self.folder, &error))?;
        Ok(RoomState::Disk { free_bytes, total_bytes, reserve_bytes: self.reserve_bytes() })
    }

    /// Whether there is room without the reserve. On a disk that cannot be measured, a write shows it.
    pub(crate) fn is_ample(&self) -> bool {
        let Ok((free, _)) = self.free_and_total() else { return true };
        let missing = self.reserve_wanted.load(Ordering::Acquire).saturating_sub(self.reserve_bytes());
        free >= FREE_BYTES_MIN.saturating_add(missing)
    }

    /// The same for frequent callers.
    pub(crate) fn was_ample(&self) -> bool {
        let mut looked = self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        match *looked {
            Some((at, ample)) if at.elapsed() < LOOK_HOLDS => ample,
            _ => {
                let ample = self.is_ample();
                *looked = Some((Instant::now(), ample));
                ample
            }
        }
    }

    /// Before a job that may use the reserve: when the disk is as good as full, the reserve is given up.
    pub(crate) fn make_room(&self) {
        if self.free_and_total().is_ok_and(|(free, _)| free < FREE_BYTES_MIN) {
            self.release();
        }
    }

    /// Gives up the reserve. Returns whether there was one.
    pub(crate) fn release(&self) -> bool {
        if self.reserve_bytes() == 0 {
            return false;
        }
        let emptied = OpenOptions::new().write(true).open(self.path()).and_then(|file| file.set_len(0));
        match &emptied {
            Ok(()) => tracing::warn!("the disk is full: the reserve is given up for operators"),
            Err(error) => tracing::error!(%error, "the reserve could not be given up"),
        }
        emptied.is_ok()
    }

    /// Makes the reserve, or fills it again when there is room for twice as much. Returns how many bytes it has.
    pub(crate) fn keep_reserve(&self, wanted: u64) -> Result<u64, StoreError> {
        self.reserve_wanted.store(wanted, Ordering::Release);
        let has = self.reserve_bytes();
        let path = self.path();
        let failed = |error: io::Error| StoreError::file("filling", &path, &error);
        if has >= wanted {
            return Ok(has);
        }
        let (free, _) = self.free_and_total().map_err(failed)?;
        if free < wanted.saturating_sub(has).saturating_mul(2).saturating_add(FREE_BYTES_MIN) {
            return Ok(has);
        }
        let opened = OpenOptions::new().create(true).truncate(false).write(true).mode(RESERVE_FILE_MODE).open(&path);
        let file = opened.map_err(failed)?;
        if let Err(error) = fill(&file, wanted) {
            // Half a reserve is worth something, but its length must not say more than its blocks.
            let _ = file.set_len(0);
            return Err(failed(error));
        }
        file.sync_all().map_err(failed)?;
        Ok(wanted)
    }
}

/// Real blocks: a hole would hold nothing back.
fn fill(mut file: &File, bytes: u64) -> io::Result<()> {
    static ZEROS: [u8; 64 << 10] = [0; 64 << 10];
    if rustix::fs::fallocate(file, FallocateFlags::empty(), 0, bytes).is_ok() {
        return Ok(());
    }
    let mut left = bytes;
    while left > 0 {
        let now = left.min(ZEROS.len() as u64);
        file.write_all(&ZEROS[..usize::try_from(now).unwrap_or(ZEROS.len())])?;
        left -= now;
    }
    Ok(())
}
