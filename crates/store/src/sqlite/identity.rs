//! Checks whether a database belongs to its folder.
//!
//! The database has a random identity, and so have its folder and the folder of its bodies. The store recognises a
//! folder whose database is missing, or another one, before it changes anything there, above all before it takes bodies
//! for orphans.
//!
//! The store writes a new identity to the folders under a temporary name before the transaction that gives it to the
//! database commits, and renames it afterwards. So after a crash at any point the next opening can complete it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::files::{BODY_FOLDER, DATABASE_FILE, IDENTITY_FILE};
use super::query::optional;
use crate::body::sync_folder;
use crate::statement::statements;
use crate::{PRIVATE_FILE_MODE, StoreError};

statements! {
    const IDENTITY: Statement = ("SELECT lower(hex(identity)) FROM state");
}

/// [`IDENTITY_FILE`] while the database does not know of it yet.
const UNCONFIRMED_FILE: &str = "tdam.id.new";
/// The version of the schema that has an identity.
pub(super) const IDENTITY_VERSION: i64 = 5;
/// More than an identity has.
const FILE_BYTES_MAX: u64 = 1024;

/// The folders that belong to a database.
fn places(folder: &Path) -> [PathBuf; 2] {
    [folder.to_owned(), folder.join(BODY_FOLDER)]
}

/// The database's own identity; `None` before it has one.
pub(super) fn of_database(connection: &Connection) -> Result<Option<String>, StoreError> {
    optional(connection, IDENTITY, [], |row| row.text())
}

/// Whether a folder belongs to some database already.
pub(super) fn is_claimed(folder: &Path) -> bool {
    folder.join(IDENTITY_FILE).is_file()
}

/// Refuses a folder that belongs to another database.
pub(super) fn verify(folder: &Path, identity: &str) -> Result<(), StoreError> {
    for place in places(folder) {
        let file = place.join(IDENTITY_FILE);
        match read(&file)? {
            Some(found) if found == identity => {}
            Some(_) => {
                let reason = format!(
                    "names another database than {} beside it. Put the right database back (tdam restore, or the file that \
                     was moved away), or correct `data` in the configuration. Nothing was changed",
                    folder.join(DATABASE_FILE).display()
                );
                return Err(StoreError::WrongDatabase { file, reason });
            }
            None if read(&place.join(UNCONFIRMED_FILE))?.as_deref() == Some(identity) => confirm_one(&place)?,
            None => {
                let reason = format!(
                    "does not exist, so the folder may not be the one of {}: is its disk mounted? If it is, write {identity} \
                     into it. Nothing was changed",
                    folder.join(DATABASE_FILE).display()
                );
                return Err(StoreError::WrongDatabase { file, reason });
            }
        }
    }
    Ok(())
}

/// Says to the folders which database is going to be theirs.
pub(super) fn claim(folder: &Path, identity: &str) -> Result<(), StoreError> {
    for place in places(folder) {
        write(&place.join(UNCONFIRMED_FILE), identity)?;
        sync_folder(&place)?;
    }
    Ok(())
}

/// The database has the identity that was claimed.
pub(super) fn confirm(folder: &Path) -> Result<(), StoreError> {
    places(folder).iter().try_for_each(|place| confirm_one(place))
}

/// Another process that opens the folder may have been faster.
fn confirm_one(place: &Path) -> Result<(), StoreError> {
    let (from, to) = (place.join(UNCONFIRMED_FILE), place.join(IDENTITY_FILE));
    match fs::rename(&from, &to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::file("renaming", &from, &error)),
        _ => sync_folder(place),
    }
}

/// Gives the folders of a copy their identity.
pub(super) fn write_to_copy(folder: &Path, identity: &str) -> Result<(), StoreError> {
    claim(folder, identity)?;
    confirm(folder)
}

fn read(path: &Path) -> Result<Option<String>, StoreError> {
    let mut text = String::new();
    match File::open(path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_string(&mut text)) {
        Ok(_) => Ok(Some(text.trim().to_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::file("reading", path, &error)),
    }
}

fn write(path: &Path, identity: &str) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    let opened = options.create(true).truncate(true).write(true).mode(PRIVATE_FILE_MODE).open(path);
    let written = opened.and_then(|mut file| {
        writeln!(file, "{identity}")?;
        file.sync_all()
    });
    written.map_err(|error| StoreError::file("writing", path, &error))
}
