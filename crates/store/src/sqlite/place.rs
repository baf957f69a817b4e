//! Checks whether the database file in the folder is still the open one.
//!
//! A file that was removed, replaced or truncated under a running process stays readable for a while, from the page
//! cache and the log; later writes get lost, or damage the file in its place.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::files::{DATABASE_FILE, IDENTITY_FILE};
use crate::StoreError;

#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    identity: PathBuf,
    device: u64,
    inode: u64,
    /// The longest that the file was seen. It never shrinks: nothing vacuums it.
    bytes: AtomicU64,
}

impl Place {
    pub(super) fn of(folder: &Path) -> Result<Place, StoreError> {
        let path = folder.join(DATABASE_FILE);
        let found = metadata(&path)?.ok_or(StoreError::Missing("the database file"))?;
        Ok(Place {
            path,
            identity: folder.join(IDENTITY_FILE),
            device: found.dev(),
            inode: found.ino(),
            bytes: AtomicU64::new(found.len()),
        })
    }

    pub(super) fn verify(&self) -> Result<(), StoreError> {
        let wrong =
            |reason: &str| Err(StoreError::WrongDatabase { file: self.path.clone(), reason: reason.to_owned() });
        match metadata(&self.path)? {
            None => wrong("was removed while the service runs. Stop the service and restore a backup"),
            Some(found) if (found.dev(), found.ino()) != (self.device, self.inode) => wrong(
                "was replaced by another file while the service runs. Stop the service and put the right one back",
            ),
            Some(found) if found.len() < self.bytes.fetch_max(found.len(), Ordering::Relaxed) => {
                wrong("was cut off while the service runs. Stop the service and restore a backup")
            }
            Some(_) if metadata(&self.identity)?.is_none() => {
                wrong("is not claimed by its folder any more: tdam.id was removed while the service runs")
            }
            Some(_) => Ok(()),
        }
    }
}

fn metadata(path: &Path) -> Result<Option<Metadata>, StoreError> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(Some(metadata)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::file("reading", path, &error)),
    }
}
