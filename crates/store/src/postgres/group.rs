//! Jobs that share a transaction, and its commit.
//!
//! The first job waits for locks like any transaction. Those that join run in a savepoint and **give way**: they do not
//! wait for a row that another transaction has locked, but roll back and begin a group of their own later. So a
//! transaction waits only while it holds only its first job's locks, and two groups never wait for each other, in
//! whatever order their jobs lock accounts and clients.
//!
//! The group answers no job before the commit, since a job may have seen its neighbours' work. When the commit fails,
//! each job runs again alone.

use std::time::{Duration, Instant};

use super::codec::Trouble;
use super::connection::Connection;
use super::node::Own;
use super::queue::Task;
use super::sequencer::Pending;
use super::session::Session;
use crate::job::Job;
use crate::{bounds, together};

/// A transaction under way.
pub(super) struct Group<'c> {
    connection: &'c Connection,
    own: Own,
    /// When its first job had run: what that one waited for others is not counted.
    since: Instant,
    pending: Pending,
    wrote: bool,
    joined: bool,
    /// No job joins it.
    is_full: bool,
    given_way: u32,
    /// Jobs to commit.
    pub(super) committing: Vec<Task>,
    /// Jobs that failed on their own; the group answers them after the commit.
    pub(super) failed: Vec<Task>,
}

/// How the job ended that begins a group.
pub(super) enum First {
    /// It is to be committed; others may join.
    Begun,
    /// The job refused; the transaction holds nothing of it.
    Refused(Task),
    /// Something went wrong.
    Troubled(Task, Trouble),
}

