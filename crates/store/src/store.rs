//! The face of persistence: transactions as closures, bodies, and a few figures about both.
//!
//! A closure instead of a transaction object, because then the store decides when it runs, with which others it
//! shares a commit, and whether it has to run again.

use std::convert::Infallible;
use std::future::Future;
use std::io::Read;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use telemetry::Telemetry;
use tokio::sync::watch;

use crate::job::{Outcome, Pending, ReadJob, Work, Written, deciding, reading, typed, writing, written};
use crate::lines::Owner;
use crate::postgres::{Absent, Postgres, PostgresOptions};
use crate::rights::{Confirmation, RightsLease};
use crate::sqlite::{Sqlite, SqliteOptions};
use crate::{
    Bodies, BodiesLock, BodyPlace, BodySink, CheckReport, ClientId, Counters, Deciding, News, ReadAhead, Reading,
    Rights, RightsVersion, RoomState, ServingLock, StoreError, StoredBody, Writing,
};

/// A store. Cheap to clone; closed when the last clone is dropped.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Inner,
    rights: Arc<RightsLease>,
}

/// The implementations.
#[derive(Clone, Debug)]
enum Inner {
    Sqlite(Arc<Sqlite>),
    Postgres(Arc<Postgres>),
}

/// The result of a job that is undone, as the error of one that failed.
struct Rehearsed<T, E>(Result<T, E>);

impl<T, E: From<StoreError>> From<StoreError> for Rehearsed<T, E> {
    fn from(error: StoreError) -> Rehearsed<T, E> {
        Rehearsed(Err(error.into()))
    }
}

impl Store {
    fn over(inner: Inner) -> Store {
        let rights = match &inner {
            Inner::Sqlite(sqlite) => RightsLease::new(sqlite.telemetry()),
            Inner::Postgres(postgres) => RightsLease::new(postgres.telemetry()),
        };
        Store { inner, rights: Arc::new(rights) }
    }

    /// Opens the SQLite database in a folder, and makes both when they are missing. Migrates an older database.
    ///
    /// # Errors [`StoreError::NewerDatabase`], [`StoreError::Corrupt`] when it is not our database, otherwise the file
    /// system's error.
    pub fn open(folder: &Path, options: SqliteOptions) -> Result<Store, StoreError> {
        Ok(Store::over(Inner::Sqlite(Arc::new(Sqlite::open(folder, options)?))))
    }

    /// The same for a database that must be there: one that is missing, empty, cut off, of another program, or not the one
    /// that its folder belongs to is refused before anything is changed.
    ///
    /// # Errors
    /// [`StoreError::WrongDatabase`], otherwise as [`Store::open`].
    pub fn open_existing(folder: &Path, options: SqliteOptions) -> Result<Store, StoreError> {
        Ok(Store::over(Inner::Sqlite(Arc::new(Sqlite::open_existing(folder, options)?))))
    }

    /// Opens a PostgreSQL database. A schema that is not there, or an older one, is made or migrated when the role may.
    /// Blocks.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the database cannot be reached, [`StoreError::NewerDatabase`],
    /// [`StoreError::Refused`] when the schema has to be migrated and the role may not, or when the options are wrong.
    pub fn open_postgres(options: PostgresOptions) -> Result<Store, StoreError> {
        Ok(Store::over(Inner::Postgres(Arc::new(Postgres::open(options, Absent::Made)?))))
    }

    /// The same for a schema that must be there.
    ///
    /// # Errors
    /// [`StoreError::WrongDatabase`], otherwise as [`Store::open_postgres`].
    pub fn open_existing_postgres(options: PostgresOptions) -> Result<Store, StoreError> {
        Ok(Store::over(Inner::Postgres(Arc::new(Postgres::open(options, Absent::Refused)?))))
    }

