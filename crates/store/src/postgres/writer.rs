//! Writing: a few threads, each with a connection of its own, take jobs from one queue.
//!
//! The closures of the contract are synchronous, so a thread runs each transaction and waits for the database. As many
//! transactions run at once as there are threads; the operations' locks keep apart what must not run at once (see
//! `session.rs`). Jobs share transactions when there are more of them than threads, or while another transaction
//! commits (see `group.rs` and `queue.rs`).
//!
//! | what goes wrong | what follows |
//! |---|---|
//! | another transaction is in the way (40001, 40P01) | the job runs again after a short pause, some ten times |
//! | the connection is lost before the commit | nothing happened: the job runs again on a new one, once |
//! | the commit's answer is lost | the trace of the transaction tells: see `resolve` |
//! | a transaction of several jobs fails | each runs again, alone |

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::sync::{Semaphore, oneshot};

use super::codec::Trouble;
use super::connection::Connection;
use super::connector::Connector;
use super::group::{First, Group};
use super::node::{Node, sweep_nodes};
use super::options::PostgresOptions;
use super::queue::{Queue, Task, Turn};
use crate::figures::WriteFigures;
use crate::job::{Job, Outcome, Work, closed};
use crate::lines::Owner;
use crate::statement::statements;
use crate::{Counters, StoreError, bounds};

statements! {
    const FENCE: Statement = ("INSERT INTO job (id) VALUES (CAST($1::text AS uuid))");
    const CONFIRM: Statement = ("INSERT INTO job (id) VALUES (gen_random_uuid())");
    const SWEEP_TRACES: Statement = ("DELETE FROM job WHERE at < now() - interval '10 minutes'");
}

/// The queue, and the threads that work it off.
pub(super) struct Writers {
    queue: Arc<Queue>,
    figures: WriteFigures,
    permits: Arc<Semaphore>,
    threads: Vec<JoinHandle<()>>,
}

impl fmt::Debug for Writers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writers").field("figures", &self.figures).finish_non_exhaustive()
    }
}

impl Writers {
    pub(super) fn start(
        connector: &Connector,
        node: &Arc<Node>,
        options: &PostgresOptions,
        figures: WriteFigures,
    ) -> Result<Writers, StoreError> {
        let queue = Arc::new(Queue::default());
        let mut threads = Vec::with_capacity(options.writers.max(1));
        for number in 0..options.writers.max(1) {
            let mut thread = WritingThread {
                number,
                queue: Arc::clone(&queue),
                figures: figures.clone(),
                connector: connector.clone(),
                node: Arc::clone(node),
                connection: None,
                options: options.clone(),
                random: RandomState::new(),
            };
            let handle = thread::Builder::new()
                .name(format!("store-writer-{number}"))
                .spawn(move || thread.serve())
                .map_err(|error| StoreError::Unavailable(format!("no thread for writing: {error}")))?;
            threads.push(handle);
        }
        let permits = Arc::new(Semaphore::new(options.queue_jobs_max.max(1)));
        Ok(Writers { queue, figures, permits, threads })
    }

    pub(super) async fn write(&self, job: Work, of: Owner) -> Outcome {
        let asked = Instant::now();
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed())?;
        let (answer, answered) = oneshot::channel();
        let (job, place) = (Job::new(job, answer), Some(self.figures.line_up(permit)));
        self.queue.push(Task { job, of, since: Instant::now(), place, attempts: 0, lost: 0, alone: false });
        let answer = answered.await.unwrap_or_else(|_| Err(closed()));
        self.figures.answered(asked);
        answer
    }

    pub(super) fn counters(&self) -> Counters {
        self.figures.counters()
    }
}

/// Finishes queued jobs, then ends the threads.
impl Drop for Writers {
    fn drop(&mut self) {
        self.queue.close();
        for thread in self.threads.drain(..) {
            // A job may hold the last clone of the store: a thread cannot wait for its own end.
            if thread.thread().id() != thread::current().id() && thread.join().is_err() {
                tracing::error!("a writing thread panicked");
            }
        }
    }
}

/// How the transaction of a group ended.
enum Ended {
    /// It is committed.
    Committed,
    /// It did not happen and will not.
    Troubled(Trouble),
    /// Unknown.
    Unknown(StoreError),
}

struct WritingThread {
    number: usize,
    queue: Arc<Queue>,
    figures: WriteFigures,
    connector: Connector,
    node: Arc<Node>,
    connection: Option<Connection>,
    options: PostgresOptions,
    random: RandomState,
}

