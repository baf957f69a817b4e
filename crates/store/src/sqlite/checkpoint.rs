//! Copying the write-ahead log into the database, beside the commits instead of in them.
//!
//! A commit of 100 000 payments writes some 70 MiB; copying them on is as much work again, and no caller has to wait
//! for it. Passive checkpoints block neither readers nor the writer.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;

use super::codec::failed;
use crate::StoreError;
use crate::bounds::CHECKPOINT_PAUSE;

/// Tells the checkpointing thread that something was committed.
#[derive(Clone, Debug)]
pub(super) struct Committed(SyncSender<()>);

impl Committed {
    pub(super) fn tell(&self) {
        // Full: it knows already.
        let _ = self.0.try_send(());
    }
}

/// The thread that checkpoints, until it is dropped.
#[derive(Debug)]
pub(super) struct Checkpoints {
    closing: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    pub(super) fn start(connection: Connection) -> Result<(Checkpoints, Committed), StoreError> {
        let (committed, news) = sync_channel(1);
        let (closing, closed) = channel();
        let thread = thread::Builder::new()
            .name("store-checkpoints".to_owned())
            .spawn(move || serve(&connection, &news, &closed))
            .map_err(|error| StoreError::Unavailable(format!("no thread for checkpoints: {error}")))?;
        Ok((Checkpoints { closing: Some(closing), thread: Some(thread) }, Committed(committed)))
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.closing.take();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpointing thread panicked");
        }
    }
}

fn serve(connection: &Connection, news: &Receiver<()>, closed: &Receiver<()>) {
    // Woken by a commit, or by the end of the writer. What is left in the log then is copied by closing the database.
    while news.recv().is_ok() {
        if closed.recv_timeout(CHECKPOINT_PAUSE) != Err(RecvTimeoutError::Timeout) {
            return;
        }
        if let Err(error) = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())).map_err(failed) {
            tracing::warn!(%error, "a checkpoint failed; the next one follows");
        }
    }
}
