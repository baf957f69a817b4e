//! The store in one SQLite database: one writer thread with group commit, several readers.

mod accounts;
mod at_rest;
mod attempts;
mod audit;
mod check;
mod checkpoint;
mod codec;
mod copy;
mod duplicates;
mod entries;
mod files;
mod halt;
mod identity;
mod inspect;
mod log_size;
mod lots;
mod messages;
mod nodes;
mod open;
mod options;
mod payments;
mod place;
mod probe;
mod query;
mod reader;
mod reconciliation;
mod refusals;
mod restore_mark;
mod retention;
mod session;
mod staging;
mod statements;
mod submissions;
mod together;
mod wal;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use telemetry::Telemetry;
use telemetry::metrics::store::ANSWERS;

use crate::body::BodyFolder;
use crate::figures::{ReadFigures, Readings, WriteFigures};
use crate::job::{Outcome, ReadJob, Work};
use crate::lines::Owner;
use crate::room::Room;
use crate::{Bodies, CheckReport, Counters, News, Reading, ServingLock, StoreError};
use checkpoint::Checkpoints;
use halt::Halt;
use place::Place;
use reader::Readers;
use writer::Writer;

pub use at_rest::{AtRest, LastMessage, Summary};
pub use open::Access;
pub use options::SqliteOptions;
pub use restore_mark::mark_restored;

/// An open database. Fields are dropped in this order: the checkpointing connection, which can write, is the last to
/// close, and by that empties the write-ahead log.
#[derive(Debug)]
pub(crate) struct Sqlite {
    folder: PathBuf,
    identity: String,
    place: Place,
    halt: Arc<Halt>,
    room: Arc<Room>,
    bodies: Arc<BodyFolder>,
    readers: Arc<Readers>,
    long_readers: Arc<Readers>,
    writer: Writer,
    telemetry: Telemetry,
    _checkpoints: Checkpoints,
}

impl Sqlite {
    /// Opens the database, or makes it.
    pub(crate) fn open(folder: &Path, options: SqliteOptions) -> Result<Sqlite, StoreError> {
        if !folder.join(files::DATABASE_FILE).exists() {
            open::create(folder, &options)?;
        }
        Sqlite::open_existing(folder, options)
    }

    /// Opening writes a little, too. On a full disk the reserve is given up for it, since who opens may be an operator.
    pub(crate) fn open_existing(folder: &Path, options: SqliteOptions) -> Result<Sqlite, StoreError> {
        open::refuse_unless_ours(folder)?;
        let room = Arc::new(Room::of(folder));
        room.make_room();
        Sqlite::open_ours(folder, options, &room)
            .or_else(|error| match error {
                StoreError::NoRoom(_) | StoreError::Unavailable(_) if !room.is_ample() && room.release() => {
                    Sqlite::open_ours(folder, options, &room)
                }
                error => Err(error),
            })
            .map_err(|error| open::named(folder, error))
    }

    fn open_ours(folder: &Path, options: SqliteOptions, room: &Arc<Room>) -> Result<Sqlite, StoreError> {
        open::close_to_others(folder)?;
        let (writing, identity) = open::writer(folder, &options)?;
        let halt = Arc::new(Halt::default());
        let bodies = BodyFolder::open(folder.join(files::BODY_FOLDER), Arc::clone(room))?;
        let telemetry = Telemetry::new();
        // Every metric has its series on both stores. Here no thread waits for an answer from elsewhere.
        for of in ["write", "read", "other"] {
            drop(telemetry.counter(&ANSWERS, [of]));
        }
        let short = ReadFigures::of(&telemetry, Readings::Short);
        let readers = Arc::new(Readers::open(folder, &options, options.readers, short)?);
        let long = ReadFigures::of(&telemetry, Readings::Long);
        let long_readers = Arc::new(Readers::open(folder, &options, options.long_readers, long)?);
        let checkpoints = Checkpoints::start(open::checkpointer(folder, &options)?, Arc::clone(&halt))?;
        let (committed, room) = (checkpoints.committed(), Arc::clone(room));
        let (figures, its_room, its_bodies) = (WriteFigures::of(&telemetry), Arc::clone(&room), Arc::clone(&bodies));
        let writer = Writer::start(writing, its_bodies, its_room, committed, options, Arc::clone(&halt), figures)?;
        let (folder, place) = (folder.to_owned(), Place::of(folder)?);
        Ok(Sqlite {
            folder,
            identity,
            place,
            halt,
            room,
            bodies,
            readers,
            long_readers,
            writer,
            telemetry,
            _checkpoints: checkpoints,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    pub(crate) fn telemetry(&self) -> &Telemetry {
        &self.telemetry
    }

    pub(crate) fn verify(&self) -> Result<(), StoreError> {
        self.place.verify()
    }

    pub(crate) async fn halted(&self) -> StoreError {
        self.halt.halted().await
    }

    /// First copies the rest of the log into the database. A log that failed to sync may be readable now and lost after
    /// a power cut, with all later transactions.
    pub(crate) fn lock_for_serving(&self) -> Result<ServingLock, StoreError> {
        let lock = ServingLock::acquire(&self.folder)?;
        open::empty_log(&self.folder)?;
        Ok(lock)
    }

    pub(crate) fn bodies(&self) -> &Arc<BodyFolder> {
        &self.bodies
    }

    pub(crate) fn room(&self) -> &Room {
        &self.room
    }

    pub(crate) async fn write(&self, job: Work, of: Owner, with_reserve: bool) -> Outcome {
        self.writer.write(job, of, with_reserve).await
    }

    pub(crate) async fn read(&self, job: ReadJob) -> Outcome {
        Arc::clone(&self.readers).read(job).await
    }

    pub(crate) async fn read_long(&self, job: ReadJob) -> Outcome {
        Arc::clone(&self.long_readers).read(job).await
    }

    pub(crate) fn read_blocking(&self, job: &mut dyn FnMut(&mut dyn Reading)) -> Result<(), StoreError> {
        self.readers.read_blocking(job)
    }

    /// In a connection of its own, which knows the schema as it is now.
    pub(crate) fn prepare_statements(&self) -> Result<usize, StoreError> {
        statements::prepare_all(&open::beside_ourselves(&self.folder)?)
    }

    pub(crate) fn sweep_orphans(&self) -> Result<usize, StoreError> {
        let rows = self.readers.with_connection(submissions::body_files)?;
        self.bodies.sweep(&rows)
    }

    pub(crate) fn news(&self) -> News {
        self.writer.news()
    }

    pub(crate) fn counters(&self) -> Counters {
        Counters { reads: self.readers.reads() + self.long_readers.reads(), ..self.writer.counters() }
    }

    pub(crate) fn check(&self, bodies: Bodies, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport, StoreError> {
        AtRest::beside_ourselves(&self.folder)?.check(bodies, progress)
    }
}
