//! The most memory that the service can take, part by part: how many there may be of something, times the bytes of each.
//!
//! Most of it never comes together: each part is what hostile or very busy clients could bring it to, within the limits of
//! the configuration. The sum is what the machine, or the service's unit, has to have.

use std::fmt::Write as _;

use super::budget::Amount;
use crate::configuration::Configuration;
use crate::threads::BLOCKING_THREADS_MAX;

/// What is resident of the program itself: its code, the tables of the messages, the runtime.
const PROGRAM_BYTES: u64 = 48 << 20;
/// What a thread uses of its stack.
const STACK_BYTES: u64 = 256 << 10;
/// A TLS connection keeps a record of 16 KiB each way.
const TLS_BYTES: u64 = 32 << 10;
/// A prepared statement of SQLite.
const STATEMENT_BYTES: u64 = 8 << 10;
/// What a connection to PostgreSQL keeps of its largest statement and its largest answer.
const POSTGRES_CONNECTION_BYTES: u64 = 3 << 20;
/// SQLite gives a connection so much cache that does not ask for another amount.
const SQLITE_DEFAULT_CACHE_BYTES: u64 = 2 << 20;
/// `SQLITE_STMTJRNL_SPILL` in `.cargo/config.toml`.
const SAVEPOINT_BYTES: u64 = 120 << 10;
/// A payment while a lot is executed or settled: its row, its entries, the answer about it.
const EXECUTED_PAYMENT_BYTES: u64 = 1 << 10;
/// An answer of the settlement system that waits for others.
const WAITING_ANSWER_BYTES: u64 = 64;
/// What is left of the quotas of a user or an address, with its place in the map.
const QUOTA_BYTES: u64 = 256;
/// A row of a report or a status in the making.
const ROW_BYTES: u64 = 2 << 10;

/// Which store a part belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Both.
    Service,
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A part of the memory.
#[derive(Clone, Debug)]
pub struct MemoryPart {
    /// What takes it.
    pub what: &'static str,
    /// With which store.
    pub of: Of,
    /// How many there are at most.
    pub count: u64,
    /// The most that each takes.
    pub bytes: u64,
    /// The configuration key that sets one of the two.
    pub key: Option<&'static str>,
}

impl MemoryPart {
    /// All of them together.
    #[must_use]
    pub fn together(&self) -> u64 {
        self.count.saturating_mul(self.bytes)
    }
}

