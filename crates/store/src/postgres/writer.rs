//! Writing: a few threads, each with a connection of its own, take jobs from one queue.
//!
//! The closures of the contract are synchronous, so each transaction is run by a thread that waits for the database.
//! As many transactions run at once as there are threads; what must not run at once is kept apart by the locks that
//! the operations take (see `session.rs`).
//!
//! | what goes wrong | what follows |
//! |---|---|
//! | another transaction is in the way (40001, 40P01) | the job runs again after a short pause, some ten times |
//! | the connection is lost before the commit | nothing happened: the job runs again on a new one, once |
//! | the commit's answer is lost | the trace of the transaction tells: see `resolve` |

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, oneshot};

use super::codec::Trouble;
use super::connection::{Connection, Connector};
use super::node::Node;
use super::options::PostgresOptions;
use super::session::Session;
use crate::job::{Job, Queued, Typed, closed};
use crate::{Counters, StoreError, Writing, bounds};

/// The queue, and the threads that work it off.
pub(super) struct Writers {
    queue: Arc<Queue>,
    permits: Arc<Semaphore>,
    threads: Vec<JoinHandle<()>>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    figures: Figures,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<(Queued, Instant)>,
    closing: bool,
}

#[derive(Debug, Default)]
struct Figures {
    commits: AtomicU64,
    failed_jobs: AtomicU64,
    repeated: AtomicU64,
}

impl fmt::Debug for Writers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writers").field("figures", &self.queue.figures).finish_non_exhaustive()
    }
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<(Queued, Instant)> {
        let idle = |waiting: &mut Waiting| waiting.jobs.is_empty() && !waiting.closing;
        let mut waiting = self.changed.wait_while(self.waiting(), idle).unwrap_or_else(PoisonError::into_inner);
        waiting.jobs.pop_front()
    }
}

impl Writers {
    pub(super) fn start(
        connector: &Connector,
        node: &Arc<Node>,
        options: &PostgresOptions,
    ) -> Result<Writers, StoreError> {
        let queue = Arc::new(Queue::default());
        let mut threads = Vec::with_capacity(options.writers.max(1));
        for number in 0..options.writers.max(1) {
            let mut thread = WritingThread {
                queue: Arc::clone(&queue),
                connector: connector.clone(),
                node: Arc::clone(node),
                connection: None,
                queue_wait_max: options.queue_wait_max,
                resolve_max: options.resolve_max,
                random: RandomState::new(),
            };
            let handle = thread::Builder::new()
                .name(format!("store-writer-{number}"))
                .spawn(move || thread.serve())
                .map_err(|error| StoreError::Unavailable(format!("no thread for writing: {error}")))?;
            threads.push(handle);
        }
        Ok(Writers { queue, permits: Arc::new(Semaphore::new(options.queue_jobs_max.max(1))), threads })
    }

    pub(super) async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed())?;
        let (answer, answered) = oneshot::channel();
        let job = Typed::boxed(job, answer);
        self.queue.waiting().jobs.push_back((Queued { job, permit }, Instant::now()));
        self.queue.changed.notify_one();
        answered.await.unwrap_or_else(|_| Err(E::from(closed())))
    }

    pub(super) fn counters(&self) -> Counters {
        let get = |figure: &AtomicU64| figure.load(Ordering::Acquire);
        let commits = get(&self.queue.figures.commits);
        Counters {
            commits,
            jobs: commits,
            failed_jobs: get(&self.queue.figures.failed_jobs),
            group_jobs_max: commits.min(1),
            reads: 0,
        }
    }
}

/// Finishes what is queued, then ends the threads.
impl Drop for Writers {
    fn drop(&mut self) {
        self.queue.waiting().closing = true;
        self.queue.changed.notify_all();
        for thread in self.threads.drain(..) {
            // A job may hold the last clone of the store: a thread cannot wait for its own end.
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("a writing thread panicked");
            }
        }
    }
}

/// How a run of a job ended.
enum Ran {
    /// As the job said: committed, or nothing of it happened.
    AsSaid { committed: bool },
    /// Nothing of it happened, and nothing will.
    Failed(StoreError),
    /// Nothing of it happened; it may run again.
    Again(StoreError),
    /// The same, and the connection is gone.
    Lost(StoreError),
}

struct WritingThread {
    queue: Arc<Queue>,
    connector: Connector,
    node: Arc<Node>,
    connection: Option<Connection>,
    queue_wait_max: Duration,
    resolve_max: Duration,
    random: RandomState,
}

impl WritingThread {
    fn serve(&mut self) {
        while let Some((queued, since)) = self.queue.next() {
            let Queued { job, permit } = queued;
            drop(permit);
            if since.elapsed() > self.queue_wait_max {
                self.fail(job, StoreError::Unavailable("no connection to the database was free in time".to_owned()));
            } else {
                self.run(job);
            }
        }
    }

    fn fail(&self, job: Box<dyn Job>, error: StoreError) {
        self.queue.figures.failed_jobs.fetch_add(1, Ordering::Release);
        job.answer(Some(error));
    }