impl<'c> Group<'c> {
    /// Begins a transaction.
    ///
    /// Its node may stand still while it holds rows that others wait for: then the database ends it, soon. A busy machine may
    /// keep it from its work for as long, though, so a job that lost its connection is given `time` the second time.
    pub(super) fn begin(connection: &'c Connection, own: Own, time: Duration) -> Group<'c> {
        connection.begin(&format!("BEGIN; SET LOCAL idle_in_transaction_session_timeout = {}", time.as_millis()));
        Group {
            connection,
            own,
            since: Instant::now(),
            pending: Pending::default(),
            wrote: false,
            joined: false,
            is_full: false,
            given_way: 0,
            committing: Vec::new(),
            failed: Vec::new(),
        }
    }

    /// Runs a job; returns whether it wants to be committed.
    fn run(&mut self, task: &mut Task) -> bool {
        let pending = std::mem::take(&mut self.pending);
        let mut session = Session::writing(self.connection, self.own, task.attempts > 0, pending);
        let wants_commit = task.job.run(&mut session);
        self.connection.collect();
        self.wrote |= session.has_written();
        self.pending = session.into_pending();
        wants_commit
    }

    /// Runs jobs that decide, together, as the only ones of the transaction. What they wrote is on its way, and the commit
    /// reads the results.
    pub(super) fn decide(&mut self, mut tasks: Vec<Task>) -> Result<(), (Vec<Task>, Trouble)> {
        let pending = std::mem::take(&mut self.pending);
        let mut session = Session::writing(self.connection, self.own, false, pending);
        let mut jobs: Vec<&mut Job> = tasks.iter_mut().map(|task| &mut task.job).collect();
        let decided = together::decide(&mut session, &mut jobs);
        self.wrote |= session.has_written();
        self.pending = session.into_pending();
        self.since = Instant::now();
        self.is_full = true;
        match (decided, self.connection.trouble()) {
            (Ok(committing), None) => {
                for (task, wants_commit) in tasks.into_iter().zip(committing) {
                    if wants_commit { &mut self.committing } else { &mut self.failed }.push(task);
                }
                Ok(())
            }
            (_, Some(trouble)) => Err((tasks, trouble)),
            (Err(error), None) => Err((tasks, Trouble::Failed(error))),
        }
    }

    pub(super) fn first(&mut self, mut task: Task) -> First {
        let wants_commit = self.run(&mut task);
        match (self.connection.trouble(), wants_commit) {
            (None, true) => {
                self.committing.push(task);
                self.since = Instant::now();
                First::Begun
            }
            // The job has seen the error; whether it failed of it or of something else is its own affair.
            (None | Some(Trouble::Failed(_)), false) => First::Refused(task),
            (Some(trouble), _) => First::Troubled(task, trouble),
        }
    }

    /// Whether another job may join.
    pub(super) fn is_open(&self, jobs_max: usize, duration_max: Duration) -> bool {
        let jobs = self.committing.len() + self.failed.len();
        !self.is_full
            && !self.committing.iter().any(|task| task.alone)
            && jobs < jobs_max
            && self.given_way < bounds::GROUP_GIVE_WAY_MAX
            && !self.holds_sequencer()
            && self.since.elapsed() < duration_max
    }

    /// Whether it has locked the sequencer, for which all other commits wait.
    pub(super) fn holds_sequencer(&self) -> bool {
        self.pending.holds_sequencer()
    }

    /// Whether it will have to lock the sequencer.
    pub(super) fn wants_sequencer(&self) -> bool {
        !self.pending.is_empty() && !self.holds_sequencer()
    }

    /// Runs a job that joins. Returns it when it has given way; `Err` when the connection is lost, and all with it.
    pub(super) fn join(&mut self, mut task: Task) -> Result<Option<Task>, Box<(Task, Trouble)>> {
        const FIRST_SAVEPOINT: &str = "SET LOCAL lock_timeout = '1ms'; SAVEPOINT job";
        const NEXT_SAVEPOINT: &str = "RELEASE job; SAVEPOINT job";
        self.connection.send(if self.joined { NEXT_SAVEPOINT } else { FIRST_SAVEPOINT });
        self.joined = true;
        let (before, wrote) = (self.pending.mark(), self.wrote);
        self.connection.set_gives_way(true);
        let wants_commit = self.run(&mut task);
        self.connection.set_gives_way(false);
        let trouble = self.connection.trouble();
        match trouble {
            None if wants_commit => {
                self.committing.push(task);
                return Ok(None);
            }
            Some(trouble @ Trouble::Lost(_)) => return Err(Box::new((task, trouble))),
            _ => {}
        }
        self.connection.begin_anew();
        self.connection.send("ROLLBACK TO job");
        self.pending.back_to(before);
        self.wrote = wrote;
        if trouble.is_none() {
            self.failed.push(task);
            return Ok(None);
        }
        self.given_way += 1;
        Ok(Some(task))
    }

    /// Ends the transaction with a commit. `Ok(None)`: committed. `Ok(Some(trace))`: the answer was lost, and this
    /// trace finds the outcome.
    pub(super) fn commit(&mut self) -> Result<Option<(String, Trouble)>, Trouble> {
        let connection = self.connection;
        let troubled = |error| connection.trouble().unwrap_or(Trouble::Failed(error));
        if !self.wrote {
            // Nothing to lose, so no trace is needed.
            return connection.batch("COMMIT").map(|()| None).map_err(troubled);
        }
        if self.joined {
            connection.send("SET LOCAL lock_timeout TO DEFAULT");
        }
        let trace = self.pending.trace(connection).map_err(troubled)?;
        // What decisions wrote was on its way with that.
        connection.collect();
        if let Some(trouble) = connection.trouble() {
            return Err(trouble);
        }
        match self.pending.commit(connection).map_err(troubled) {
            Ok(()) => Ok(None),
            Err(lost @ Trouble::Lost(_)) => Ok(Some((trace, lost))),
            Err(trouble) => Err(trouble),
        }
    }

    /// All its jobs.
    pub(super) fn into_tasks(self) -> impl Iterator<Item = Task> {
        self.committing.into_iter().chain(self.failed)
    }
}
