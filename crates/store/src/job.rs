//! A job as the store runs it: a closure whose types only its caller knows.
//!
//! The types end here, in a closure that gives an [`Answer`] and in [`typed`], which takes it. All behind, from the queue to the
//! commit on both engines, is compiled once and not again in every crate for every job.

use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::oneshot;
use tracing::Span;

use crate::figures::PlaceInLine;
use crate::lines::Owner;
use crate::{Deciding, ReadAhead, Reading, StoreError, Writing};

/// What a job gives back, a `Result` of its types.
pub(crate) type Answer = Box<dyn Any + Send>;

/// The result of a job; an error is the store's own.
pub(crate) type Outcome = Result<Answer, StoreError>;

/// An outcome that is waited for.
pub(crate) type Pending<'s> = Pin<Box<dyn Future<Output = Outcome> + Send + 's>>;

/// A job that only reads.
pub(crate) type ReadJob = Box<dyn FnOnce(&mut dyn Reading) -> Answer + Send>;

/// A job that writes; says with its answer whether it wants to be committed.
pub(crate) type WriteJob = Box<dyn FnMut(&mut dyn Writing) -> (Answer, bool) + Send>;

/// A job that decides about a message; says with its answer whether it wants to be committed.
pub(crate) type DecideJob = Box<dyn FnMut(&mut dyn Deciding) -> (Answer, bool) + Send>;

/// The work of a job.
pub(crate) enum Work {
    /// It writes, in a transaction.
    Write(WriteJob),
    /// It decides about a message, together with others or in a transaction.
    Decide(DecideJob, Box<ReadAhead>),
}

pub(crate) fn reading<T, E>(job: impl FnOnce(&mut dyn Reading) -> Result<T, E> + Send + 'static) -> ReadJob
where
    T: Send + 'static,
    E: Send + 'static,
{
    Box::new(move |session| Box::new(job(session)))
}

pub(crate) fn writing<T, E>(mut job: impl FnMut(&mut dyn Writing) -> Result<T, E> + Send + 'static) -> Work
where
    T: Send + 'static,
    E: Send + 'static,
{
    Work::Write(Box::new(move |session| {
        let result = job(session);
        let wants_commit = result.is_ok();
        (Box::new(Written { result, changes_rights: session.has_changed_rights() }), wants_commit)
    }))
}

pub(crate) fn deciding<T, E>(
    ahead: ReadAhead,
    mut job: impl FnMut(&mut dyn Deciding) -> Result<T, E> + Send + 'static,
) -> Work
where
    T: Send + 'static,
    E: Send + 'static,
{
    let job = Box::new(move |session: &mut dyn Deciding| {
        let result = job(session);
        let wants_commit = result.is_ok();
        (Box::new(result) as Answer, wants_commit)
    });
    Work::Decide(job, Box::new(ahead))
}

/// The result of a job that writes.
pub(crate) struct Written<T, E> {
    pub(crate) result: Result<T, E>,
    /// What it did changes rights, once it is committed.
    pub(crate) changes_rights: bool,
}

/// What the caller of a job with these types gets that writes.
pub(crate) fn written<T, E>(outcome: Outcome) -> Written<T, E>
where
    T: 'static,
    E: From<StoreError> + 'static,
{
    match outcome {
        Ok(answer) => *answer.downcast().unwrap_or_else(|_| unreachable!("an answer has the types of its job")),
        Err(error) => Written { result: Err(error.into()), changes_rights: false },
    }
}

/// What the caller of a job with these types gets that reads.
pub(crate) fn typed<T, E>(outcome: Outcome) -> Result<T, E>
where
    T: 'static,
    E: From<StoreError> + 'static,
{
    *outcome?.downcast().unwrap_or_else(|_| unreachable!("an answer has the types of its job"))
}

/// A job with its place in the queue, which it gives up when it is taken.
pub(crate) struct Queued {
    pub(crate) job: Job,
    pub(crate) place: PlaceInLine,
    /// It may use the reserve of the disk.
    pub(crate) with_reserve: bool,
    /// Whose line it stands in.
    pub(crate) of: Owner,
}

/// Numbers of jobs, for the log.
static JOBS: AtomicU64 = AtomicU64::new(1);

/// A job that writes or decides, its last outcome, the way to its caller, and the span of the log that it belongs to.
pub(crate) struct Job {
    work: Work,
    span: Span,
    outcome: Option<Outcome>,
    answer: oneshot::Sender<Outcome>,
}

impl Job {
    pub(crate) fn new(work: Work, answer: oneshot::Sender<Outcome>) -> Job {
        let number = JOBS.fetch_add(1, Ordering::Relaxed);
        // A thread of the store runs it: what it logs belongs to the request, submission or chore that asked for it.
        let span = tracing::info_span!("job", job = number);
        let span = if span.is_disabled() { Span::current() } else { span };
        Job { work, span, outcome: None, answer }
    }

    /// What it will read, if it decides about a message.
    pub(crate) fn ahead(&self) -> Option<&ReadAhead> {
        match &self.work {
            Work::Write(_) => None,
            Work::Decide(_, ahead) => Some(ahead),
        }
    }

    /// Runs it in a transaction, perhaps again. `true`: it wants to be committed.
    pub(crate) fn run(&mut self, session: &mut dyn Writing) -> bool {
        self.run_with(|work| match work {
            Work::Write(job) => job(session),
            Work::Decide(job, _) => job(session),
        })
    }

    /// Runs one that decides, among others. `true`: it wants to be committed.
    pub(crate) fn decide(&mut self, session: &mut dyn Deciding) -> bool {
        self.run_with(|work| match work {
            Work::Write(_) => unreachable!("a job that writes is not among those that decide"),
            Work::Decide(job, _) => job(session),
        })
    }

    fn run_with(&mut self, run: impl FnOnce(&mut Work) -> (Answer, bool)) -> bool {
        let _span = self.span.enter();
        let (outcome, wants_commit) = match catch_unwind(AssertUnwindSafe(|| run(&mut self.work))) {
            Ok((answer, wants_commit)) => (Ok(answer), wants_commit),
            Err(panic) => (Err(panicked(panic.as_ref())), false),
        };
        self.outcome = Some(outcome);
        wants_commit
    }

    /// Its result is final: what it said when it ran, or this error instead.
    pub(crate) fn answer(self, error: Option<StoreError>) {
        let outcome = match (error, self.outcome) {
            (None, Some(outcome)) => outcome,
            (Some(error), _) => Err(error),
            (None, None) => Err(closed()),
        };
        // No caller waits for it any more: fine.
        let _ = self.answer.send(outcome);
    }
}

/// What callers hear when there is no writer any more.
pub(crate) fn closed() -> StoreError {
    StoreError::Unavailable("the store is closed".to_owned())
}

/// The text of a panic.
pub(crate) fn panicked(panic: &(dyn Any + Send)) -> StoreError {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    StoreError::JobPanicked(text.unwrap_or("without a text").to_owned())
}
