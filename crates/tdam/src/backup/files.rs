//! Files of a backup: hashed, written for their owner alone, and on disk before anything relies on them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::hexadecimal::hexadecimal;
use crate::terminal::Failure;

/// The folder of the data, in a backup and in a restored exchange.
pub(crate) const DATA: &str = "data";

/// The checkpoints of the audit chain in a backup, one a line.
pub(super) const CHECKPOINTS: &str = "checkpoints.jsonl";

const PRIVATE_FILE_MODE: u32 = 0o600;
const PRIVATE_FOLDER_MODE: u32 = 0o700;
const COPY_BYTES: usize = 256 << 10;

/// SHA-256.
pub(super) struct Digest;

impl Digest {
    pub(super) fn of(bytes: &[u8]) -> [u8; 32] {
        Sha256::digest(bytes).into()
    }
}

/// Reads a file to its end, into `to`; returns its length and hash. Calls `done` for each piece.
pub(super) fn stream(path: &Path, to: &mut dyn Write, done: &mut dyn FnMut(u64)) -> Result<(u64, String), io::Error> {
    let mut from = File::open(path)?;
    let (mut hash, mut length, mut buffer) = (Sha256::new(), 0, vec![0; COPY_BYTES]);
    loop {
        let read = from.read(&mut buffer)?;
        if read == 0 {
            return Ok((length, hexadecimal(&hash.finalize())));
        }
        hash.update(&buffer[..read]);
        to.write_all(&buffer[..read])?;
        length += read as u64;
        done(read as u64);
    }
}

/// Writes a new file that only its owner may read, and syncs it.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = create(path, true)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(Failure::output(path))
}

/// A new file, for its owner alone or as the process usually makes them.
pub(crate) fn create(path: &Path, private: bool) -> Result<File, Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    if private {
        options.mode(PRIVATE_FILE_MODE);
    }
    options.open(path).map_err(|error| match error.kind() {
        // As every command that would overwrite something.
        io::ErrorKind::AlreadyExists => {
            Failure::Usage(format!("{} is there already, and nothing is overwritten", path.display()))
        }
        _ => Failure::output(path)(error),
    })
}

pub(super) fn sync_folder(folder: &Path) -> Result<(), Failure> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(Failure::output(folder))
}

/// All files below a folder, relative to it, in order.
pub(super) fn files_below(folder: &Path) -> Result<Vec<String>, Failure> {
    let (mut found, mut open) = (Vec::new(), vec![PathBuf::new()]);
    while let Some(inside) = open.pop() {
        let here = folder.join(&inside);
        for entry in fs::read_dir(&here).map_err(Failure::input(&here))? {
            let entry = entry.map_err(Failure::input(&here))?;
            let path = inside.join(entry.file_name());
            if entry.file_type().map_err(Failure::input(&here))?.is_dir() {
                open.push(path);
            } else {
                found.push(path.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A folder that is being filled beside its place. Dropped before it is complete, it is taken away again.
pub(crate) struct UnfinishedFolder {
    folder: PathBuf,
    place: PathBuf,
    complete: bool,
}

impl UnfinishedFolder {
    /// Begins a folder; its place must be free, or be an empty folder where that is said.
    pub(crate) fn begin(place: &Path, or_empty: bool) -> Result<UnfinishedFolder, Failure> {
        let is_empty = |place: &Path| fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none());
        if fs::symlink_metadata(place).is_ok() && !(or_empty && is_empty(place)) {
            return Err(Failure::Usage(format!("{} exists: nothing is ever overwritten", place.display())));
        }
        let Some(name) = place.file_name() else {
            return Err(Failure::Usage(format!("{} is no name of a new folder", place.display())));
        };
        let mut name = name.to_os_string();
        name.push(".unfinished");
        let folder = place.with_file_name(name);
        match fs::DirBuilder::new().mode(PRIVATE_FOLDER_MODE).create(&folder) {
            Ok(()) => Ok(UnfinishedFolder { folder, place: place.to_owned(), complete: false }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let text = "is being written by another command, or was left by one that was killed: then remove it";
                Err(Failure::Usage(format!("{} {text}", folder.display())))
            }
            Err(error) => Err(Failure::Output { path: folder, source: error }),
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folders that lead to a file in it.
    pub(crate) fn place_of(&self, path: &str) -> Result<PathBuf, Failure> {
        let file = self.folder.join(path);
        if let Some(parent) = file.parent() {
            fs::create_dir_all(parent).map_err(Failure::output(parent))?;
        }
        Ok(file)
    }

    /// Puts it in its place: from here on it is there, also after a power cut.
    pub(crate) fn complete(mut self) -> Result<(), Failure> {
        for entry in fs::read_dir(&self.folder).map_err(Failure::input(&self.folder))?.flatten() {
            if entry.path().is_dir() {
                sync_folder(&entry.path())?;
            }
        }
        sync_folder(&self.folder)?;
        // An empty folder in its place is replaced; anything else makes it fail.
        fs::rename(&self.folder, &self.place).map_err(Failure::output(&self.place))?;
        self.complete = true;
        let parent = self.place.parent().filter(|parent| !parent.as_os_str().is_empty());
        sync_folder(parent.unwrap_or(Path::new(".")))
    }
}

impl Drop for UnfinishedFolder {
    fn drop(&mut self) {
        if !self.complete
            && let Err(error) = fs::remove_dir_all(&self.folder)
        {
            tracing::warn!(%error, folder = %self.folder.display(), "an unfinished folder stays");
        }
    }
}
