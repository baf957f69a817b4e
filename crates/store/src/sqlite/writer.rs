//! Writing: one thread, and one commit for all waiting jobs (group commit).
//!
//! The thread takes the queued jobs into one transaction, commits once, and only then answers all of them. While it
//! commits, new jobs gather. A failing job does not affect the others: the first job has the transaction to itself until
//! another one joins, and each that joins has a savepoint of its own.
//!
//! The first job has no savepoint because SQLite keeps a copy of each older page that changes under one. A job that
//! stages 20 000 payments changes a page of the index of duplicate keys for nearly every key, so these copies grew with
//! the database, by 3.5 MiB for each 50 000 payments stored, up to hundreds of MiB. A large job that joins others writes
//! its copies to a file without a name once they take more than 120 KiB (`temp_store`, `SQLITE_STMTJRNL_SPILL`).
//!
//! Waiting a little for more jobs pays only if more will come. The group just answered indicates it: its callers are
//! likely to ask again at once. So a group smaller than the one before waits for up to a quarter of the last commit's
//! duration; without that, callers settle into two groups that take turns, each paying for its own commit. A single
//! caller never waits.

use std::collections::HashSet;
use std::fmt;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use super::checkpoint::Committed;
use super::codec::{failed, is_failure_of_syncing};
use super::halt::{Guard, Halt};
use super::log_size::LogSize;
use super::options::SqliteOptions;
use super::query;
use super::session::Session;
use crate::body::BodyFolder;
use crate::figures::WriteFigures;
use crate::job::{Job, Outcome, Queued, Work, closed};
use crate::lines::{Lines, Owner};
use crate::news::{News, Reach, Teller};
use crate::room::Room;
use crate::statement::statements;
use crate::together;
use crate::{Counters, StoreError, bounds};

statements! {
    const BEGIN: Statement = ("BEGIN IMMEDIATE");
    const COMMIT: Statement = ("COMMIT");
    const ROLLBACK: Statement = ("ROLLBACK");
    const SAVEPOINT: Statement = ("SAVEPOINT job");
    const ROLLBACK_TO_SAVEPOINT: Statement = ("ROLLBACK TO job");
    const RELEASE_SAVEPOINT: Statement = ("RELEASE job");
}

/// The queue to the writing thread.
pub(super) struct Writer {
    queue: Mutex<Option<Sender<Queued>>>,
    permits: Arc<Semaphore>,
    figures: WriteFigures,
    news: Arc<Teller>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("figures", &self.figures).finish_non_exhaustive()
    }
}

impl Writer {
    pub(super) fn start(
        connection: Connection,
        bodies: Arc<BodyFolder>,
        room: Arc<Room>,
        checkpoints: Committed,
        options: SqliteOptions,
        halt: Arc<Halt>,
        figures: WriteFigures,
    ) -> Result<Writer, StoreError> {
        let (sender, receiver) = channel();
        let news = Arc::new(Teller::reaching(Reach::Ourselves));
        let mut thread = WritingThread {
            log: LogSize::of(&connection),
            connection,
            bodies,
            room,
            checkpoints,
            options,
            receiver,
            lines: Lines::default(),
            figures: figures.clone(),
            news: Arc::clone(&news),
            last_group_jobs: 0,
            last_commit: Duration::ZERO,
            halt,
        };
        let handle = thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || thread.serve())
            .map_err(|error| StoreError::Unavailable(format!("no thread for writing: {error}")))?;
        Ok(Writer {
            queue: Mutex::new(Some(sender)),
            permits: Arc::new(Semaphore::new(options.queue_jobs_max.max(1))),
            figures,
            news,
            thread: Mutex::new(Some(handle)),
        })
    }

    pub(super) async fn write(&self, job: Work, of: Owner, with_reserve: bool) -> Outcome {
        let asked = Instant::now();
        let permit = Arc::clone(&self.permits).acquire_owned().await.map_err(|_| closed())?;
        let (answer, answered) = oneshot::channel();
        let (job, place) = (Job::new(job, answer), self.figures.line_up(permit));
        {
            let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let sender = queue.as_ref().ok_or_else(closed)?;
            sender.send(Queued { job, place, with_reserve, of }).map_err(|_| closed())?;
        }
        let answer = answered.await.unwrap_or_else(|_| Err(closed()));
        self.figures.answered(asked);
        answer
    }

    pub(super) fn news(&self) -> News {
        self.news.news()
    }

    pub(super) fn counters(&self) -> Counters {
        self.figures.counters()
    }
}

