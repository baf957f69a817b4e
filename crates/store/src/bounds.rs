//! The bounds of the store, in one place. Nothing in it grows beyond them.

use std::time::Duration;

/// Bodies up to this size live in their row; larger ones in a file of their own.
pub const BODY_INLINE_BYTES_MAX: usize = 64 * 1024;
/// The most a stored body may have. Callers refuse much earlier; this only stops a runaway.
pub const BODY_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;

/// Jobs waiting for the writer before callers have to wait themselves.
pub const QUEUE_JOBS_MAX: usize = 4096;
/// Jobs in one commit.
pub const GROUP_JOBS_MAX: usize = 512;
/// No further job joins a group that has been running for so long.
pub const GROUP_DURATION_MAX: Duration = Duration::from_millis(20);
/// The longest wait for jobs that are likely to come. Usually a quarter of the last commit's duration.
pub const GATHERING_DURATION_MAX: Duration = Duration::from_millis(2);

/// How long a transaction waits for another process that writes.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections for reading.
pub const READERS: usize = 4;
/// Prepared statements kept by each connection; more than the crate has.
pub const STATEMENTS_KEPT: usize = 128;

/// Page cache of the writer. Larger transactions spill to the write-ahead log.
pub const WRITER_CACHE_KIB: i64 = 32 * 1024;
/// Page cache of each reader.
pub const READER_CACHE_KIB: i64 = 8 * 1024;
/// Page cache of a connection that looks through the whole database. What it has to sort goes to a file beyond that.
pub const CHECK_CACHE_KIB: i64 = 16 * 1024;
/// The write-ahead log is copied into the database so long after a commit, and at most so often.
pub const CHECKPOINT_PAUSE: Duration = Duration::from_secs(1);
/// A write-ahead log beyond this size is copied by the commit that notices, so that it cannot grow without end when
/// commits follow each other without a pause.
pub const WAL_BYTES_MAX: i64 = 512 * 1024 * 1024;
/// The write-ahead log is cut back to this size once it is copied into the database.
pub const WAL_BYTES_KEPT: i64 = 128 * 1024 * 1024;

/// Ids of messages fit 31 bits, so that a payment's id (message, ordinal) is one integer.
pub const MESSAGE_ID_MAX: i64 = i32::MAX as i64;

/// Pages copied between two tellings of how far a copy has come.
pub const COPY_STEP_PAGES: i32 = 1024;
/// How often a copy begins again because a body that it needs was removed meanwhile.
pub const COPY_ATTEMPTS_MAX: u32 = 20;
/// Bodies of unanswered submissions that a copy holds open from its first moment. More of them are copied all the same,
/// but one that is refused meanwhile makes the copy begin again.
pub const COPY_BODIES_HELD_MAX: u32 = 256;

/// Problems that a check tells one by one; a broken database has more than anybody reads.
pub const PROBLEMS_MAX: usize = 1000;
/// Bytes of a body read at a time when its hash is checked.
pub const BODY_READ_BYTES: usize = 256 * 1024;
