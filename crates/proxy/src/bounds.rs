//! Every bound of the proxy. What its user may want to change is also a key of the configuration, with these defaults.

use std::time::Duration;

/// Where the proxy listens when nothing else is configured: this machine alone.
pub const LISTEN: &str = "127.0.0.1:8800";
/// Mode of the proxy's Unix socket: its own user alone.
pub const SOCKET_MODE: u32 = 0o600;
/// Bytes of a configuration file.
pub const FILE_BYTES_MAX: u64 = 64 << 10;
/// Bytes of a file with a password.
pub const PASSWORD_BYTES_MAX: u64 = 4 << 10;
/// Connections of programs open at once. The next one waits.
pub const CONNECTIONS_MAX: usize = 64;
/// Fields of a request's head.
pub const HEADER_FIELDS_MAX: usize = 64;
/// Bytes of a request's head, and of what is read ahead of a body.
pub const READ_BUFFER_BYTES: usize = 64 << 10;
/// How long the head of a request may take.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of its answers that a program takes in a second, on average over the time in which nothing may move; a slower one loses its
/// connection.
pub const ANSWER_RATE_MIN: u64 = 4 << 10;
/// Bytes of a body that the proxy keeps in memory; a longer one goes into a file.
pub const MEMORY_BYTES_MAX: usize = 256 << 10;
/// Longest body, as the exchange takes it.
pub const BODY_BYTES_MAX: u64 = 2 << 30;
/// The usual number of days before its end on which the certificate is renewed.
pub const RENEW_DAYS_AHEAD: u32 = 30;
/// Most days before its end on which a certificate may be renewed.
pub const RENEW_DAYS_AHEAD_MAX: u32 = 1000;
/// How often the proxy asks the exchange whether it is connected.
pub const HEARTBEAT_INTERVAL: Duration = Duration::from_secs(60);
/// The pause after a renewal, done or failed.
pub const RENEWAL_PAUSE: Duration = Duration::from_secs(60 * 60);
/// Time for requests under way when the proxy stops.
pub const STOP_TIMEOUT: Duration = Duration::from_secs(60);
/// Longest time that may be configured, in seconds.
pub const SECONDS_MAX: u64 = 24 * 60 * 60;
/// Most attempts that may be configured.
pub const ATTEMPTS_MAX: u32 = 100;
/// Bytes of a name of the proxy, as the names of machines have at most.
pub const NAME_BYTES_MAX: usize = 253;
/// How often the log says how many machines called that may not.
pub const STRANGERS_COUNTED_FOR: Duration = Duration::from_secs(60);
/// The pause after a connection could not be accepted.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// Characters of a header value that an error shows.
pub const SHOWN_CHARS_MAX: usize = 100;
