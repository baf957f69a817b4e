//! Reading: a few read-only connections, each read in one deferred transaction, which is one snapshot.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Span;

use super::open;
use super::options::SqliteOptions;
use super::query::execute;
use super::session::Session;
use crate::blocking::wait_for;
use crate::figures::ReadFigures;
use crate::job::{Outcome, ReadJob, panicked};
use crate::statement::statements;
use crate::{Reading, StoreError};

statements! {
    const BEGIN: Statement = ("BEGIN DEFERRED");
    const END: Statement = ("ROLLBACK");
}

/// Idle connections, and permits for as many.
pub(super) struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
    figures: ReadFigures,
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").field("permits", &self.permits.available_permits()).finish_non_exhaustive()
    }
}

impl Readers {
    pub(super) fn open(
        folder: &Path,
        options: &SqliteOptions,
        count: usize,
        figures: ReadFigures,
    ) -> Result<Readers, StoreError> {
        let count = count.max(1);
        let idle = (0..count).map(|_| open::reader(folder, options)).collect::<Result<Vec<_>, _>>()?;
        Ok(Readers { idle: Mutex::new(idle), permits: Arc::new(Semaphore::new(count)), figures })
    }

    pub(super) fn reads(&self) -> u64 {
        self.figures.count()
    }

    pub(super) async fn read(self: Arc<Self>, job: ReadJob) -> Outcome {
        let (asked, span) = (Instant::now(), Span::current());
        let permit = self.permit().await?;
        let run = move || span.in_scope(|| self.run((permit, asked), |connection| snapshot(connection, job)));
        match tokio::task::spawn_blocking(run).await {
            Ok(result) => result,
            Err(error) => Err(StoreError::Unavailable(format!("the runtime ends: {error}"))),
        }
    }

    pub(super) fn read_blocking(&self, job: &mut dyn FnMut(&mut dyn Reading)) -> Result<(), StoreError> {
        let asked = Instant::now();
        let permit = wait_for(self.permit())?;
        self.run((permit, asked), |connection| snapshot(connection, job))
    }

    /// A connection for the store's own checks.
    pub(super) fn with_connection<T>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let asked = Instant::now();
        let permit = wait_for(self.permit())?;
        self.run((permit, asked), job)
    }

    async fn permit(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        let closed = |_| StoreError::Unavailable("the store is closed".to_owned());
        Arc::clone(&self.permits).acquire_owned().await.map_err(closed)
    }

    fn run<T>(
        &self,
        (permit, asked): (OwnedSemaphorePermit, Instant),
        job: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let Some(connection) = connection else {
            return Err(StoreError::Unavailable("no connection is left for reading".to_owned()));
        };
        let result = catch_unwind(AssertUnwindSafe(|| job(&connection)));
        if !connection.is_autocommit()
            && let Err(error) = execute(&connection, END, [])
        {
            tracing::error!(%error, "a snapshot could not be ended");
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        self.figures.ended(asked);
        drop(permit);
        result.unwrap_or_else(|panic| Err(panicked(panic.as_ref())))
    }
}

fn snapshot<T>(connection: &Connection, job: impl FnOnce(&mut dyn Reading) -> T) -> Result<T, StoreError> {
    execute(connection, BEGIN, [])?;
    Ok(job(&mut Session::new(connection)))
}