/// Every part, as a configuration sets it.
#[must_use]
pub fn memory(configuration: &Configuration) -> Vec<MemoryPart> {
    use exchange::bounds as exchange;
    use server::bounds as server;
    use store::bounds as store;
    let part = |what, of, count: usize, bytes: u64, key| MemoryPart { what, of, count: count as u64, bytes, key };
    let connections = configuration.listen.connections_max;
    let of_service = |what, count, bytes, key| part(what, Of::Service, count, bytes, key);
    let kibibytes = |kibibytes: i64| kibibytes.unsigned_abs() << 10;
    let sqlite_readers = store::READERS + store::LONG_READERS;
    let postgres_connections = 2 * configuration.store.connections + store::LONG_READERS;
    let messages = configuration.memory.all_bytes_max as u64;
    let requests = configuration.shares.requests_max;
    let uncounted = u64::from(server::STREAMS_MAX) * server::ANSWER_BYTES_UNCOUNTED;
    let body = 2 * server::CHUNK_BYTES as u64;
    let inline = exchange::INLINE_BODY_BYTES_MAX as u64;
    vec![
        of_service("the program", 1, PROGRAM_BYTES, None),
        of_service("threads that may block: their stacks", BLOCKING_THREADS_MAX, STACK_BYTES, None),
        of_service("messages that the exchange reads and judges", 1, messages, Some("memory.all_bytes_max")),
        of_service("connections: TLS", connections, TLS_BYTES, Some("listen.connections_max")),
        of_service(
            "connections: bytes that arrived and no request has taken (HTTP/2)",
            connections,
            server::WINDOW_BYTES.into(),
            Some("listen.connections_max"),
        ),
        of_service(
            "connections: short answers that the client has not taken (HTTP/2)",
            connections,
            uncounted,
            Some("listen.connections_max"),
        ),
        of_service("small requests: body and answer", requests, 2 * inline, Some("shares.requests_max")),
        of_service("large bodies on their way to the disk", server::LARGE_BODIES_MAX, body, None),
        of_service("answers in memory", 1, server::UNSENT_MEMORY_BYTES_MAX, None),
        of_service("longer answers in memory while they leave", 1, server::PROMPT_MEMORY_BYTES_MAX, None),
        of_service(
            "answers in files: what HTTP/2 keeps",
            server::UNSENT_FILES_MAX,
            server::SEND_BUFFER_BYTES as u64,
            None,
        ),
        of_service("quotas that are remembered", 3 * server::QUOTA_HOLDERS_MAX, QUOTA_BYTES, None),
        of_service(
            "statuses and reports in the making",
            configuration.shares.readings_max,
            store::PAGE_ROWS.unsigned_abs() * ROW_BYTES,
            Some("shares.readings_max"),
        ),
        of_service(
            "payments that are executed and settled in one transaction",
            2 * configuration.settlement.execute_chunk_payments as usize,
            EXECUTED_PAYMENT_BYTES,
            Some("settlement.execute_chunk_payments"),
        ),
        of_service(
            "answers of the settlement system that wait",
            exchange::ANSWERS_WAITING_MAX,
            WAITING_ANSWER_BYTES,
            None,
        ),
        part("page cache of the writer", Of::Sqlite, 1, kibibytes(store::WRITER_CACHE_KIB), None),
        part("page caches of the readers", Of::Sqlite, sqlite_readers, kibibytes(store::READER_CACHE_KIB), None),
        part("page cache of the connection that copies the log", Of::Sqlite, 1, SQLITE_DEFAULT_CACHE_BYTES, None),
        part("copies of pages for a savepoint", Of::Sqlite, 1, SAVEPOINT_BYTES, None),
        part("prepared statements", Of::Sqlite, (sqlite_readers + 1) * store::STATEMENTS_KEPT, STATEMENT_BYTES, None),
        part("index of the log", Of::Sqlite, 1, log_index_bytes(), None),
        part(
            "connections: largest statement, largest answer",
            Of::Postgres,
            postgres_connections,
            POSTGRES_CONNECTION_BYTES,
            Some("store.connections"),
        ),
        part(
            "large bodies on their way: a row",
            Of::Postgres,
            server::LARGE_BODIES_MAX,
            store::BODY_CHUNK_BYTES as u64,
            None,
        ),
    ]
}

/// SQLite's index of the write-ahead log: 32 KiB for 4096 pages. A page has 8 KiB.
fn log_index_bytes() -> u64 {
    (store::bounds::WAL_BYTES_MAX.unsigned_abs() / (8 << 10)).div_ceil(4096) * (32 << 10)
}

/// The sum, with one of the two stores.
#[must_use]
pub fn most(parts: &[MemoryPart], store: Of) -> u64 {
    parts.iter().filter(|part| part.of == Of::Service || part.of == store).map(MemoryPart::together).sum()
}

/// The parts as a section of the page of limits.
#[must_use]
pub(super) fn to_markdown(parts: &[MemoryPart]) -> String {
    let mut section = String::from(
        "\n## Memory at most\n\n\
         Each row says how many there may be of something at once, and how many bytes each takes. Only hostile clients, or all clients at their \
         limits in the same moment, bring all of it together; [scale](scale.md#memory) says what the service takes in practice.\n\n\
         | what | store | at once | bytes of each | together | key |\n|---|---|---|---|---|---|\n",
    );
    for part in parts {
        let store = match part.of {
            Of::Service => "",
            Of::Sqlite => "SQLite",
            Of::Postgres => "PostgreSQL",
        };
        let key = part.key.map(|key| format!("`{key}`")).unwrap_or_default();
        let MemoryPart { what, count, .. } = part;
        let (bytes, together) = (Amount::Bytes(part.bytes), rounded(part.together()));
        let _ = writeln!(section, "| {what} | {store} | {count} | {bytes} | {together} | {key} |");
    }
    let sum = |store| rounded(most(parts, store));
    let _ = writeln!(section, "| **all, with SQLite** | | | | {} | |", sum(Of::Sqlite));
    let _ = writeln!(section, "| **all, with PostgreSQL** | | | | {} | |", sum(Of::Postgres));
    section
}

/// In whole MiB, rounded up.
fn rounded(bytes: u64) -> String {
    format!("{} MiB", bytes.div_ceil(1 << 20))
}