/// Finishes queued jobs, then closes the database.
impl Drop for Writer {
    fn drop(&mut self) {
        self.queue.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        // A job may hold the last clone of the store: a thread cannot wait for its own end.
        if let Some(thread) = thread
            && thread.thread().id() != thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the writing thread panicked");
        }
    }
}

struct WritingThread {
    log: LogSize,
    connection: Connection,
    bodies: Arc<BodyFolder>,
    room: Arc<Room>,
    checkpoints: Committed,
    options: SqliteOptions,
    receiver: Receiver<Queued>,
    /// Jobs received and not run yet.
    lines: Lines<Queued>,
    figures: WriteFigures,
    news: Arc<Teller>,
    last_group_jobs: usize,
    last_commit: Duration,
    /// Why nothing is written any more: the result of a commit is unknown.
    halt: Arc<Halt>,
}

/// The jobs of one transaction, and what its commit brings about.
#[derive(Default)]
struct Group {
    /// Jobs that decide about messages, until they run together.
    deciding: Vec<Job>,
    /// For whom these are.
    deciding_for: Vec<Owner>,
    committing: Vec<Job>,
    failed: Vec<Job>,
    forgotten_bodies: HashSet<String>,
    news: bool,
}

impl Group {
    fn jobs(&self) -> usize {
        self.deciding.len() + self.committing.len() + self.failed.len()
    }

    fn into_jobs(self) -> impl Iterator<Item = Job> {
        self.committing.into_iter().chain(self.failed).chain(self.deciding)
    }
}

impl WritingThread {
    fn serve(&mut self) {
        let halt = Arc::clone(&self.halt);
        let _guard = Guard(&halt);
        while let Some(first) = self.next_or_wait() {
            if let Some(error) = self.halt.reason() {
                self.figures.failed.inc();
                first.job.answer(Some(error));
                continue;
            }
            let Some(first) = self.unless_full(first) else { continue };
            let mut group = Group::default();
            match self.gather(first, &mut group).and_then(|()| self.commit(&group)) {
                Ok(()) => self.finish(group),
                Err(error) => self.undo(group, error),
            }
        }
    }

    /// The job whose turn it is, if one waits.
    fn next(&mut self) -> Option<Queued> {
        self.line_up();
        self.lines.pop()
    }

    /// The same, if it may join a transaction of others.
    fn joining(&mut self) -> Option<Queued> {
        self.line_up();
        self.lines.pop_joining(bounds::JOINING_JOB_DURATION_MAX, |_| true)
    }

    fn line_up(&mut self) {
        while let Ok(queued) = self.receiver.try_recv() {
            self.lines.push(queued.of, queued);
        }
    }

    /// The same; waits for one. `None` when there will be none any more.
    fn next_or_wait(&mut self) -> Option<Queued> {
        loop {
            if let Some(next) = self.next() {
                return Some(next);
            }
            let queued = self.receiver.recv().ok()?;
            self.lines.push(queued.of, queued);
        }
    }

    /// Takes jobs into a transaction as long as there are any, within the bounds of a group.
    fn gather(&mut self, first: Queued, group: &mut Group) -> Result<(), StoreError> {
        let started = Instant::now();
        let patience = (self.last_commit / 4).min(bounds::GATHERING_DURATION_MAX);
        let mut next = Some(first);
        let mut room = together::Room::new();
        while let Some(queued) = next.take() {
            drop(queued.place);
            match queued.job.ahead() {
                Some(ahead) => {
                    room.take(ahead);
                    group.deciding.push(queued.job);
                    group.deciding_for.push(queued.of);
                }
                None => {
                    // What came before it is decided before it runs.
                    if let Err(error) = self.decide_in_turn(group) {
                        group.committing.push(queued.job);
                        return Err(error);
                    }
                    let begun = Instant::now();
                    let ran = self.run(queued.job, group);
                    self.lines.took(queued.of, begun.elapsed());
                    ran?;
                }
            }
            if room.is_used_up() {
                self.decide_in_turn(group)?;
                room = together::Room::new();
            }
            let elapsed = started.elapsed();
            if group.jobs() >= self.options.group_jobs_max || elapsed >= self.options.group_duration_max {
                break;
            }
            next = self.joining();
            if next.is_none() && self.lines.is_empty() && group.jobs() < self.last_group_jobs {
                let queued = self.receiver.recv_timeout(patience.saturating_sub(elapsed)).ok();
                queued.into_iter().for_each(|queued| self.lines.push(queued.of, queued));
                next = self.joining();
            }
            next = next.and_then(|queued| self.unless_full(queued));
        }
        self.decide_in_turn(group)
    }