impl WritingThread {
    fn serve(&mut self) {
        let called = Arc::default();
        while let Some(mut task) = self.queue.next(&called) {
            let waited = task.place.take().map_or(Duration::ZERO, |_place| task.since.elapsed());
            if waited > self.options.queue_wait_max {
                let text = "no connection to the database was free in time";
                self.give_up(task, StoreError::Unavailable(text.to_owned()));
                continue;
            }
            let connection = match self.connection.take().filter(Connection::is_sound) {
                Some(connection) => connection,
                None => match self.connector.connect_here() {
                    Ok(connection) => {
                        let untaken = bounds::UNTAKEN_ANSWER_MAX.as_millis();
                        connection.send(&format!("SET tcp_user_timeout = {untaken}"));
                        connection
                    }
                    Err(error) => {
                        self.give_up(task, error);
                        continue;
                    }
                },
            };
            self.work_off(&connection, task);
            self.connection = Some(connection).filter(Connection::is_sound);
        }
    }

    /// Fails a job that was taken and did not run.
    fn give_up(&self, task: Task, error: StoreError) {
        if task.decides() {
            // Others may begin a group of decisions in its stead.
            self.queue.decided();
        }
        self.fail(task, error);
    }

    fn fail(&self, task: Task, error: StoreError) {
        self.figures.failed.inc();
        task.job.answer(Some(error.final_one()));
    }

    /// Runs a job, with others that join it, in one transaction.
    fn work_off(&self, connection: &Connection, first: Task) {
        let time = match first.lost {
            0 => bounds::STANDING_STILL_MAX,
            _ => self.options.statement_timeout,
        };
        let decides = first.decides();
        let mut group = Group::begin(connection, self.node.own(), time);
        if decides {
            return self.decide(connection, group, first);
        }
        let (of, begun) = (first.of, Instant::now());
        let begins = group.first(first);
        self.queue.took(of, begun.elapsed());
        match begins {
            First::Begun => {}
            First::Refused(task) => {
                connection.rollback();
                self.figures.failed.inc();
                return task.job.answer(None);
            }
            First::Troubled(task, trouble) => {
                connection.rollback();
                return self.again(task, &trouble);
            }
        }
        self.end(connection, group);
    }

    /// Runs jobs that decide about messages together, in one transaction.
    fn decide(&self, connection: &Connection, mut group: Group<'_>, first: Task) {
        let mut tasks = self.queue.deciding_with(first);
        tasks.iter_mut().for_each(|task| task.place = None);
        self.figures.decided(tasks.len());
        let (owners, begun): (Vec<Owner>, _) = (tasks.iter().map(|task| task.of).collect(), Instant::now());
        let decided = group.decide(tasks);
        let each = begun.elapsed() / u32::try_from(owners.len().max(1)).unwrap_or(u32::MAX);
        owners.into_iter().for_each(|of| self.queue.took(of, each));
        self.queue.decided();
        match decided {
            Ok(()) => self.end(connection, group),
            Err((tasks, trouble)) => {
                connection.rollback();
                tracing::warn!(error = %trouble.error(), jobs = tasks.len(), "messages are decided on one by one");
                self.take_apart(tasks, &trouble);
            }
        }
    }

    /// Gathers further jobs, and commits.
    fn end(&self, connection: &Connection, mut group: Group<'_>) {
        let ended = match self.gather(&mut group) {
            Ok(()) => self.commit(&mut group),
            Err(trouble) => Ended::Troubled(trouble),
        };
        if !matches!(ended, Ended::Committed) {
            connection.rollback();
            self.queue.leave(self.number);
        }
        match ended {
            Ended::Committed => self.finish(connection, group),
            Ended::Troubled(trouble) => self.take_apart(group.into_tasks().collect(), &trouble),
            Ended::Unknown(error) => group.into_tasks().for_each(|task| self.fail(task, error.clone())),
        }
    }

    /// Takes jobs that wait, and those that come while it is another group's turn to commit.
    fn gather(&self, group: &mut Group<'_>) -> Result<(), Trouble> {
        let (jobs_max, duration_max) = (self.options.group_jobs_max, self.options.group_duration_max);
        while group.is_open(jobs_max, duration_max)
            && let Some(task) = self.queue.joining()
        {
            self.join(group, task)?;
        }
        // A group that holds the sequencer must not wait for those that wait for it.
        while group.wants_sequencer() {
            match self.queue.turn(self.number, || group.is_open(jobs_max, duration_max)) {
                Turn::Commit => break,
                Turn::Join(task) => self.join(group, task)?,
            }
        }
        Ok(())
    }

    fn join(&self, group: &mut Group<'_>, mut task: Task) -> Result<(), Trouble> {
        task.place = None;
        let (of, begun) = (task.of, Instant::now());
        let joins = group.join(task);
        self.queue.took(of, begun.elapsed());
        match joins {
            Ok(None) => Ok(()),
            Ok(Some(task)) => {
                self.figures.gave_way.inc();
                self.queue.push_first(task);
                Ok(())
            }
            Err(lost) => {
                let (task, trouble) = *lost;
                self.queue.push_first(task);
                Err(trouble)
            }
        }
    }

