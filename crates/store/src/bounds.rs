//! The bounds of the store, in one place. Nothing in it grows beyond them.

use std::time::Duration;

/// Bodies up to this size live in their row; larger ones in a file of their own.
pub const BODY_INLINE_BYTES_MAX: usize = 64 * 1024;
/// The most a stored body may have. Callers refuse much earlier; this only stops a runaway.
pub const BODY_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;
/// An arriving body is synced each time that so many bytes of it were written.
pub const BODY_BYTES_SYNCED_AT_A_TIME: usize = 8 * 1024 * 1024;

/// Jobs waiting for the writer before callers have to wait themselves.
pub const QUEUE_JOBS_MAX: usize = 4096;
/// Jobs in one commit.
pub const GROUP_JOBS_MAX: usize = 512;
/// Decisions about small messages that are made together, at most, …
pub const DECISIONS_TOGETHER_MAX: usize = 128;
/// … and the payments after which no further decision joins them.
pub const PAYMENTS_TOGETHER_MAX: usize = 2_000;
/// No further job joins a group that has been running for so long.
pub const GROUP_DURATION_MAX: Duration = Duration::from_millis(20);
/// The longest wait for jobs that are likely to come. Usually a quarter of the last commit's duration.
pub const GATHERING_DURATION_MAX: Duration = Duration::from_millis(2);
/// A job whose owner's last one took longer than this begins a transaction of its own: the others of a shared one would wait
/// for it. …
pub const JOINING_JOB_DURATION_MAX: Duration = Duration::from_millis(10);
/// … On PostgreSQL jobs wait for rows and answers besides.
pub const POSTGRES_JOINING_JOB_DURATION_MAX: Duration = Duration::from_millis(100);
/// A job counts for at most so much of its owner's writing time.
pub const CHARGED_JOB_DURATION_MAX: Duration = Duration::from_millis(200);
/// So many clients have the time that their jobs took remembered before those without effect are forgotten.
pub const OWNERS_IN_DEBT_MAX: usize = 1024;

/// How long a transaction waits for another process that writes.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections for short readings: who calls, how a submission stands, whether the store answers.
pub const READERS: usize = 4;
/// Connections for long readings, so that they do not block short ones.
pub const LONG_READERS: usize = 4;
/// Prepared statements kept by each connection; more than the crate has.
pub const STATEMENTS_KEPT: usize = 384;

/// Page cache of the writer. Larger transactions spill to the write-ahead log. A larger cache would not help: large
/// messages write keys in their order, so each page once, and the system's cache has the pages of the file.
pub const WRITER_CACHE_KIB: i64 = 12 * 1024;
/// Page cache of each reader. SQLite empties it whenever the writer has committed between two readings.
pub const READER_CACHE_KIB: i64 = 2 * 1024;
/// Page cache of a connection that looks through the whole database. What it has to sort goes to a file beyond that.
pub const CHECK_CACHE_KIB: i64 = 16 * 1024;
/// The write-ahead log is copied into the database so long after a commit, and at most so often.
pub const CHECKPOINT_PAUSE: Duration = Duration::from_secs(1);
/// A write-ahead log beyond this size is copied by the commit that notices, so that it cannot grow without end when
/// commits follow each other without a pause.
pub const WAL_BYTES_MAX: i64 = 512 * 1024 * 1024;
/// The writer itself copies the rest of a log of this size between two transactions, so that the log begins anew. …
pub const WAL_BYTES_BEGUN_ANEW: u64 = 64 * 1024 * 1024;
/// … Where that fails, it tries again after so many further bytes.
pub const WAL_BYTES_STEP: u64 = 16 * 1024 * 1024;
/// So long it waits for readers of the log.
pub const WAL_READERS_WAIT_MAX: Duration = Duration::from_millis(20);
/// The write-ahead log is cut back to this size once it is copied into the database.
pub const WAL_BYTES_KEPT: i64 = 32 * 1024 * 1024;

/// Ids of messages fit 31 bits, so that a payment's id (message, ordinal) is one integer.
pub const MESSAGE_ID_MAX: i64 = i32::MAX as i64;

/// Pages copied between two tellings of how far a copy has come.
pub const COPY_STEP_PAGES: i32 = 1024;
/// How often a copy begins again because a body that it needs was removed meanwhile.
pub const COPY_ATTEMPTS_MAX: u32 = 20;
/// Bodies of unanswered submissions that a copy holds open from its first moment. The copy has more of them too, but
/// must begin again if one is refused meanwhile.
pub const COPY_BODIES_HELD_MAX: u32 = 256;

