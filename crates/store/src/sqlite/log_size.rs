//! Keeps the write-ahead log short while commits follow each other without a pause.
//!
//! SQLite begins the log anew only when all of it has been copied into the database and nobody reads it. The thread that copies
//! (`checkpoint.rs`) is always behind a busy writer, so the log would grow to the size at which SQLite makes a commit copy it.
//! Here the writer copies the rest between two transactions once the log is past a size, and waits a moment for short readers. When
//! a long reader needs the log, or the other thread is copying, the writer tries again after the log has grown by a further step.

use std::fs;
use std::path::PathBuf;

use rusqlite::Connection;

use crate::bounds::{BUSY_TIMEOUT, WAL_BYTES_BEGUN_ANEW, WAL_BYTES_STEP, WAL_READERS_WAIT_MAX};

/// The log, as the writer watches it.
pub(super) struct LogSize {
    path: PathBuf,
    /// At this size the writer tries next.
    try_at: u64,
}

impl LogSize {
    pub(super) fn of(connection: &Connection) -> LogSize {
        LogSize { path: format!("{}-wal", connection.path().unwrap_or_default()).into(), try_at: WAL_BYTES_BEGUN_ANEW }
    }

    /// After a commit, outside any transaction.
    pub(super) fn keep_short(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        // The next commit cuts the file back after the log has begun anew.
        let size = fs::metadata(&self.path).map_or(0, |file| file.len());
        if size < WAL_BYTES_BEGUN_ANEW {
            self.try_at = WAL_BYTES_BEGUN_ANEW;
        }
        if size < self.try_at {
            return Ok(());
        }
        self.try_at = size + WAL_BYTES_STEP;
        connection.busy_timeout(WAL_READERS_WAIT_MAX)?;
        let copied = connection.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()));
        connection.busy_timeout(BUSY_TIMEOUT)?;
        copied
    }
}
