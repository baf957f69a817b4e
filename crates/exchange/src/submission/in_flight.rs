//! Submissions that this process works on, or waits for: two identical ones at once do the work once and get the same
//! answer.
//!
//! This saves work; it does not prevent taking a message twice. That is the store's unique (client, `MsgId`), which
//! also holds between processes and after a restart.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use iso20022::MessageType;
use payments::MessageId;
use store::{BodyHash, OnlineUserId};
use tokio::sync::watch;
use tracing::Span;

use crate::Failure;
use crate::submission::job::SubmissionAnswer;

/// The same bytes from the same online user.
pub(crate) type SentBytes = (OnlineUserId, BodyHash);

/// How far a submission has come.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    /// It is worked on.
    Begun,
    /// It is durable; a node will answer it, even if this process ends.
    Durable(Arc<Receipt>),
    /// It is answered, or became no message.
    Ended(Arc<Result<SubmissionAnswer, Failure>>),
}

/// The result for a caller that does not wait for the answer.
#[derive(Debug)]
pub(crate) struct Receipt {
    pub(crate) submission: MessageId,
    pub(crate) message_type: MessageType,
    pub(crate) pain002: Vec<u8>,
}

#[derive(Default)]
pub(crate) struct InFlight {
    jobs: Arc<Mutex<Jobs>>,
}

/// The work there is.
#[derive(Default)]
struct Jobs {
    by_key: HashMap<SentBytes, watch::Receiver<Progress>>,
    by_submission: HashMap<MessageId, watch::Receiver<Progress>>,
    /// How much of it is done here, for those who wait until there is none.
    done_here: watch::Sender<usize>,
}

/// The right, and the duty, to see that a submission gets its answer. Dropped without an end, it ends as failed.
pub(crate) struct Leader {
    jobs: Arc<Mutex<Jobs>>,
    key: SentBytes,
    submission: Option<MessageId>,
    is_done_here: bool,
    /// The background work does nothing else meanwhile.
    is_waited_for: bool,
    progress: watch::Sender<Progress>,
}

/// A caller that waits for a submission.
pub(crate) struct Follower {
    progress: watch::Receiver<Progress>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The maps are whole between any two statements, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl InFlight {
    /// Joins the work on these bytes. The leader goes to the first one.
    pub(crate) fn join(&self, key: SentBytes) -> (Option<Leader>, Follower) {
        let mut jobs = lock(&self.jobs);
        if let Some(progress) = jobs.by_key.get(&key) {
            return (None, Follower { progress: progress.clone() });
        }
        let (sender, progress) = watch::channel(Progress::Begun);
        jobs.by_key.insert(key, progress.clone());
        jobs.done_here.send_modify(|count| *count += 1);
        let jobs = Arc::clone(&self.jobs);
        let leader = Leader { jobs, key, submission: None, is_done_here: true, is_waited_for: false, progress: sender };
        (Some(leader), Follower { progress })
    }

    /// Waits until nothing is being worked on here.
    pub(crate) async fn idle(&self) {
        let mut count = lock(&self.jobs).done_here.subscribe();
        // The sender lives as long as `self`.
        let _ = count.wait_for(|count| *count == 0).await;
    }

    /// Waits for a submission that is being worked on, or waited for, here.
    pub(crate) fn find(&self, submission: MessageId) -> Option<Follower> {
        let progress = lock(&self.jobs).by_submission.get(&submission).cloned()?;
        Some(Follower { progress })
    }
}

impl Leader {
    /// The submission has a row.
    pub(crate) fn submitted(&mut self, submission: MessageId) {
        self.submission = Some(submission);
        Span::current().record("submission", submission.0);
        lock(&self.jobs).by_submission.insert(submission, self.progress.subscribe());
    }

    /// The background work waits for it, so its steps are steps of that.
    pub(crate) fn background_waits(&mut self) {
        self.is_waited_for = true;
    }

    /// Whether the background work waits for it.
    pub(crate) fn is_waited_for(&self) -> bool {
        self.is_waited_for
    }

    /// Whether the work is done here, or elsewhere and only waited for: then this process may end without it.
    pub(crate) fn is_done_here(&mut self, here: bool) {
        let was_here = std::mem::replace(&mut self.is_done_here, here);
        let change = isize::from(here) - isize::from(was_here);
        lock(&self.jobs).done_here.send_modify(|count| *count = count.saturating_add_signed(change));
    }

    /// It is durable, and this is its receipt.
    pub(crate) fn durable(&self, receipt: Receipt) {
        self.progress.send_replace(Progress::Durable(Arc::new(receipt)));
    }

    /// Ends the work.
    pub(crate) fn end(self, result: Result<SubmissionAnswer, Failure>) {
        self.progress.send_replace(Progress::Ended(Arc::new(result)));
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        self.is_done_here(false);
        let mut jobs = lock(&self.jobs);
        jobs.by_key.remove(&self.key);
        if let Some(submission) = self.submission {
            jobs.by_submission.remove(&submission);
        }
        self.progress.send_if_modified(|progress| {
            let unfinished = !matches!(progress, Progress::Ended(_));
            if unfinished {
                let cause = format_args!("the work on a submission ended without a result: {:?}", self.submission);
                *progress = Progress::Ended(Arc::new(Err(Failure::unexpected(cause))));
            }
            unfinished
        });
    }
}

impl Follower {
    /// Waits for the end.
    pub(crate) async fn end(&mut self) -> Result<SubmissionAnswer, Failure> {
        let ended = self.progress.wait_for(|progress| matches!(progress, Progress::Ended(_))).await;
        match ended.map(|progress| progress.clone()) {
            Ok(Progress::Ended(result)) => Result::clone(&result),
            _ => Err(Failure::unexpected("the work on a submission ended, and nobody said how")),
        }
    }

    /// Waits until there is a receipt; `None` when it has ended.
    pub(crate) async fn receipt(&mut self) -> Option<Arc<Receipt>> {
        let known = self.progress.wait_for(|progress| !matches!(progress, Progress::Begun)).await;
        match known.map(|progress| progress.clone()) {
            Ok(Progress::Durable(receipt)) => Some(receipt),
            _ => None,
        }
    }
}