    /// The database's own identity: random, given when it was made, the same in its copies.
    #[must_use]
    pub fn identity(&self) -> &str {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.identity(),
            Inner::Postgres(postgres) => postgres.identity(),
        }
    }

    /// What this process measures. The store is what everything else stands on, so its values are those of all above it.
    #[must_use]
    pub fn telemetry(&self) -> &Telemetry {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.telemetry(),
            Inner::Postgres(postgres) => postgres.telemetry(),
        }
    }

    /// Whether what lies, or answers, where the store was opened is still the database that was opened. Blocks.
    ///
    /// # Errors
    /// [`StoreError::WrongDatabase`] when it is another one, missing or cut off; otherwise when it cannot be found out.
    pub fn verify_identity(&self) -> Result<(), StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.verify(),
            Inner::Postgres(postgres) => postgres.verify(),
        }
    }

    /// Returns when the store has stopped writing for good, with the reason: only opening it again helps. A PostgreSQL store
    /// never does.
    pub async fn halted(&self) -> StoreError {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.halted().await,
            Inner::Postgres(_) => std::future::pending().await,
        }
    }

    /// Makes this process one that serves from the store, until the lock is dropped or the process ends: the only one of
    /// a SQLite folder, a node among others of a PostgreSQL database.
    ///
    /// # Errors
    /// [`StoreError::Serving`] when another one does and may not.
    pub fn lock_for_serving(&self) -> Result<ServingLock, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.lock_for_serving(),
            Inner::Postgres(postgres) => postgres.register_for_serving().map(|()| ServingLock::shared()),
        }
    }

    /// Lines that the configuration of the database server should have and has not, each with the reason: what it lets into
    /// its log. Blocks.
    ///
    /// # Errors
    /// When it cannot be asked.
    pub fn advice(&self) -> Result<Vec<String>, StoreError> {
        match &self.inner {
            Inner::Sqlite(_) => Ok(Vec::new()),
            Inner::Postgres(postgres) => postgres.advice(),
        }
    }

    /// The right to remove bodies of answered messages with [`Writing::remove_body`]; `None` while a copy of the store is
    /// being made, which needs them.
    ///
    /// # Errors
    /// When the room cannot be measured.
    pub fn may_remove_bodies(&self) -> Result<Option<BodiesLock>, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => BodiesLock::remove(sqlite.folder()),
            Inner::Postgres(postgres) => Ok((!postgres.bodies_are_kept()?).then(BodiesLock::granted)),
        }
    }

    /// The assurance that bodies of answered messages stay, for who reads many of them.
    ///
    /// # Errors
    /// When it cannot be had.
    pub fn keep_bodies(&self) -> Result<BodiesLock, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => BodiesLock::keep(sqlite.folder()),
            Inner::Postgres(postgres) => postgres.keep_bodies().map(BodiesLock::row),
        }
    }

    /// Runs a job in a transaction. `Ok` means it is committed and durable; `Err` that nothing of it happened (but
    /// see [`StoreError::OutcomeUnknown`]).
    ///
    /// The job may run again, so it must do the same each time; it runs on the store's own thread and must not wait
    /// for anything but the transaction (above all not for another job). A future dropped after its first poll does
    /// not call the job back: it may still happen.
    ///
    /// # Errors
    /// The job's error; otherwise the store's own errors.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.committed(self.put(writing(job), Owner::Exchange, false).await).await
    }

    /// The same as [`Store::write`] for a job of a client: when many wait, clients are served in turn.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_for<T, E, F>(&self, client: ClientId, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.committed(self.put(writing(job), Owner::Client(client), false).await).await
    }

    /// Runs the decision about a message of a client, together with others that wait at the same time. It sees what those
    /// before it decided, gets its own answer after the commit that they share, and fails alone. `ahead` is what it will
    /// read.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn decide_for<T, E, F>(&self, client: ClientId, ahead: ReadAhead, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Deciding) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        typed(self.put(deciding(ahead, job), Owner::Client(client), false).await)
    }

    /// Runs a job of a client as [`Store::write_for`] does, and undoes what it wrote: its result says what would have
    /// been.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn rehearse_for<T, E, F>(&self, client: ClientId, mut job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        // A job that fails is undone, so a rehearsal always does.
        let undone = self.write_for(client, move |writing| Err::<Infallible, _>(Rehearsed(job(writing)))).await;
        match undone {
            Ok(never) => match never {},
            Err(Rehearsed(result)) => result,
        }
    }

    /// The same for a job that is no client's.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn rehearse<T, E, F>(&self, mut job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let undone = self.write(move |writing| Err::<Infallible, _>(Rehearsed(job(writing)))).await;
        match undone {
            Ok(never) => match never {},
            Err(Rehearsed(result)) => result,
        }
    }

    /// The same as [`Store::write`] for work without a waiting caller: it goes behind all waiting jobs.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_behind<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.committed(self.put(writing(job), Owner::Background, false).await).await
    }

    /// The same as [`Store::write`] for a job that may use the room that is held back for when the disk is full: it is small,
    /// and must be possible also then.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub async fn write_with_reserve<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.committed(self.put(writing(job), Owner::Exchange, true).await).await
    }

    /// The same as [`Store::write`] for a thread that may block.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_blocking<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        crate::blocking::wait_for(async { self.committed(self.put(writing(job), Owner::Exchange, false).await).await })
    }

    /// Reads from one snapshot: all commits from before the call, here or by another process. Needs a tokio runtime.
    /// Readers do not wait for writers; there are only a few connections, so a job reads a few rows and returns. Use
    /// [`Store::read_long`] for longer readings.
    ///
    /// # Errors
    /// The job's error; otherwise the store's own errors.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Reading) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        typed(self.get(reading(job)).await)
    }

    /// The same as [`Store::read`] for long readings, on connections of its own: no short reading waits behind it.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub async fn read_long<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Reading) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        typed(self.get_long(reading(job)).await)
    }

    /// The same as [`Store::read`] on this thread, which may block. The job may borrow.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn read_blocking<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnOnce(&mut dyn Reading) -> Result<T, E>,
        E: From<StoreError>,
    {
        let (mut job, mut result) = (Some(job), None);
        let mut run = |session: &mut dyn Reading| result = job.take().map(|job| job(session));
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.read_blocking(&mut run)?,
            Inner::Postgres(postgres) => postgres.read_blocking(&mut run)?,
        }
        result.unwrap_or_else(|| unreachable!("a job that was read has a result"))
    }

    /// The result of a job that wrote. If it changed rights, not before no process relies on the old ones any more.
    async fn committed<T, E>(&self, outcome: Outcome) -> Result<T, E>
    where
        T: 'static,
        E: From<StoreError> + 'static,
    {
        let Written { result, changes_rights } = written::<T, E>(outcome);
        if changes_rights && result.is_ok() {
            self.rights_are_changed().await;
        }
        result
    }

    fn put(&self, job: Work, of: Owner, with_reserve: bool) -> Pending<'_> {
        match &self.inner {
            Inner::Sqlite(sqlite) => Box::pin(sqlite.write(job, of, with_reserve)),
            Inner::Postgres(postgres) => Box::pin(postgres.write(job, of)),
        }
    }

    fn get(&self, job: ReadJob) -> Pending<'_> {
        match &self.inner {
            Inner::Sqlite(sqlite) => Box::pin(sqlite.read(job)),
            Inner::Postgres(postgres) => Box::pin(postgres.read(job)),
        }
    }

    fn get_long(&self, job: ReadJob) -> Pending<'_> {
        match &self.inner {
            Inner::Sqlite(sqlite) => Box::pin(sqlite.read_long(job)),
            Inner::Postgres(postgres) => Box::pin(postgres.read_long(job)),
        }
    }

    /// Begins to take a body.
    ///
    /// # Errors
    /// None for SQLite; a store elsewhere may be unreachable.
    pub fn body_sink(&self) -> Result<BodySink, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => Ok(BodySink::new(Arc::clone(sqlite.bodies()) as _)),
            Inner::Postgres(postgres) => Ok(postgres.body_sink()),
        }
    }

    /// Opens a body for reading. Blocks.
    ///
    /// # Errors
    /// When the file cannot be opened, or the body was forgotten.
    pub fn open_body(&self, body: &StoredBody) -> Result<Box<dyn Read + Send>, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.bodies().read(body),
            Inner::Postgres(postgres) => postgres.open_body(body),
        }
    }

    /// The state of the room for the data. Blocks.
    ///
    /// # Errors
    /// When the room cannot be measured.
    pub fn room(&self) -> Result<RoomState, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.room().state(),
            Inner::Postgres(postgres) => postgres.room(),
        }
    }

    /// Whether the store now takes jobs and bodies that may not use the reserve. Blocks.
    #[must_use]
    pub fn has_room(&self) -> bool {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.room().is_ample(),
            Inner::Postgres(_) => true,
        }
    }

    /// Holds so many bytes of the disk back for [`Store::write_with_reserve`], as soon as there is room for them; returns
    /// how many are held back. For the serving process. A database server's disk is its own affair. Blocks.
    ///
    /// # Errors
    /// When the reserve cannot be written.
    pub fn keep_reserve(&self, bytes: u64) -> Result<u64, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.room().keep_reserve(bytes),
            Inner::Postgres(_) => Ok(0),
        }
    }

    /// Removes a body that has no row (its submission could not be written). Doing so twice is fine. What cannot be
    /// removed now is swept at the next start.
    pub fn remove_body(&self, body: &StoredBody) {
        let BodyPlace::Apart(name) = &body.place else { return };
        let removed = match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.bodies().remove(name),
            Inner::Postgres(postgres) => postgres.remove_body(name),
        };
        if let Err(error) = removed {
            tracing::warn!(%error, "a body stays until the next sweep");
        }
    }

    /// Removes body files that no submission points to; returns how many. For the start of the serving process: leaves
    /// bodies that arrived since the opening of this store.
    ///
    /// # Errors
    /// When the rows or the folder cannot be read.
    pub fn sweep_orphans(&self) -> Result<usize, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.sweep_orphans(),
            Inner::Postgres(postgres) => postgres.sweep_orphans(),
        }
    }

    /// News of changes, from now on; see [`News`]. In SQLite they cover writes of this opening, in PostgreSQL writes of
    /// all openings, as soon as a connection listens.
    #[must_use]
    pub fn news(&self) -> News {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.news(),
            Inner::Postgres(postgres) => postgres.news(),
        }
    }

    /// The rights that this process may rely on now; `None`: it has to confirm them. Costs no question to the store.
    #[must_use]
    pub fn rights(&self) -> Option<Rights> {
        self.rights.held()
    }

    /// Confirms the rights that this process relies on. Of several callers at once one asks the store.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn confirm_rights(&self) -> Result<Rights, StoreError> {
        self.rights.confirm(false, self.ask_for_rights()).await
    }

    /// The same with a question that is sent after this call, so that the answer knows all changes before it.
    ///
    /// # Errors
    /// When the store is away.
    pub async fn confirm_rights_anew(&self) -> Result<Rights, StoreError> {
        self.rights.confirm(true, self.ask_for_rights()).await
    }

    /// The newest version of rights that this process knows of.
    #[must_use]
    pub fn rights_versions(&self) -> watch::Receiver<RightsVersion> {
        self.rights.versions()
    }

    /// News that rights may have changed, of other processes: a hint to confirm them. Never comes with SQLite, whose rights
    /// only the serving process changes.
    #[must_use]
    pub fn rights_news(&self) -> News {
        match &self.inner {
            Inner::Sqlite(_) => News::none(),
            Inner::Postgres(postgres) => postgres.rights_news(),
        }
    }

    async fn ask_for_rights(&self) -> Result<Confirmation, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => {
                let rights = typed::<_, StoreError>(sqlite.read(reading(|session| session.rights())).await)?;
                Ok(Confirmation { rights, is_leased: true })
            }
            Inner::Postgres(postgres) => postgres.confirm_rights(&self.rights).await,
        }
    }

    /// Returns when no process relies on rights from before this call.
    fn rights_are_changed(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async {
            if self.rights.is_used() && self.confirm_rights_anew().await.is_err() {
                self.rights.forget();
            }
            if let Inner::Postgres(postgres) = &self.inner {
                postgres.rights_are_acknowledged().await;
            }
        })
    }

    /// Prepares every statement that this program ever runs, and runs none; returns how many. Nothing else checks SQL before
    /// it runs. Blocks.
    ///
    /// # Errors
    /// For the first one that the database does not take, with its text.
    pub fn prepare_statements(&self) -> Result<usize, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.prepare_statements(),
            Inner::Postgres(postgres) => postgres.prepare_statements(),
        }
    }

    /// Counters of the store's work since its opening.
    #[must_use]
    pub fn counters(&self) -> Counters {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.counters(),
            Inner::Postgres(postgres) => postgres.counters(),
        }
    }

    /// Checks the database's own structure (SQLite's; PostgreSQL has tools of its own), the audit chain, the
    /// invariants, and that bodies are there. It reads all but the files of bodies in one snapshot.
    ///
    /// # Errors When it is not readable at all; the report has other faults.
    pub fn check(&self) -> Result<CheckReport, StoreError> {
        self.check_with(Bodies::Present, &mut |_, _| ())
    }

    /// The same on a thread of its own at the lowest priority, so that a service can be checked while it serves.
    ///
    /// # Errors
    /// As [`Store::check`].
    pub async fn check_behind(&self) -> Result<CheckReport, StoreError> {
        let (store, (answer, report)) = (self.clone(), tokio::sync::oneshot::channel());
        let checking = std::thread::Builder::new().name("tdam-check".to_owned()).spawn(move || {
            // Linux keeps it by thread. Where it cannot be had, the check is only less polite.
            let _ = rustix::process::nice(crate::bounds::CHECK_NICE);
            // Who asked may have left.
            let _ = answer.send(store.check());
        });
        checking.map_err(|error| StoreError::Unavailable(error.to_string()))?;
        report.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the check ended without a report".to_owned())))
    }

    /// The same, looking at bodies as closely as asked for. `progress` gets bytes of bodies.
    ///
    /// # Errors
    /// As [`Store::check`].
    pub fn check_with(&self, bodies: Bodies, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport, StoreError> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.check(bodies, progress),
            Inner::Postgres(postgres) => postgres.check(bodies, progress),
        }
    }
}
