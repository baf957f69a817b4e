//! A store at rest in its folder: this module copies it, checks it and sums it up, but neither migrates nor writes it.
//!
//! A backup needs this, since it must be possible before an upgrade, and so does a copy, which must stay unchanged. A
//! service may work on the folder meanwhile: each look is one snapshot and blocks no other work.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Connection;

use super::open::{self, Access};
use super::query::optional;
use super::session::Session;
use super::{check, copy, files};
use crate::body::{BodyFolder, OpenError};
use crate::statement::statements;
use crate::{Bodies, BodiesLock, CheckReport, Reading, StoreError, StoredBody};

statements! {
    const STATE: Statement = ("SELECT business_day, last_sequence FROM state");
    const LAST_LINE: Statement = ("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
    /// Ids are given when a submission arrives; the last answer may be that of an earlier one.
    const LAST_MESSAGE: Statement = ("SELECT c.name, m.message_id, m.consumed_at
        FROM message m JOIN client c ON c.id = m.client ORDER BY m.consumed_at DESC, m.id DESC LIMIT 1");
}

/// A SQLite store in a folder, opened only for reading.
#[derive(Debug)]
pub struct AtRest {
    folder: PathBuf,
    connection: Connection,
    bodies: BodyFolder,
}

/// What distinguishes a copy from another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Version of the schema.
    pub schema: i64,
    /// The business day; `None` before the first one.
    pub business_day: Option<Date>,
    /// Sequence of the newest entry; 0 when there is none.
    pub last_sequence: i64,
    /// Lines of the audit chain.
    pub audit_lines: i64,
    /// Hash of its last line; that of its start when it has none.
    pub audit_head: [u8; 32],
    /// The message that was answered last.
    pub last_message: Option<LastMessage>,
}

/// The message that was answered last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastMessage {
    /// Its client's name.
    pub client: String,
    /// `MsgId`.
    pub message_id: String,
    /// When it was answered.
    pub consumed_at: Timestamp,
}

impl AtRest {
    /// Looks at the store in a folder. One of an older version is taken as it is.
    ///
    /// # Errors
    /// [`StoreError::File`] when there is none, [`StoreError::NewerDatabase`], [`StoreError::Corrupt`].
    pub fn open(folder: &Path, access: Access) -> Result<AtRest, StoreError> {
        let connection = open::at_rest(folder, access)?;
        let bodies = BodyFolder::looked_at(folder.join(files::BODY_FOLDER));
        Ok(AtRest { folder: folder.to_owned(), connection, bodies })
    }

    /// Looks at the store that this process has open.
    pub(super) fn beside_ourselves(folder: &Path) -> Result<AtRest, StoreError> {
        let connection = open::beside_ourselves(folder)?;
        let bodies = BodyFolder::looked_at(folder.join(files::BODY_FOLDER));
        Ok(AtRest { folder: folder.to_owned(), connection, bodies })
    }

    /// Whether a folder holds a SQLite store.
    #[must_use]
    pub fn is_at(folder: &Path) -> bool {
        folder.join(files::DATABASE_FILE).is_file()
    }

    /// Which state it is in.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn summary(&self) -> Result<Summary, StoreError> {
        let snapshot = self.connection.unchecked_transaction().map_err(super::codec::failed)?;
        let state = optional(&snapshot, STATE, [], |row| Ok((row.date_if_any()?, row.integer()?)))?;
        let (business_day, last_sequence) = state.ok_or(StoreError::Missing("state"))?;
        let audit = optional(&snapshot, LAST_LINE, [], |row| Ok((row.integer()?, row.digest()?)))?;
        let (audit_lines, audit_head) = audit.unwrap_or((0, crate::AUDIT_CHAIN_START));
        let last_message = optional(&snapshot, LAST_MESSAGE, [], |row| {
            Ok(LastMessage { client: row.text()?, message_id: row.text()?, consumed_at: row.timestamp()? })
        })?;
        let schema = open::user_version(&snapshot)?;
        Ok(Summary { schema, business_day, last_sequence, audit_lines, audit_head, last_message })
    }

    /// Checks the database's own structure, the audit chain, the invariants, and the bodies. Of a database of an
    /// older version only the first two and the last. `progress` gets bytes of bodies.
    ///
    /// # Errors When it is not readable at all; the report has other faults.
    pub fn check(&self, bodies: Bodies, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport, StoreError> {
        check::check(&self.connection, &self.bodies, bodies, progress)
    }

    /// Reads from one snapshot.
    ///
    /// # Errors The job's error; otherwise the store's own errors.
    pub fn read<T>(&self, job: impl FnOnce(&mut dyn Reading) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let snapshot = self.connection.unchecked_transaction().map_err(super::codec::failed)?;
        job(&mut Session::new(&snapshot))
    }

    /// Opens a body for reading.
    ///
    /// # Errors
    /// When the file cannot be opened, or the body was forgotten.
    pub fn open_body(&self, body: &StoredBody) -> Result<Box<dyn Read + Send>, StoreError> {
        body.place.open(|name| match self.bodies.open_file(name) {
            Ok(file) => Ok(Box::new(io::BufReader::new(file))),
            Err(OpenError::Gone) => Err(StoreError::Missing("body")),
            Err(OpenError::Store(error)) => Err(error),
        })
    }

    /// Copies one state of it into an empty folder: the database, and every body that its rows name. All of it is on
    /// disk when this returns. `progress` gets bytes: how many are done, of how many.
    ///
    /// # Errors
    /// When something cannot be read or written, or a body is missing.
    pub fn copy_to(&self, target: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), StoreError> {
        let _lock = BodiesLock::keep(&self.folder)?;
        copy::copy(&self.connection, &self.bodies, target, progress)
    }
}
