//! How the store runs.

use std::time::Duration;

use crate::bounds;

/// How the SQLite store runs. The defaults serve; tests and measurements change them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SqliteOptions {
    /// Added to every commit, to stand for a slower disk.
    pub commit_delay: Duration,
    /// Connections for reading.
    pub readers: usize,
    /// Further ones for long readings.
    pub long_readers: usize,
    /// Jobs that may wait for the writer.
    pub queue_jobs_max: usize,
    /// Jobs in one commit.
    pub group_jobs_max: usize,
    /// No further job joins a group that has been running for so long.
    pub group_duration_max: Duration,
    /// How long to wait for another process that writes.
    pub busy_timeout: Duration,
}

impl Default for SqliteOptions {
    fn default() -> SqliteOptions {
        SqliteOptions {
            commit_delay: Duration::ZERO,
            readers: bounds::READERS,
            long_readers: bounds::LONG_READERS,
            queue_jobs_max: bounds::QUEUE_JOBS_MAX,
            group_jobs_max: bounds::GROUP_JOBS_MAX,
            group_duration_max: bounds::GROUP_DURATION_MAX,
            busy_timeout: bounds::BUSY_TIMEOUT,
        }
    }
}
