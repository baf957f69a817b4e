//! Limits on the client's waiting and memory. Each has a setting in [`crate::ClientBuilder`]; none can be switched off.

use std::time::Duration;

/// How long a connection may take to be made, TLS handshake included.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long nothing may happen in either direction: no byte of the upload taken, no byte of the answer come.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// How long one call may take in all, retries included.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(30 * 60);
/// How long the client asks the server to wait for an answer before it gives a receipt (`Prefer: wait`).
pub const WAIT_DEFAULT: Duration = Duration::from_secs(30);
/// Longest answer that is held in memory, in bytes. Reports are streamed and have no such limit.
pub const ANSWER_BYTES_MAX: u64 = 512 << 20;
/// Longest problem document that is read, in bytes.
pub const PROBLEM_BYTES_MAX: u64 = 1 << 20;
/// Most pages of one report that are followed: a server that chains pages in a circle is not followed for ever.
pub const PAGES_MAX: u32 = 100_000;
/// Attempts of one call, the first included.
pub const ATTEMPTS_MAX: u32 = 5;
/// Pause before the second attempt; it doubles from then on.
pub const FIRST_PAUSE: Duration = Duration::from_millis(250);
/// Longest pause between two attempts, also when the server asks for a longer one.
pub const PAUSE_MAX: Duration = Duration::from_secs(30);
/// Pause between two questions for an answer when the server names none.
pub const POLL_PAUSE: Duration = Duration::from_secs(1);
/// Bytes handed to the connection at a time.
pub const UPLOAD_CHUNK_BYTES: usize = 256 << 10;
/// Bytes of an answer that is passed on to another program, which are read before the first of them is handed over: a connection that
/// is lost within them is made again.
pub const LOOK_AHEAD_BYTES: usize = 1 << 20;
