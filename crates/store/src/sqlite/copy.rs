//! Copies a store that may be in use.
//!
//! SQLite's backup copies the database page by page inside one snapshot. Its only cost for the writer is that SQLite
//! cannot cut back the write-ahead log meanwhile. `VACUUM INTO` would read the same pages, build every index anew, and
//! take several times as long for a smaller file, and hold the snapshot all that time.
//!
//! Bodies never change, so the copy can take those that the snapshot names after it, if they still exist. The store
//! removes a body when its submission becomes no message, which happens only to unanswered ones: the copy opens these
//! in the first moment of the snapshot, and can read an open file to its end. If one disappeared in between, the copy
//! begins again with a new snapshot. Bodies of answered messages, which retention removes, stay as long as a copy holds
//! their lock.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::codec::failed;
use super::query::{list, one, optional, prepare};
use super::{files, identity, open};
use crate::body::{BodyFolder, OpenError, sync_folder};
use crate::codec::Columns;
use crate::statement::statements;
use crate::{PRIVATE_FILE_MODE, StoreError, bounds, modes};

statements! {
    const STILL_NAMED: Statement = ("SELECT 1 FROM submission WHERE body_file = ?1");
    const BODY_BYTES: Statement = ("SELECT coalesce(sum(size), 0) FROM submission WHERE body_file IS NOT NULL");
    /// The database may be of a version that sets nothing aside.
    const UNANSWERED_BODIES: Statement = ("SELECT body_file FROM submission
        WHERE body_file IS NOT NULL AND state IN (0, 3) ORDER BY id LIMIT ?1");
    const ALL_BODIES: Statement = ("SELECT body_file FROM submission WHERE body_file IS NOT NULL");
}

/// The progress of a copy, in bytes.
struct Done<'p> {
    done: u64,
    all: u64,
    tell: &'p mut dyn FnMut(u64, u64),
}

impl Done<'_> {
    fn at(&mut self, done: u64) {
        self.done = done;
        (self.tell)(self.done, self.all);
    }
}

/// Why an attempt did not succeed.
enum Halt {
    /// A body was removed under it.
    Gone(String),
    Store(StoreError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Halt {
        Halt::Store(error)
    }
}

pub(super) fn copy(
    connection: &Connection,
    bodies: &BodyFolder,
    target: &Path,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<(), StoreError> {
    for _ in 0..bounds::COPY_ATTEMPTS_MAX {
        match attempt(connection, bodies, target, tell) {
            Ok(()) => return Ok(()),
            Err(Halt::Store(error)) => return Err(error),
            Err(Halt::Gone(name)) => {
                // The snapshot is over: this is how the row stands now.
                if optional(connection, STILL_NAMED, [&name], |row| row.integer())?.is_some() {
                    return Err(StoreError::Corrupt(format!("body file {name} is missing")));
                }
            }
        }
    }
    Err(StoreError::Unavailable("bodies were removed faster than they could be copied".to_owned()))
}

fn attempt(
    connection: &Connection,
    bodies: &BodyFolder,
    target: &Path,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<(), Halt> {
    // Ends, with its snapshot, when it is dropped.
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let held = hold_unanswered(&snapshot, bodies)?;
    let database_bytes = database_bytes(&snapshot)?;
    let body_bytes = one(&snapshot, BODY_BYTES, [], |row| row.unsigned())?;
    let mut done = Done { done: 0, all: database_bytes + body_bytes, tell };
    copy_database(&snapshot, &target.join(files::DATABASE_FILE), database_bytes, &mut done)?;
    copy_bodies(&snapshot, bodies, held, &target.join(files::BODY_FOLDER), &mut done)?;
    if open::user_version(&snapshot)? >= identity::IDENTITY_VERSION
        && let Some(identity) = identity::of_database(&snapshot)?
    {
        identity::write_to_copy(target, &identity)?;
    }
    Ok(sync_folder(target)?)
}

/// Opens the bodies that may go.
fn hold_unanswered(snapshot: &Connection, bodies: &BodyFolder) -> Result<HashMap<String, File>, Halt> {
    let names = list(snapshot, UNANSWERED_BODIES, [bounds::COPY_BODIES_HELD_MAX], |row| row.text())?;
    names.into_iter().map(|name| open_body(bodies, &name).map(|file| (name, file))).collect()
}

fn open_body(bodies: &BodyFolder, name: &str) -> Result<File, Halt> {
    bodies.open_file(name).map_err(|error| match error {
        OpenError::Gone => Halt::Gone(name.to_owned()),
        OpenError::Store(error) => Halt::Store(error),
    })
}

fn database_bytes(snapshot: &Connection) -> Result<u64, StoreError> {
    let pragma = |name: &str| snapshot.pragma_query_value(None, name, |row| row.get::<_, u32>(0)).map_err(failed);
    Ok(u64::from(pragma("page_count")?) * u64::from(pragma("page_size")?))
}

fn copy_database(snapshot: &Connection, path: &Path, bytes: u64, done: &mut Done<'_>) -> Result<(), StoreError> {
    // What an attempt before this one left.
    remove(path)?;
    modes::create_file(path)?;
    let mut copied = Connection::open(path).map_err(failed)?;
    // It is synced as a whole, and thrown away as a whole when something fails.
    copied.pragma_update(None, "synchronous", "OFF").map_err(failed)?;
    copied.pragma_update(None, "journal_mode", "OFF").map_err(failed)?;
    let backup = Backup::new(snapshot, &mut copied).map_err(failed)?;
    loop {
        let step = backup.step(bounds::COPY_STEP_PAGES).map_err(failed)?;
        let pages = backup.progress();
        let (left, all) = (u64::from(pages.remaining.unsigned_abs()), u64::from(pages.pagecount.unsigned_abs()));
        done.at(bytes.saturating_sub(bytes * left / all.max(1)));
        match step {
            StepResult::More => {}
            StepResult::Done => break,
            // Inside a snapshot the store waits for no lock.
            _ => return Err(StoreError::Unavailable("the database is locked".to_owned())),
        }
    }
    drop(backup);
    copied.close().map_err(|(_, error)| failed(error))?;
    File::open(path).and_then(|file| file.sync_all()).map_err(|error| StoreError::file("syncing", path, &error))
}

fn copy_bodies(
    snapshot: &Connection,
    bodies: &BodyFolder,
    mut held: HashMap<String, File>,
    target: &Path,
    done: &mut Done<'_>,
) -> Result<(), Halt> {
    if target.exists() {
        fs::remove_dir_all(target).map_err(|error| StoreError::file("removing", target, &error))?;
    }
    modes::create_folder(target)?;
    let mut statement = prepare(snapshot, ALL_BODIES)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let name = Columns::of(row).text()?;
        let body = match held.remove(&name) {
            Some(body) => body,
            None => open_body(bodies, &name)?,
        };
        let copied = copy_file(body, &target.join(&name))?;
        done.at(done.done + copied);
    }
    Ok(sync_folder(target)?)
}

fn copy_file(mut from: File, to: &Path) -> Result<u64, StoreError> {
    let copied =
        OpenOptions::new().write(true).create_new(true).mode(PRIVATE_FILE_MODE).open(to).and_then(|mut file| {
            let bytes = io::copy(&mut from, &mut file)?;
            file.sync_all().map(|()| bytes)
        });
    copied.map_err(|error| StoreError::file("writing", to, &error))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::file("removing", path, &error)),
        _ => Ok(()),
    }
}
