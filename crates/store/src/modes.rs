//! File modes of the store: only the service's user may read its files.
//!
//! SQLite gives its log and its shared memory the mode of the database file, so that one decides for all three.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// The owner's rights to a file of the store; others have none.
pub const PRIVATE_FILE_MODE: u32 = 0o600;
/// The same for a folder.
pub const PRIVATE_FOLDER_MODE: u32 = 0o700;
/// What others could do.
const OTHERS: u32 = 0o077;

/// Makes a folder and those above it; leaves existing ones unchanged.
pub(crate) fn create_folder(folder: &Path) -> Result<(), StoreError> {
    let made = DirBuilder::new().recursive(true).mode(PRIVATE_FOLDER_MODE).create(folder);
    made.map_err(|error| StoreError::file("creating", folder, &error))
}

/// Makes an empty file, so that the program that opens it next finds the right mode.
pub(crate) fn create_file(path: &Path) -> Result<(), StoreError> {
    match OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE_MODE).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(StoreError::file("creating", path, &error)),
        _ => Ok(()),
    }
}

/// Closes a folder and the files in it to others; returns those that were open. It ignores folders in it and links. It
/// need not check files in a folder that is closed already.
pub(crate) fn close_to_others(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let failed = |error: io::Error| StoreError::file("listing", folder, &error);
    let mut closed = Vec::new();
    // The folder first: from then on no other user can reach its content.
    match close_one(folder)? {
        Some(folder) => closed.push(folder),
        None => return Ok(closed),
    }
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_file() {
            closed.extend(close_one(&entry.path())?);
        }
    }
    Ok(closed)
}

fn close_one(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        // Files of bodies and of the log come and go.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::file("reading", path, &error)),
    };
    let mode = metadata.mode();
    if mode & OTHERS == 0 {
        return Ok(None);
    }
    match fs::set_permissions(path, Permissions::from_mode(mode & !OTHERS & 0o7777)) {
        Ok(()) => Ok(Some(path.to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(_) => {
            let shown = path.display();
            Err(StoreError::Refused(format!(
                "{shown} can be read by other users (mode {:03o}), and belongs to another user: run `chmod go= {shown}` as \
                 its owner, or `chown` it to the user of the service",
                mode & 0o777
            )))
        }
    }
}