    /// Decides, and divides the time that it took among those for whom it was.
    fn decide_in_turn(&mut self, group: &mut Group) -> Result<(), StoreError> {
        let begun = Instant::now();
        let decided = self.decide(group);
        let owners = std::mem::take(&mut group.deciding_for);
        let each = begun.elapsed() / u32::try_from(owners.len().max(1)).unwrap_or(u32::MAX);
        owners.into_iter().for_each(|of| self.lines.took(of, each));
        decided
    }

    /// Runs the gathered jobs that decide about messages, together: in a transaction that begins with them, or in a
    /// savepoint of the one that others have begun. When that fails, each runs by itself.
    fn decide(&self, group: &mut Group) -> Result<(), StoreError> {
        let mut jobs = std::mem::take(&mut group.deciding);
        if jobs.is_empty() {
            return Ok(());
        }
        self.figures.decided(jobs.len());
        let execute = |statement| query::execute(&self.connection, statement, []).map(drop);
        let joins = !self.connection.is_autocommit();
        if let Err(error) = execute(if joins { SAVEPOINT } else { BEGIN }) {
            group.committing.extend(jobs);
            return Err(error);
        }
        let mut session = Session::new(&self.connection);
        let decided = together::decide(&mut session, &mut jobs.iter_mut().collect::<Vec<_>>());
        let effects = session.into_effects();
        // A full disk, for one, ends the transaction from below, with the work of the other jobs in it.
        if self.connection.is_autocommit() {
            group.committing.extend(jobs);
            return Err(StoreError::Unavailable("the database ended the transaction".to_owned()));
        }
        let ended = match (&decided, joins) {
            (Ok(committing), false) if committing.contains(&true) => Ok(()),
            // Nobody else is in the transaction; the next job begins another one.
            (_, false) => execute(ROLLBACK),
            (Ok(_), true) => execute(RELEASE_SAVEPOINT),
            (Err(_), true) => execute(ROLLBACK_TO_SAVEPOINT).and_then(|()| execute(RELEASE_SAVEPOINT)),
        };
        match (decided, ended) {
            (_, Err(error)) => {
                group.committing.extend(jobs);
                Err(error)
            }
            (Ok(committing), Ok(())) => {
                group.news |= effects.news;
                group.forgotten_bodies.extend(effects.forgotten_bodies);
                for (job, wants_commit) in jobs.into_iter().zip(committing) {
                    if wants_commit { &mut group.committing } else { &mut group.failed }.push(job);
                }
                Ok(())
            }
            (Err(error), Ok(())) => {
                tracing::warn!(%error, jobs = jobs.len(), "messages are decided on one by one");
                let mut jobs = jobs.into_iter();
                while let Some(job) = jobs.next() {
                    if let Err(error) = self.run(job, group) {
                        group.committing.extend(jobs);
                        return Err(error);
                    }
                }
                Ok(())
            }
        }
    }

    /// A job for which there is room. The writer answers a job that may not use the reserve before it writes into it.
    fn unless_full(&self, queued: Queued) -> Option<Queued> {
        if queued.with_reserve {
            self.room.make_room();
            return Some(queued);
        }
        if self.room.was_ample() {
            return Some(queued);
        }
        self.figures.failed.inc();
        queued.job.answer(Some(StoreError::NoRoom("on the disk".to_owned())));
        None
    }

    /// Runs one job: in a transaction that begins with it, or in a savepoint of the one that others have begun. An error
    /// here ends the whole group, and the job is one of it.
    fn run(&self, mut job: Job, group: &mut Group) -> Result<(), StoreError> {
        let execute = |statement| query::execute(&self.connection, statement, []).map(drop);
        let joins = !self.connection.is_autocommit();
        let begun = if joins { execute(SAVEPOINT) } else { execute(BEGIN) };
        if let Err(error) = begun {
            group.committing.push(job);
            return Err(error);
        }
        let mut session = Session::new(&self.connection);
        let wants_commit = job.run(&mut session);
        let effects = session.into_effects();
        // A full disk, for one, ends the transaction from below, with the work of the other jobs in it.
        let ended = self.connection.is_autocommit();
        if wants_commit {
            group.committing.push(job);
            group.forgotten_bodies.extend(effects.forgotten_bodies);
            group.news |= effects.news;
        } else {
            group.failed.push(job);
        }
        if ended {
            return Err(StoreError::Unavailable("the database ended the transaction".to_owned()));
        }
        match (joins, wants_commit) {
            (false, true) => Ok(()),
            // Nobody else is in the transaction; the next job begins another one.
            (false, false) => execute(ROLLBACK),
            (true, true) => execute(RELEASE_SAVEPOINT),
            (true, false) => execute(ROLLBACK_TO_SAVEPOINT).and_then(|()| execute(RELEASE_SAVEPOINT)),
        }
    }