    fn commit(&self, group: &mut Group<'_>) -> Ended {
        let begun = Instant::now();
        let committed = group.commit();
        self.figures.commit_took(begun.elapsed());
        // Those in line need not wait for what follows.
        self.queue.leave(self.number);
        match committed {
            Ok(None) => Ended::Committed,
            Ok(Some((trace, lost))) => self.resolve(&trace, lost),
            Err(trouble) => Ended::Troubled(trouble),
        }
    }

    fn finish(&self, connection: &Connection, group: Group<'_>) {
        let (committed, failed) = (group.committing.len() as u64, group.failed.len() as u64);
        let commits = self.figures.group_ended(committed, failed);
        group.into_tasks().for_each(|task| task.job.answer(None));
        if commits.is_multiple_of(bounds::COMMITS_BETWEEN_SWEEPS) {
            sweep(connection);
        }
    }

    /// The transaction did not happen. A job that was alone in it runs again if that can help; several run again, each
    /// alone, so that one that the database cannot take does not harm the others. Those that had failed run again too:
    /// what they stumbled over may have been another job's work, which did not happen either.
    fn take_apart(&self, mut tasks: Vec<Task>, trouble: &Trouble) {
        match tasks.pop() {
            Some(task) if tasks.is_empty() => self.again(task, trouble),
            last => {
                for mut task in tasks.into_iter().chain(last) {
                    task.alone = true;
                    self.queue.push_first(task);
                }
            }
        }
    }

    /// Lets a failed job run again, unless it has done so often enough.
    fn again(&self, mut task: Task, trouble: &Trouble) {
        match trouble {
            Trouble::Failed(_) => return self.fail(task, trouble.error().clone()),
            Trouble::Again(_) => task.attempts += 1,
            Trouble::Lost(_) => {
                self.figures.connections_lost.inc();
                task.lost += 1;
            }
        }
        if task.attempts >= bounds::ATTEMPTS_MAX || task.lost >= bounds::CONNECTIONS_LOST_MAX {
            return self.fail(task, trouble.error().clone());
        }
        if matches!(trouble, Trouble::Again(_)) {
            self.figures.conflicts.inc();
            self.pause(task.attempts);
        }
        self.queue.push_first(task);
    }

    /// Twice as long each time, and never the same for two who met.
    fn pause(&self, attempts: u32) {
        let longest = bounds::RETRY_PAUSE.saturating_mul(1 << attempts.min(16)).min(bounds::RETRY_PAUSE_MAX);
        let share = self.random.hash_one(Instant::now()) % 1000;
        thread::sleep(longest / 2 + longest.mul_f64(share as f64 / 2000.0));
    }

    /// Whether a transaction happened whose commit was not answered: its trace is put in its place. If that succeeds,
    /// the transaction did not happen and cannot happen any more; if the trace is there, it did. While it is still
    /// under way, the database lets us wait for it.
    ///
    /// A trace that is there is believed only after a further commit of ours: with a synchronous standby that one is
    /// answered when the standby has it, and with it everything before.
    fn resolve(&self, trace: &str, lost: Trouble) -> Ended {
        tracing::warn!(error = %lost.error(), trace, "a commit was not answered");
        let started = Instant::now();
        while started.elapsed() < self.options.resolve_max {
            let happened = self.connector.connect().and_then(|connection| match connection.execute(FENCE, &[&trace]) {
                Err(StoreError::Conflict(_)) => {
                    connection.begin_anew();
                    connection.execute(CONFIRM, &[]).map(|_| true)
                }
                fenced => fenced.map(|_| false),
            });
            match happened {
                Ok(false) => return Ended::Troubled(lost),
                Ok(true) => return Ended::Committed,
                Err(error) => tracing::warn!(%error, trace, "the outcome of a commit is not known yet"),
            }
            thread::sleep(bounds::RESOLVE_PAUSE);
        }
        Ended::Unknown(StoreError::OutcomeUnknown(lost.error().to_string()))
    }
}

/// Removes old traces of commits, and the rows of nodes that have been gone for a day and left no body behind.
fn sweep(connection: &Connection) {
    connection.begin("BEGIN");
    let swept = connection.execute(SWEEP_TRACES, &[]).and_then(|_| sweep_nodes(connection));
    if let Err(error) = swept.and_then(|()| connection.batch("COMMIT")) {
        connection.rollback();
        tracing::warn!(%error, "old traces of commits stay for now");
    }
}
