//! Reading: a bounded number of connections, each read in one transaction that sees one state.

use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tracing::Span;

use super::connection::Connection;
use super::connector::Connector;
use super::node::Node;
use super::options::{PostgresOptions, SNAPSHOT};
use super::session::Session;
use crate::blocking::wait_for;
use crate::figures::ReadFigures;
use crate::job::{Outcome, ReadJob, panicked};
use crate::{Reading, StoreError};

/// As [`SNAPSHOT`]. A reading waits only for a lock of a whole table, such as a migration's, and no longer than the
/// migration itself waits, so that the caller gets an answer and the connection serves the next.
const READING: &str = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL lock_timeout = 3000";

/// Idle connections, and permits for as many as there may be.
pub(super) struct Pool {
    connector: Connector,
    node: Arc<Node>,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
    wait_max: Duration,
    figures: ReadFigures,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("permits", &self.permits.available_permits()).finish_non_exhaustive()
    }
}

/// A connection from the pool; dropping it returns it.
pub(super) struct Lent<'p> {
    pool: &'p Pool,
    connection: Option<Connection>,
    _permit: OwnedSemaphorePermit,
}

impl Deref for Lent<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        // Taken by `drop` alone.
        self.connection.as_ref().unwrap_or_else(|| unreachable!("a connection that was given back"))
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take().filter(Connection::is_sound) {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

impl Pool {
    pub(super) fn new(
        connector: Connector,
        node: Arc<Node>,
        options: &PostgresOptions,
        count: usize,
        figures: ReadFigures,
    ) -> Pool {
        Pool {
            connector,
            node,
            idle: Mutex::default(),
            permits: Arc::new(Semaphore::new(count.max(1))),
            wait_max: options.queue_wait_max,
            figures,
        }
    }

    pub(super) fn reads(&self) -> u64 {
        self.figures.count()
    }

    fn permit(&self) -> impl Future<Output = Result<OwnedSemaphorePermit, StoreError>> + Send + use<> {
        // The caller's runtime need not have a clock.
        let _context = self.connector.access.runtime().enter();
        let permit = tokio::time::timeout(self.wait_max, Arc::clone(&self.permits).acquire_owned());
        async move {
            let busy = || StoreError::Unavailable("no connection to the database was free in time".to_owned());
            permit.await.map_err(|_| busy())?.map_err(|_| busy())
        }
    }

    fn lend(&self, permit: OwnedSemaphorePermit) -> Result<Lent<'_>, StoreError> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = match idle {
                Some(connection) if connection.is_sound() => connection,
                Some(_) => continue,
                None => self.connector.connect()?,
            };
            connection.begin_anew();
            return Ok(Lent { pool: self, connection: Some(connection), _permit: permit });
        }
    }

    /// A connection for this thread, which may block.
    pub(super) fn connection(&self) -> Result<Lent<'_>, StoreError> {
        self.lend(wait_for(self.permit())?)
    }

    pub(super) async fn read(self: Arc<Self>, job: ReadJob) -> Outcome {
        let (asked, span) = (Instant::now(), Span::current());
        let permit = self.permit().await?;
        let run = move || span.in_scope(|| snapshot(self.lend(permit)?, asked, job));
        match tokio::task::spawn_blocking(run).await {
            Ok(result) => result,
            Err(error) => Err(StoreError::Unavailable(format!("the runtime ends: {error}"))),
        }
    }

    /// A snapshot for the store's own checks.
    pub(super) fn with_snapshot<T>(
        &self,
        job: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.connection()?;
        connection.begin(SNAPSHOT);
        let result = job(&connection);
        connection.rollback();
        result
    }

    pub(super) fn read_blocking(&self, job: &mut dyn FnMut(&mut dyn Reading)) -> Result<(), StoreError> {
        let asked = Instant::now();
        snapshot(self.connection()?, asked, job)
    }
}

fn snapshot<T>(connection: Lent<'_>, asked: Instant, job: impl FnOnce(&mut dyn Reading) -> T) -> Result<T, StoreError> {
    connection.begin(READING);
    let result = catch_unwind(AssertUnwindSafe(|| job(&mut Session::reading(&connection, connection.pool.node.own()))));
    connection.rollback();
    connection.pool.figures.ended(asked);
    result.map_err(|panic| panicked(panic.as_ref()))
}