    fn commit(&mut self, group: &Group) -> Result<(), StoreError> {
        if group.committing.is_empty() {
            // The one that was begun ended with the job that failed.
            return Ok(());
        }
        let started = Instant::now();
        if !self.options.commit_delay.is_zero() {
            thread::sleep(self.options.commit_delay);
        }
        let committed = query::prepare(&self.connection, COMMIT)?.execute([]);
        self.last_commit = started.elapsed();
        self.figures.commit_took(self.last_commit);
        self.last_group_jobs = group.jobs();
        let Err(error) = committed else { return Ok(()) };
        if matches!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::SystemIoFailure)) {
            // Syncing may have failed after writing the log: only a new opening shows its content.
            let error = StoreError::OutcomeUnknown(error.to_string());
            tracing::error!(%error, "no more writing until the store is opened again");
            self.halt.halt(error.clone());
            return Err(error);
        }
        Err(failed(error))
    }

    fn finish(&mut self, group: Group) {
        let committed = group.committing.len() as u64;
        self.figures.group_ended(committed, group.failed.len() as u64);
        for name in &group.forgotten_bodies {
            if let Err(error) = self.bodies.remove(name) {
                tracing::warn!(%error, "a forgotten body stays until the next sweep");
            }
        }
        if group.news {
            self.news.tell();
        }
        for job in group.committing.into_iter().chain(group.failed) {
            job.answer(None);
        }
        if committed > 0 {
            self.checkpoints.tell();
            self.keep_the_log_short();
        }
    }

    fn keep_the_log_short(&mut self) {
        let Err(error) = self.log.keep_short(&self.connection) else { return };
        let is_sync = is_failure_of_syncing(&error);
        let error = failed(error);
        if is_sync {
            tracing::error!(%error, "the database could not be synced");
            self.halt.halt(StoreError::OutcomeUnknown(error.to_string()));
        } else {
            tracing::warn!(%error, "the log could not be copied; a later commit tries again");
        }
    }

    /// The transaction did not happen. Its jobs run once more, each alone, so that one that the database cannot take
    /// does not harm the others; unless the outcome is unknown, or they were alone already. Those that had failed run
    /// again too: what they stumbled over may have been another job's work, which did not happen either.
    fn undo(&mut self, group: Group, error: StoreError) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
        tracing::warn!(%error, jobs = group.jobs(), "a commit failed");
        let alone = group.jobs() == 1;
        for job in group.into_jobs() {
            let halted = self.halt.reason();
            if alone || halted.is_some() {
                self.figures.failed.inc();
                job.answer(Some(halted.unwrap_or_else(|| error.clone())));
            } else {
                self.run_alone(job);
            }
        }
    }

    fn run_alone(&mut self, job: Job) {
        let mut group = Group::default();
        match self.run(job, &mut group).and_then(|()| self.commit(&group)) {
            Ok(()) => self.finish(group),
            Err(error) => self.undo(group, error),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test")]
mod tests {
    use jiff::Timestamp;
    use telemetry::Telemetry;

    use super::*;
    use crate::blocking::wait_for;
    use crate::job::{writing, written};
    use crate::sqlite::checkpoint::Checkpoints;
    use crate::sqlite::{files, open};
    use crate::{AuditLine, ReadAudit as _, Writing};

    fn line(detail: String) -> AuditLine {
        AuditLine { at: Timestamp::UNIX_EPOCH, actor: String::new(), action: String::new(), detail }
    }

    /// A job that failed because of something that was then undone did not fail.
    #[test]
    fn a_job_that_failed_over_what_was_undone_runs_again() {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::default();
        open::create(folder.path(), &options).unwrap();
        let room = Arc::new(Room::of(folder.path()));
        let bodies = BodyFolder::open(folder.path().join(files::BODY_FOLDER), Arc::clone(&room)).unwrap();
        let (connection, _) = open::writer(folder.path(), &options).unwrap();
        let checkpoints =
            Checkpoints::start(open::checkpointer(folder.path(), &options).unwrap(), Arc::default()).unwrap();
        let (_, receiver) = channel();
        let mut thread = WritingThread {
            log: LogSize::of(&connection),
            connection,
            bodies,
            room,
            checkpoints: checkpoints.committed(),
            options,
            receiver,
            lines: Lines::default(),
            figures: WriteFigures::of(&Telemetry::new()),
            news: Arc::new(Teller::reaching(Reach::Ourselves)),
            last_group_jobs: 0,
            last_commit: Duration::ZERO,
            halt: Arc::new(Halt::default()),
        };
        let (answer, first) = oneshot::channel();
        let mut runs = 0;
        let takes_the_key_once = Job::new(
            writing(move |tx: &mut dyn Writing| {
                runs += 1;
                tx.append_audit(&line("the key".to_owned()))?;
                if runs == 1 { Ok(()) } else { Err(StoreError::Refused("not a second time".to_owned())) }
            }),
            answer,
        );
        let (answer, second) = oneshot::channel();
        let finds_it_taken = Job::new(
            writing(|tx: &mut dyn Writing| match tx.audit(1, 1)?.first() {
                Some(_) => Err(StoreError::Conflict("the key".to_owned())),
                None => tx.append_audit(&line("mine".to_owned())),
            }),
            answer,
        );
        let mut group = Group::default();
        thread.run(takes_the_key_once, &mut group).unwrap();
        thread.run(finds_it_taken, &mut group).unwrap();
        assert_eq!((group.committing.len(), group.failed.len()), (1, 1));
        thread.undo(group, StoreError::Unavailable("the disk is full".to_owned()));
        let answered =
            |outcome: oneshot::Receiver<Outcome>| written::<(), StoreError>(wait_for(outcome).unwrap()).result;
        assert!(matches!(answered(first), Err(StoreError::Refused(_))));
        assert_eq!(answered(second), Ok(()));
    }

    /// A job that the disk cannot take fails, and those that shared its transaction do not.
    #[test]
    fn a_full_disk_harms_only_the_job_that_does_not_fit() {
        const JOBS: usize = 12;
        const TOO_BIG: usize = 5;
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions { commit_delay: Duration::from_millis(5), ..SqliteOptions::default() };
        open::create(folder.path(), &options).unwrap();
        let room = Arc::new(Room::of(folder.path()));
        let bodies = BodyFolder::open(folder.path().join(files::BODY_FOLDER), Arc::clone(&room)).unwrap();
        let (connection, _) = open::writer(folder.path(), &options).unwrap();
        let pages: i64 = connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        connection.query_row(&format!("PRAGMA max_page_count = {}", pages + 8), [], |_| Ok(())).unwrap();
        let checkpoints =
            Checkpoints::start(open::checkpointer(folder.path(), &options).unwrap(), Arc::default()).unwrap();
        let (committed, figures) = (checkpoints.committed(), WriteFigures::of(&Telemetry::new()));
        let writer =
            Arc::new(Writer::start(connection, bodies, room, committed, options, Arc::default(), figures).unwrap());
        let write = |number: usize| {
            let writer = Arc::clone(&writer);
            thread::spawn(move || {
                let bytes = if number == TOO_BIG { 1 << 20 } else { 1 };
                let line = line("x".repeat(bytes));
                // Does not look at the result, as no job should; the store must notice itself.
                let append = move |tx: &mut dyn Writing| {
                    let _ = tx.append_audit(&line);
                    tx.append_audit(&line)
                };
                written::<(), StoreError>(wait_for(writer.write(writing(append), Owner::Exchange, false))).result
            })
        };
        let results: Vec<_> =
            (0..JOBS).map(write).collect::<Vec<_>>().into_iter().map(|job| job.join().unwrap()).collect();
        for (number, result) in results.iter().enumerate() {
            let expected = number == TOO_BIG;
            assert_eq!(
                matches!(result, Err(StoreError::NoRoom(_) | StoreError::Unavailable(_))),
                expected,
                "job {number}: {result:?}"
            );
        }
        assert_eq!(writer.counters().jobs, JOBS as u64 - 1);
        drop(writer);
        let reader = open::reader(folder.path(), &options).unwrap();
        let transaction = reader.unchecked_transaction().unwrap();
        let lines = Session::new(&transaction).audit(1, 100).unwrap();
        assert_eq!(lines.len(), 2 * (JOBS - 1));
    }
}
