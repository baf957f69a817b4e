//! Copies the write-ahead log into the database, beside the commits instead of in them.
//!
//! A commit of 100 000 payments writes some 70 MiB; copying them on is as much work again, and no caller has to wait
//! for it. Passive checkpoints block neither readers nor the writer.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use super::codec::{failed, is_failure_of_syncing};
use super::halt::{Guard, Halt};
use crate::StoreError;
use crate::bounds::CHECKPOINT_PAUSE;

/// Messages to the checkpointing thread. Not a channel: its end must not depend on that of the writer, which may
/// be the one that ends it.
#[derive(Debug, Default)]
struct News {
    known: Mutex<Known>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Known {
    committed: bool,
    closing: bool,
}

impl News {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Notifies the checkpointing thread of a commit.
#[derive(Clone, Debug)]
pub(super) struct Committed(Arc<News>);

impl Committed {
    pub(super) fn tell(&self) {
        self.0.known().committed = true;
        self.0.changed.notify_one();
    }
}

/// The thread that checkpoints, until this is dropped.
#[derive(Debug)]
pub(super) struct Checkpoints {
    news: Arc<News>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    pub(super) fn start(connection: Connection, halt: Arc<Halt>) -> Result<Checkpoints, StoreError> {
        let news = Arc::new(News::default());
        let thread_news = Arc::clone(&news);
        let thread = thread::Builder::new()
            .name("store-checkpoints".to_owned())
            .spawn(move || serve(&connection, &thread_news, &halt))
            .map_err(|error| StoreError::Unavailable(format!("no thread for checkpoints: {error}")))?;
        Ok(Checkpoints { news, thread: Some(thread) })
    }

    pub(super) fn committed(&self) -> Committed {
        Committed(Arc::clone(&self.news))
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.news.known().closing = true;
        self.news.changed.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpointing thread panicked");
        }
    }
}

/// Closing the database copies the rest of the log.
fn serve(connection: &Connection, news: &News, halt: &Halt) {
    let _guard = Guard(halt);
    loop {
        let known = news.changed.wait_while(news.known(), |known| !known.committed && !known.closing);
        let known = known.unwrap_or_else(PoisonError::into_inner);
        let waited = news.changed.wait_timeout_while(known, CHECKPOINT_PAUSE, |known| !known.closing);
        let (mut known, _) = waited.unwrap_or_else(PoisonError::into_inner);
        if known.closing {
            return;
        }
        known.committed = false;
        drop(known);
        let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) else { continue };
        let is_sync = is_failure_of_syncing(&error);
        let error = failed(error);
        if is_sync {
            tracing::error!(%error, "the database could not be synced");
            halt.halt(StoreError::OutcomeUnknown(error.to_string()));
        } else {
            tracing::warn!(%error, "a checkpoint failed; the next one follows");
        }
    }
}