    fn run(&mut self, mut job: Box<dyn Job>) {
        let (mut attempts, mut lost) = (0, 0);
        loop {
            let error = match self.attempt(job.as_mut(), attempts > 0) {
                Ran::AsSaid { committed } => {
                    let figures = &self.queue.figures;
                    let figure = if committed { &figures.commits } else { &figures.failed_jobs };
                    let count = figure.fetch_add(1, Ordering::Release) + 1;
                    job.answer(None);
                    if committed && count.is_multiple_of(bounds::JOBS_BETWEEN_SWEEPS) {
                        self.forget_old_traces();
                    }
                    return;
                }
                Ran::Failed(error) => return self.fail(job, error),
                Ran::Again(error) => {
                    attempts += 1;
                    if attempts < bounds::ATTEMPTS_MAX {
                        self.queue.figures.repeated.fetch_add(1, Ordering::Relaxed);
                        self.pause(attempts);
                    }
                    error
                }
                Ran::Lost(error) => {
                    self.connection = None;
                    lost += 1;
                    error
                }
            };
            if attempts >= bounds::ATTEMPTS_MAX || lost >= bounds::CONNECTIONS_LOST_MAX {
                return self.fail(job, error);
            }
        }
    }

    /// Twice as long each time, and never the same for two who met.
    fn pause(&self, attempts: u32) {
        let longest = bounds::RETRY_PAUSE.saturating_mul(1 << attempts.min(16)).min(bounds::RETRY_PAUSE_MAX);
        let share = self.random.hash_one(Instant::now()) % 1000;
        thread::sleep(longest / 2 + longest.mul_f64(share as f64 / 2000.0));
    }

    fn attempt(&mut self, job: &mut dyn Job, again: bool) -> Ran {
        let connection = match self.connection.take().filter(Connection::is_sound) {
            Some(connection) => connection,
            None => match self.connector.connect() {
                Ok(connection) => connection,
                Err(error) => return Ran::Failed(error),
            },
        };
        connection.begin("BEGIN");
        let mut session = Session::writing(&connection, self.node.own(), again);
        let wants_commit = job.run(&mut session);
        let ran = match connection.trouble() {
            None if wants_commit => self.commit(&connection, session),
            None => Ok(Ran::AsSaid { committed: false }),
            Some(trouble) => Err(trouble),
        };
        let ran = ran.unwrap_or_else(|trouble| match trouble {
            Trouble::Again(error) => Ran::Again(error),
            Trouble::Lost(error) => Ran::Lost(error),
            // The job has seen the error; if it failed of it or of something else is its own affair.
            Trouble::Failed(_) if !wants_commit => Ran::AsSaid { committed: false },
            Trouble::Failed(error) => Ran::Failed(error),
        });
        if !matches!(ran, Ran::AsSaid { committed: true }) {
            connection.rollback();
        }
        self.connection = Some(connection);
        ran
    }

    fn commit(&self, connection: &Connection, mut session: Session<'_>) -> Result<Ran, Trouble> {
        let troubled = |error| connection.trouble().unwrap_or(Trouble::Failed(error));
        if !session.has_written() {
            // Nothing to lose, and nothing to be told apart.
            return connection.batch("COMMIT").map(|()| Ran::AsSaid { committed: true }).map_err(troubled);
        }
        let pending = session.pending();
        let trace = pending.trace(connection).map_err(troubled)?;
        match pending.commit(connection).map_err(troubled) {
            Ok(()) => Ok(Ran::AsSaid { committed: true }),
            Err(Trouble::Lost(error)) => Ok(self.resolve(&trace, &error)),
            Err(trouble) => Err(trouble),
        }
    }

    /// Whether a transaction happened whose commit was not answered: its trace is put in its place. If that succeeds,
    /// the transaction did not happen and cannot happen any more; if the trace is there, it did. While it is still
    /// under way, the database lets us wait for it.
    fn resolve(&self, trace: &str, lost: &StoreError) -> Ran {
        const FENCE: &str = "INSERT INTO job (id) VALUES (CAST($1::text AS uuid))";
        tracing::warn!(error = %lost, trace, "a commit was not answered");
        let started = Instant::now();
        while started.elapsed() < self.resolve_max {
            let fenced = self.connector.connect().and_then(|connection| connection.execute(FENCE, &[&trace]));
            match fenced {
                Ok(_) => return Ran::Lost(lost.clone()),
                Err(StoreError::Conflict(_)) => return Ran::AsSaid { committed: true },
                Err(error) => tracing::warn!(%error, trace, "whether it happened is not known yet"),
            }
            thread::sleep(bounds::RESOLVE_PAUSE);
        }
        Ran::Failed(StoreError::OutcomeUnknown(lost.to_string()))
    }

    fn forget_old_traces(&self) {
        const SQL: &str = "DELETE FROM job WHERE at < now() - interval '10 minutes'";
        if let Some(connection) = self.connection.as_ref().filter(|connection| connection.is_sound()) {
            connection.begin("BEGIN");
            if let Err(error) = connection.batch(SQL).and_then(|()| connection.batch("COMMIT")) {
                connection.rollback();
                tracing::warn!(%error, "old traces of commits stay for now");
            }
        }
    }
}
