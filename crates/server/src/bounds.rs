//! Every bound of this crate. What an operator may want to change is also in [`crate::Limits`], with these defaults.

use std::time::Duration;

/// Connections open at once on each listener; further ones wait in the system's queue.
pub const CONNECTIONS_MAX: usize = 1024;
/// A TLS handshake that takes longer is broken off.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// The head of a request must be complete after so long; idle connections are closed after the same time.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// A connection without client certificate can only be told so, and is closed after this time.
pub const ANONYMOUS_CONNECTION_TIME_MAX: Duration = Duration::from_secs(10);
/// Header fields of one request.
pub const HEADER_FIELDS_MAX: usize = 64;
/// Bytes of the head of one HTTP/2 request.
pub const HEAD_BYTES_MAX: u32 = 16 << 10;
/// What is read from an HTTP/1.1 connection at a time; a head much longer than this is refused.
pub const READ_BUFFER_BYTES: usize = 64 << 10;
/// HTTP/2 requests open at once on one connection.
pub const STREAMS_MAX: u32 = 32;
/// HTTP/2 flow-control window of one request, and of a connection, in bytes.
pub const WINDOW_BYTES: u32 = 1 << 20;
/// How often an HTTP/2 connection is asked whether anybody is there.
pub const PING_INTERVAL: Duration = Duration::from_secs(30);
/// How long it may take to say so.
pub const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Requests worked on at once.
pub const REQUESTS_IN_FLIGHT_MAX: usize = 256;
/// How long a request may wait for its turn before it is sent away with 503.
pub const TURN_WAIT_MAX: Duration = Duration::from_secs(2);
/// What a request sent away is told to wait.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);

/// Longest body of a submission in bytes, on the wire and after inflation.
pub const BODY_BYTES_MAX: u64 = 2 << 30;
/// Longest body of a request for reports in bytes.
pub const REPORT_REQUEST_BYTES_MAX: u64 = 1 << 20;
/// Bytes of all bodies that are arriving at once.
pub const BODY_BYTES_IN_FLIGHT_MAX: u64 = 8 << 30;
/// A body is handed on in pieces of this size.
pub const CHUNK_BYTES: usize = 128 << 10;
/// A body of which nothing arrives for so long is given up.
pub const BODY_IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a body may take, whatever its size …
pub const BODY_TIME_BASE: Duration = Duration::from_secs(60);
/// … and beyond that it must arrive at this rate at least, in bytes per second.
pub const BODY_RATE_MIN: u64 = 4 << 10;
/// What inflates to more than this …
pub const INFLATED_BYTES_UNSUSPICIOUS: u64 = 4 << 20;
/// … and to more than so many times its size is a bomb. Payment files reach about 40.
pub const INFLATION_RATIO_MAX: u64 = 200;
/// Of a body that is refused while it is still arriving, so much is read and thrown away, …
pub const DISCARD_BYTES_MAX: u64 = 64 << 20;
/// … for so long, so that clients that read answers only after sending everything see the answer.
pub const DISCARD_TIME_MAX: Duration = Duration::from_secs(10);

/// How long a submission is waited for when the client does not say.
pub const WAIT_DEFAULT: Duration = Duration::from_secs(30);
/// The longest wait that is heeded.
pub const WAIT_MAX: Duration = Duration::from_secs(300);
/// After a 202: when to look for the outcome.
pub const OUTCOME_RETRY_AFTER: Duration = Duration::from_secs(1);
/// Longest query of a request in bytes (a `MsgId` has 35 characters).
pub const QUERY_BYTES_MAX: usize = 1024;

/// How long a stop waits for what was accepted.
pub const STOP_TIME_MAX: Duration = Duration::from_secs(30);
