//! Jobs that wait for a connection, and the order in which groups of them commit.
//!
//! While one group of this process commits, the others would only wait for the sequencer (see `sequencer.rs`). They
//! wait in line here, and take further jobs meanwhile: so the busier the store, the larger its groups.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::bounds;
use crate::figures::PlaceInLine;
use crate::job::Job;
use crate::lines::{Lines, Owner};
use crate::together;

/// A job, and its history so far.
pub(super) struct Task {
    pub(super) job: Job,
    /// Whose line it stands in.
    pub(super) of: Owner,
    pub(super) since: Instant,
    /// Its place in the queue, until it is taken.
    pub(super) place: Option<PlaceInLine>,
    /// How often other transactions stood in its way.
    pub(super) attempts: u32,
    /// How often its connection was lost before the commit.
    pub(super) lost: u32,
    /// It shares its transaction with no other.
    pub(super) alone: bool,
}

impl Task {
    /// Whether it decides about a message together with others: what ran before and could not, runs alone.
    pub(super) fn decides(&self) -> bool {
        self.job.ahead().is_some() && !self.alone && self.attempts == 0 && self.lost == 0
    }
}

/// The next step of a group that is ready to commit.
#[expect(clippy::large_enum_variant, reason = "a thread holds one for a moment; a box would allocate for each job")]
pub(super) enum Turn {
    /// It commits now.
    Commit,
    /// Another group commits; meanwhile it takes this job.
    Join(Task),
}

#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    /// For groups in line.
    turned: Condvar,
}

#[derive(Default)]
struct Waiting {
    /// Jobs that may join a group.
    jobs: Lines<Task>,
    /// Jobs that begin a group: they have given way to another transaction, or run alone.
    first: VecDeque<Task>,
    /// Groups that commit, in this order. Only the first one does so now.
    line: VecDeque<usize>,
    /// Groups in line that would take a job.
    open: usize,
    /// A group of decisions is under way, and has not come to its commit. While it is, others gather for the next one.
    deciding: bool,
    /// Threads without a group, the one that has waited least last. It is called first: its caches are warm, and threads
    /// that the load does not need keep no memory of large messages.
    idle: Vec<Arc<Condvar>>,
    closing: bool,
}

impl Waiting {
    fn next(&mut self) -> Option<Task> {
        let may_decide = !self.deciding;
        let next = self.first.pop_front();
        let next = next.or_else(|| self.jobs.pop_where(|task| may_decide || !task.decides()))?;
        self.deciding |= next.decides();
        Some(next)
    }

    /// Calls a thread without a group, if there is one.
    fn call(&mut self) {
        if let Some(thread) = self.idle.pop() {
            thread.notify_one();
        }
    }

    /// Calls every thread without a group.
    fn call_all(&mut self) {
        self.idle.drain(..).for_each(|thread| thread.notify_one());
    }

    /// A job that joins a group.
    fn join(&mut self) -> Option<Task> {
        self.jobs.pop_joining(bounds::POSTGRES_JOINING_JOB_DURATION_MAX, |task| !task.decides())
    }
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, task: Task) {
        let mut waiting = self.waiting();
        if task.alone {
            waiting.first.push_back(task);
            return waiting.call();
        }
        let decides = task.decides();
        waiting.jobs.push(task.of, task);
        match (decides, waiting.deciding) {
            // The group under way ends its turn soon, and says so.
            (true, true) => {}
            (false, _) if waiting.open > 0 => self.turned.notify_all(),
            _ => waiting.call(),
        }
    }

    /// For a job that has been taken before and shall begin a group.
    pub(super) fn push_first(&self, task: Task) {
        let mut waiting = self.waiting();
        waiting.first.push_back(task);
        waiting.call();
    }

    pub(super) fn close(&self) {
        let mut waiting = self.waiting();
        waiting.closing = true;
        waiting.call_all();
    }

    /// The job that begins the next group; `None` when there will be none any more. `called` is how this thread is called.
    pub(super) fn next(&self, called: &Arc<Condvar>) -> Option<Task> {
        let mut waiting = self.waiting();
        loop {
            let next = waiting.next();
            if next.is_some() || (waiting.closing && waiting.jobs.is_empty()) {
                return next;
            }
            waiting.idle.push(Arc::clone(called));
            waiting = called.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            // It may have woken without a call.
            waiting.idle.retain(|thread| !Arc::ptr_eq(thread, called));
        }
    }

    /// Those that are decided together with this one: what waits now, in turn.
    pub(super) fn deciding_with(&self, first: Task) -> Vec<Task> {
        let (mut tasks, mut room) = (vec![first], together::Room::new());
        let mut waiting = self.waiting();
        loop {
            if let Some(ahead) = tasks.last().and_then(|task| task.job.ahead()) {
                room.take(ahead);
            }
            if room.is_used_up() {
                return tasks;
            }
            match waiting.jobs.pop_where(Task::decides) {
                Some(task) => tasks.push(task),
                None => return tasks,
            }
        }
    }

    /// The group of decisions commits, or will not: the next one may begin.
    pub(super) fn decided(&self) {
        let mut waiting = self.waiting();
        waiting.deciding = false;
        if waiting.closing {
            waiting.call_all();
        } else if !waiting.jobs.is_empty() {
            waiting.call();
        }
    }

    /// A job that joins a group, if one waits.
    pub(super) fn joining(&self) -> Option<Task> {
        self.waiting().join()
    }

    /// A job of this owner has taken so long.
    pub(super) fn took(&self, of: Owner, time: Duration) {
        self.waiting().jobs.took(of, time);
    }

    /// Waits in line until it is this group's turn, or until a job arrives while it is `open` for more. Not for long: who
    /// commits may have lost its host, and the line only saves work, the sequencer's lock keeps order.
    pub(super) fn turn(&self, group: usize, open: impl Fn() -> bool) -> Turn {
        let begun = Instant::now();
        let mut waiting = self.waiting();
        if !waiting.line.contains(&group) {
            waiting.line.push_back(group);
        }
        loop {
            let left = bounds::LINE_WAIT_MAX.saturating_sub(begun.elapsed());
            if waiting.line.front() == Some(&group) || left.is_zero() {
                // What it might have joined otherwise is left to others.
                if !waiting.jobs.is_empty() {
                    waiting.call();
                }
                return Turn::Commit;
            }
            let is_open = open();
            if is_open && let Some(task) = waiting.join() {
                return Turn::Join(task);
            }
            if !waiting.jobs.is_empty() {
                waiting.call();
            }
            waiting.open += usize::from(is_open);
            (waiting, _) = self.turned.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner);
            waiting.open -= usize::from(is_open);
        }
    }

    /// The group has committed, or will not.
    pub(super) fn leave(&self, group: usize) {
        let mut waiting = self.waiting();
        if let Some(place) = waiting.line.iter().position(|other| *other == group) {
            waiting.line.remove(place);
            self.turned.notify_all();
        }
    }
}
