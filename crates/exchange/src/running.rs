//! Submissions that this process works on: two identical ones at once do the work once and get the same answer.
//!
//! This saves work; it is not what keeps a message from being taken twice. That is the store's unique
//! (client, `MsgId`), which also holds between processes and after a restart.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use iso20022::MessageType;
use payments::MessageId;
use rulebook::catalogue::Code;
use store::{BodyHash, OnlineUserId};
use tokio::sync::watch;

use crate::Failure;

/// The same bytes from the same online user.
pub(crate) type Key = (OnlineUserId, BodyHash);

/// How far a submission has come.
#[derive(Clone, Debug)]
pub(crate) enum Progress {
    /// It is worked on.
    Begun,
    /// It is durable and will be answered, whatever happens to this process.
    Durable(Arc<Receipt>),
    /// It is answered, or became no message.
    Ended(Arc<Result<Answer, Failure>>),
}

/// What a caller gets that does not wait for the answer.
#[derive(Debug)]
pub(crate) struct Receipt {
    pub(crate) submission: MessageId,
    pub(crate) message_type: MessageType,
    pub(crate) pain002: Vec<u8>,
}

/// The answer to a message.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) message_type: MessageType,
    pub(crate) pain002: Vec<u8>,
    pub(crate) repeated: bool,
}

#[derive(Default)]
pub(crate) struct Running {
    jobs: Arc<Mutex<Jobs>>,
}

/// The work there is. The channel counts it, for those who wait until there is none.

#[derive(Default)]
struct Jobs {
    by_key: HashMap<Key, Arc<Job>>,
    by_submission: HashMap<MessageId, Arc<Job>>,
    count: watch::Sender<usize>,
}

struct Job {
    progress: watch::Receiver<Progress>,
    receipts: Mutex<Receipts>,
}

/// Whether somebody went away with a receipt, or cannot any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Receipts {
    None,
    Given,
    Closed,
}

/// The right, and the duty, to work on a submission. Dropped without an end, it ends as failed.
pub(crate) struct Ticket {
    jobs: Arc<Mutex<Jobs>>,
    job: Arc<Job>,
    key: Key,
    submission: Option<MessageId>,
    progress: watch::Sender<Progress>,
}

/// Somebody who waits for a submission.
pub(crate) struct Waiting {
    job: Arc<Job>,
    progress: watch::Receiver<Progress>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // The maps are whole between any two statements, so a panic elsewhere leaves nothing half done.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    /// Joins the work on these bytes. The ticket goes to the first one.
    pub(crate) fn join(&self, key: Key) -> (Option<Ticket>, Waiting) {
        let mut jobs = lock(&self.jobs);
        if let Some(job) = jobs.by_key.get(&key) {
            return (None, Waiting { job: Arc::clone(job), progress: job.progress.clone() });
        }
        let (progress, receiver) = watch::channel(Progress::Begun);
        let job = Arc::new(Job { progress: receiver.clone(), receipts: Mutex::new(Receipts::None) });
        jobs.by_key.insert(key, Arc::clone(&job));
        jobs.count.send_replace(jobs.by_key.len());
        let ticket = Ticket { jobs: Arc::clone(&self.jobs), job: Arc::clone(&job), key, submission: None, progress };
        (Some(ticket), Waiting { job, progress: receiver })
    }

    /// Waits until nothing is being worked on.
    pub(crate) async fn idle(&self) {
        let mut count = lock(&self.jobs).count.subscribe();
        // The sender lives as long as `self`.
        let _ = count.wait_for(|count| *count == 0).await;
    }

    /// Waits for a submission that is being worked on here.
    pub(crate) fn find(&self, submission: MessageId) -> Option<Waiting> {
        let job = lock(&self.jobs).by_submission.get(&submission).cloned()?;
        let progress = job.progress.clone();
        Some(Waiting { job, progress })
    }
}

impl Ticket {
    /// The submission has a row.
    pub(crate) fn submitted(&mut self, submission: MessageId) {
        self.submission = Some(submission);
        lock(&self.jobs).by_submission.insert(submission, Arc::clone(&self.job));
    }

    /// It is durable, and this is its receipt.
    pub(crate) fn durable(&self, receipt: Receipt) {
        self.progress.send_replace(Progress::Durable(Arc::new(receipt)));
    }

    /// Somebody went away with a receipt of this submission earlier, or may have.
    pub(crate) fn receipt_given(&self) {
        *lock(&self.job.receipts) = Receipts::Given;
    }

    /// From here on nobody goes away with a receipt. Returns whether somebody did before.
    pub(crate) fn close_receipts(&self) -> bool {
        let mut receipts = lock(&self.job.receipts);
        let given = *receipts == Receipts::Given;
        *receipts = if given { Receipts::Given } else { Receipts::Closed };
        given
    }

    /// Ends the work.
    pub(crate) fn end(self, result: Result<Answer, Failure>) {
        self.progress.send_replace(Progress::Ended(Arc::new(result)));
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut jobs = lock(&self.jobs);
        jobs.by_key.remove(&self.key);
        jobs.count.send_replace(jobs.by_key.len());
        if let Some(submission) = self.submission {
            jobs.by_submission.remove(&submission);
        }
        self.progress.send_if_modified(|progress| {
            let unfinished = !matches!(progress, Progress::Ended(_));
            if unfinished {
                *progress = Progress::Ended(Arc::new(Err(Failure::new(Code::InternalError))));
            }
            unfinished
        });
    }
}

impl Waiting {
    /// Waits for the end.
    pub(crate) async fn end(&mut self) -> Result<Answer, Failure> {
        let ended = self.progress.wait_for(|progress| matches!(progress, Progress::Ended(_))).await;
        match ended.map(|progress| progress.clone()) {
            Ok(Progress::Ended(result)) => Result::clone(&result),
            _ => Err(Failure::new(Code::InternalError)),
        }
    }

    /// Waits until there is a receipt and takes it; `None` when it has ended, or is about to.
    pub(crate) async fn receipt(&mut self) -> Option<Arc<Receipt>> {
        let known = self.progress.wait_for(|progress| !matches!(progress, Progress::Begun)).await;
        let Ok(Progress::Durable(receipt)) = known.map(|progress| progress.clone()) else { return None };
        let mut receipts = lock(&self.job.receipts);
        if *receipts == Receipts::Closed {
            return None;
        }
        *receipts = Receipts::Given;
        Some(receipt)
    }
}