/// Maximum number of problems that a check lists; a broken database has more than a person can read.
pub const PROBLEMS_MAX: usize = 1000;
/// Payments read back at a time when a check looks at those of a message.
pub const PAYMENTS_LOOKED_AT: u32 = 2_000;
/// Bytes of a body read at a time when its hash is checked.
pub const BODY_READ_BYTES: usize = 256 * 1024;

/// Connections to PostgreSQL for writing.
pub const POSTGRES_WRITERS: usize = 8;
/// Connections to PostgreSQL for short readings.
pub const POSTGRES_READERS: usize = 8;
/// How long a job waits for a connection before it is given up.
pub const QUEUE_WAIT_MAX: Duration = Duration::from_secs(10);
/// The longest that connecting to one host takes.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// The longest that a statement takes.
pub const STATEMENT_TIMEOUT: Duration = Duration::from_secs(60);
/// The longest that a statement waits for a lock.
pub const LOCK_TIMEOUT: Duration = Duration::from_secs(10);
/// A statement that is not answered so long after its own timeout is not answered any more.
pub const ANSWER_GRACE: Duration = Duration::from_secs(5);
/// A transaction that may hold others' rows and whose node sends nothing for so long is ended by the database: a node that
/// stands still keeps the others waiting for no longer.
pub const STANDING_STILL_MAX: Duration = Duration::from_secs(2);
/// If a writing connection does not take the database's bytes for so long, the database ends it: its node stands still
/// in the middle of an answer.
pub const UNTAKEN_ANSWER_MAX: Duration = Duration::from_secs(3);
/// The longest that a statement of a migration or a check takes.
pub const UNHURRIED_MAX: Duration = Duration::from_secs(6 * 3600);
/// A statement that is not answered for so long makes its connection find out whether the host still serves.
pub const SILENCE_MAX: Duration = Duration::from_secs(5);
/// Less than that is not heeded.
pub const SILENCE_MIN: Duration = Duration::from_millis(50);
/// How often in that time a waiting statement checks the state of its host.
pub const SILENCE_LOOKS: u32 = 5;
/// How long a migration waits for the lock of a table before it lets those pass that wait behind it: shorter than they wait.
pub const MIGRATION_LOCK_TIMEOUT: Duration = Duration::from_secs(2);
/// The pause in which they pass.
pub const MIGRATION_PAUSE: Duration = Duration::from_secs(1);
/// The longest time that a migration keeps trying.
pub const MIGRATION_WAIT_MAX: Duration = Duration::from_secs(5 * 60);
/// If bytes to the database stay unacknowledged for so long, the connection ends.
pub const TCP_USER_TIMEOUT: Duration = Duration::from_secs(10);
/// A silent connection is probed after so long.
pub const KEEPALIVE_IDLE: Duration = Duration::from_secs(10);
/// How long a node searches for the outcome of a commit whose answer was lost.
pub const RESOLVE_MAX: Duration = Duration::from_secs(30);
/// Pause between two searches.
pub const RESOLVE_PAUSE: Duration = Duration::from_millis(200);
/// How often a job is run in all that other transactions stand in the way of.
pub const ATTEMPTS_MAX: u32 = 10;
/// The pause before the second run; it doubles each time.
pub const RETRY_PAUSE: Duration = Duration::from_millis(2);
/// The longest such pause.
pub const RETRY_PAUSE_MAX: Duration = Duration::from_millis(250);
/// How often a job is run in all that loses its connection before the commit.
pub const CONNECTIONS_LOST_MAX: u32 = 2;
/// A node's lease: others take over its work when it has not renewed the lease for so long.
pub const NODE_LEASE: Duration = Duration::from_secs(15);
/// The longest that a node relies on rights since it last asked for their version, as other nodes reckon it: a change of
/// rights returns after so long at most.
pub const RIGHTS_LEASE: Duration = Duration::from_secs(1);
/// The same as a node reckons it of itself, from the moment before it asked: clocks of two machines run apart a little.
pub const RIGHTS_USED_MAX: Duration = Duration::from_millis(900);
/// How often a node that serves asks for the version of rights.
pub const RIGHTS_CONFIRMED_EVERY: Duration = Duration::from_millis(400);
/// The pause before the node that changed rights looks for the first time whether the others have acknowledged it; it doubles
/// each time.
pub const ACKNOWLEDGED_PAUSE: Duration = Duration::from_millis(1);
/// The longest such pause.
pub const ACKNOWLEDGED_PAUSE_MAX: Duration = Duration::from_millis(50);
/// Pause before a node tries again to renew its lease after a failure.
pub const SIGN_REPEAT_PAUSE: Duration = Duration::from_millis(200);
/// The pause before news are listened for again on a new connection.
pub const LISTEN_AGAIN_PAUSE: Duration = Duration::from_secs(1);
/// How often a node asks the database whether it still listens.
pub const LISTEN_CHECK_EVERY: Duration = Duration::from_secs(10);
/// Rows in one statement that inserts many payments or reads or writes many keys. A connection keeps the memory of its
/// largest statement …
pub const INSERT_ROWS_MAX: usize = 2_000;
/// … so one that inserts payments or bodies takes no further row when it has so many bytes.
pub const STATEMENT_BYTES: usize = 240 * 1024;
/// Bytes of such statements on their way: the database works on one while the node makes the next one.
pub const STATEMENT_BYTES_ON_THEIR_WAY_MAX: usize = 2 * STATEMENT_BYTES;
/// Keys in one row that lists them, until their message is activated. Each takes twelve bytes.
pub const LISTED_KEYS_MAX: usize = 30_000;
/// Earlier messages that one statement asks about, when duplicates are searched, …
pub const EARLIER_MESSAGES_AT_A_TIME: usize = 100;
/// … and ranges of refused and returned payments that it reads of one. Beyond it the store asks about each payment.
pub const EXCEPTIONS_OF_A_MESSAGE_MAX: usize = 1_000;
/// Such ranges that one search keeps.
pub const EXCEPTIONS_KEPT_MAX: usize = 100_000;
/// How often a search looks behind messages that are not active, before the store asks about each payment.
pub const LOOKS_BEHIND_MAX: u32 = 3;
/// Rows in memory of a page that is read.
pub const PAGE_ROWS: i64 = 2_000;
/// Bytes of a body in one row.
pub const BODY_CHUNK_BYTES: usize = 512 * 1024;
/// Traces of commits are forgotten after so many further ones.
pub const COMMITS_BETWEEN_SWEEPS: u64 = 10_000;
/// Jobs in one transaction of PostgreSQL. Each but the first is a subtransaction, of which a server keeps 64 at hand for
/// other transactions to look at; with more, all of them become slower.
pub const POSTGRES_GROUP_JOBS_MAX: usize = 48;
/// A group that is ready to commit lets another one of the same process go first for so long at most.
pub const LINE_WAIT_MAX: Duration = Duration::from_millis(500);
/// A new connection lets the database plan its statements anew after so long, …
pub const PLANS_KEPT_FIRST: Duration = Duration::from_millis(500);
/// … then after twice as long each time, at most.
pub const PLANS_KEPT_MAX: Duration = Duration::from_secs(10 * 60);
/// A transaction in which so many jobs have given way to others takes no further one.
pub const GROUP_GIVE_WAY_MAX: u32 = 4;
/// The longest name that PostgreSQL keeps whole.
pub const IDENTIFIER_BYTES_MAX: usize = 63;
/// The most days for which a client may want its `EndToEndId`s unique: beyond ten years, for ever is meant.
pub const END_TO_END_ID_DAYS_MAX: u32 = 3_660;
/// The longest that a reader of many bodies keeps them from being removed.
pub const BODIES_KEPT_MAX: Duration = Duration::from_secs(24 * 3600);

/// By so much the thread of a check steps back behind the others (`nice`).
pub const CHECK_NICE: i32 = 19;

/// Monitoring counts a node whose lease has lapsed for so long. Afterwards it is missed among the others.
pub const LAPSED_SHOWN_FOR: Duration = Duration::from_secs(15 * 60);
/// Monitoring counts so many notices of a state at most.
pub const NOTICES_COUNTED_MAX: u32 = 10_000;
/// Monitoring counts so many returns that wait at most.
pub const RETURNS_COUNTED_MAX: u32 = 10_000;
/// Monitoring counts so many lots of a stage at most, …
pub const LOTS_COUNTED_MAX: u32 = 100_000;
/// … and looks at so many of them for the oldest.
pub const LOTS_LOOKED_AT_MAX: u32 = 256;
