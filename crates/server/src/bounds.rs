//! Every bound of this crate. What an operator may want to change is also in [`crate::Limits`], with these defaults.

use std::time::Duration;

/// Connections of clients open at once. When there are more, the server closes the longest idle one of the holder with
/// the most.
pub const CONNECTIONS_MAX: usize = 1024;
/// Of them one address (of IPv6: 64 bits of it) has at most three quarters, …
pub const CONNECTIONS_OF_ADDRESS: Part = Part(3, 4);
/// … one client a quarter, …
pub const CONNECTIONS_OF_CLIENT: Part = Part(1, 4);
/// … one certificate an eighth, …
pub const CONNECTIONS_OF_CERTIFICATE: Part = Part(1, 8);
/// … and all without certificate an eighth, of which one address has a quarter.
pub const CONNECTIONS_ANONYMOUS: Part = Part(1, 8);
/// See there.
pub const ANONYMOUS_OF_ADDRESS: Part = Part(1, 4);
/// A connection without a request is closed after this time.
pub const CONNECTION_IDLE_MAX: Duration = Duration::from_secs(120);
/// A connection is closed after this time, when its requests are answered: its peer shows its certificate again.
pub const CONNECTION_AGE_MAX: Duration = Duration::from_secs(3600);
/// Time for a client to close a connection after the server's announcement.
pub const CLOSING_TIME_MAX: Duration = Duration::from_secs(5);
/// How often the server checks the ages of connections.
pub const AGES_LOOKED_AT_EVERY: Duration = Duration::from_secs(1);
/// A request whose caller may not call any more has so long to send its refusal; then its connection is cut off.
pub const REFUSAL_SENT_WITHIN: Duration = Duration::from_millis(250);
/// While the store is away the server asks again after so long whether a caller still may call.
pub const RIGHTS_ASKED_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Longest body of a request whose signature is only checked. It is hashed where it arrives; a short file shows what a long one does.
pub const SIGNATURE_CHECK_BYTES_MAX: u64 = 1 << 20;
/// Fields of a request that its signature may cover.
pub const SIGNED_FIELDS_MAX: usize = 64;
/// Of a connection's client certificate and those above it so many bytes are kept. A client certificate of more signs nothing.
pub const CERTIFICATE_BYTES_KEPT_MAX: usize = 8 << 10;
/// Handshakes under way at once; beyond it, the oldest of the address that has most is ended.
pub const HANDSHAKES_MAX: usize = 256;
/// Of them one address has so many at most.
pub const HANDSHAKES_OF_ADDRESS: Part = Part(1, 4);
/// Connections of the plain listener open at once, …
pub const PLAIN_CONNECTIONS_MAX: usize = 128;
/// … of which one address has half, …
pub const PLAIN_CONNECTIONS_OF_ADDRESS: Part = Part(1, 2);
/// … closed without a request for so long, …
pub const PLAIN_IDLE_MAX: Duration = Duration::from_secs(5);
/// … and after this time anyway.
pub const PLAIN_AGE_MAX: Duration = Duration::from_secs(60);
/// Connections of the listener for enrolment open at once, closed like those of the plain one; one address has half. Few people
/// enrol at a time, and each needs one request or two.
pub const ENROLLMENT_CONNECTIONS_MAX: usize = 64;
/// Connections of the listener for metrics open at once, closed like those of the plain one. Few programs read them.
pub const METRICS_CONNECTIONS_MAX: usize = 16;
/// How often a task looks how late it is woken.
pub const EVENT_LOOP_LOOKED_AT_EVERY: Duration = Duration::from_millis(500);
/// The pause after a connection could not be accepted.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(20);
/// After a failed handshake the server discards so many bytes that the client still sends, …
pub const ALERT_DISCARD_BYTES_MAX: usize = 64 << 10;
/// … for so long, so that the alert reaches it.
pub const ALERT_TIME_MAX: Duration = Duration::from_secs(2);
/// A TLS handshake that takes longer is broken off.
pub const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// The head of a request must be complete after so long; idle connections are closed after the same time.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// The server can only refuse a connection without client certificate, and closes it after this time.
pub const ANONYMOUS_CONNECTION_TIME_MAX: Duration = Duration::from_secs(10);
/// Header fields of one request.
pub const HEADER_FIELDS_MAX: usize = 64;
/// Bytes of the head of one HTTP/2 request.
pub const HEAD_BYTES_MAX: u32 = 16 << 10;
/// Bytes read from an HTTP/1.1 connection at a time; the server refuses a much longer head.
pub const READ_BUFFER_BYTES: usize = 64 << 10;
/// HTTP/2 requests open at once on one connection.
pub const STREAMS_MAX: u32 = 32;
/// HTTP/2 flow-control window of one request, and of a connection, in bytes.
pub const WINDOW_BYTES: u32 = 1 << 20;
/// How often the server pings an HTTP/2 connection.
pub const PING_INTERVAL: Duration = Duration::from_secs(30);
/// How long it may take to say so.
pub const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Requests worked on at once. A client gets no more of them than are free after it, …
pub const REQUESTS_IN_FLIGHT_MAX: usize = 512;
/// … and half of all at most, …
pub const REQUESTS_OF_CLIENT: Part = Part(1, 2);
/// … of which one certificate has half.
pub const REQUESTS_OF_CERTIFICATE: Part = Part(1, 4);
/// How long a request may wait for its turn before it is sent away.
pub const TURN_WAIT_MAX: Duration = Duration::from_secs(2);
/// Requests of one client that may wait for their turn.
pub const TURN_LINE_MAX: usize = 64;
/// `Retry-After` of a request that the server sends away.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);
/// Clients that wait for the outcome of a submission; they take no place of those who work. …
pub const WAITING_MAX: usize = 1024;
/// … One client has a quarter at most.
pub const WAITING_OF_CLIENT: Part = Part(1, 4);
/// Submissions over 64 KiB that are worked on at once, also after their client has left; one client has half at most.
pub const LARGE_SUBMISSIONS_MAX: usize = 8;
/// See there.
pub const LARGE_SUBMISSIONS_OF_CLIENT: Part = Part(1, 2);
/// Statuses, overviews and pages of reports that are made at once; one client has half at most.
pub const READINGS_MAX: usize = 4;
/// See there.
pub const READINGS_OF_CLIENT: Part = Part(1, 2);
/// Orders of reports that are taken at once; one client has half at most.
pub const REPORT_ORDERS_MAX: usize = 8;
/// See there.
pub const REPORT_ORDERS_OF_CLIENT: Part = Part(1, 2);
/// How long a large submission, a reading or an order waits for its turn.
pub const LONG_TURN_WAIT_MAX: Duration = Duration::from_secs(20);
/// So many of one client wait for their turn.
pub const LONG_TURN_LINE_MAX: usize = 128;

/// Requests a second that an online user may make in the long run. One node of the benchmarks answers fewer of all users
/// together, so only a program that runs away on a larger machine meets it. …
pub const USER_REQUESTS_PER_SECOND: u64 = 20_000;
/// … So many it may make at once: those of ten seconds.
pub const USER_REQUESTS_BURST: u64 = 200_000;
/// Bytes of bodies a second that an online user may send in the long run: 2 Gbit/s, more than a disk takes for long. …
pub const USER_BYTES_PER_SECOND: u64 = 256 << 20;
/// … So many it may send at once: four of the longest bodies.
pub const USER_BYTES_BURST: u64 = 8 << 30;
/// The same for an address (of IPv6: 64 bits of it), which all systems behind one router share: four times as much.
pub const ADDRESS_REQUESTS_PER_SECOND: u64 = 80_000;
/// See there.
pub const ADDRESS_REQUESTS_BURST: u64 = 800_000;
/// See there.
pub const ADDRESS_BYTES_PER_SECOND: u64 = 1 << 30;
/// See there.
pub const ADDRESS_BYTES_BURST: u64 = 32 << 30;
/// The part of the requests that only heartbeat, status and answers of submissions may use: one of so many.
pub const QUOTA_RESERVE_DIVISOR: u64 = 10;
/// Requests for enrolment that come back to an address each second: people enrol, and few of them.
pub const ENROLMENT_REQUESTS_PER_SECOND: u64 = 1;
/// Requests for enrolment that an address may use at once.
pub const ENROLMENT_REQUESTS_BURST: u64 = 120;
/// So many online users have their use of quotas remembered, and as many addresses; the one with the most left is
/// forgotten first.
pub const QUOTA_HOLDERS_MAX: usize = 16_384;

/// Longest body of a submission in bytes, on the wire and after inflation.
pub const BODY_BYTES_MAX: u64 = 2 << 30;
/// Longest body of a request for reports in bytes.
pub const REPORT_REQUEST_BYTES_MAX: u64 = 1 << 20;
/// Longest JSON of an operator's request in bytes: an application with all grants that there can be.
pub const OPERATOR_REQUEST_BYTES_MAX: u64 = 256 << 10;
/// Longest file of an application in bytes.
pub const APPLICATION_FILE_BYTES_MAX: u64 = onboarding::bounds::ATTACHMENT_BYTES_MAX as u64;
/// Bytes of all bodies that are arriving at once; a client gets no more of them than are free after it.
pub const BODY_BYTES_IN_FLIGHT_MAX: u64 = 8 << 30;
/// Bodies over 64 KiB that are arriving at once; one client has a quarter at most.
pub const LARGE_BODIES_MAX: usize = 64;
/// See there.
pub const LARGE_BODIES_OF_CLIENT: Part = Part(1, 4);
/// A body is handed on in pieces of this size.
pub const CHUNK_BYTES: usize = 128 << 10;
/// A body of which nothing arrives for so long is given up.
pub const BODY_IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// A body must be complete after this time, or have arrived at …
pub const BODY_WINDOW: Duration = Duration::from_secs(20);
/// … this rate at least, in bytes per second; and so in each further time of this length.
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
/// Bytes of a client library's archive that an answer holds in memory.
pub const LIBRARY_PIECE_BYTES: u64 = 64 << 10;
/// Longest query of a request in bytes (a `MsgId` has 35 characters).
pub const QUERY_BYTES_MAX: usize = 1024;

/// An answer is compressed from this size on, if the client accepts it; a shorter one fits into a packet anyway.
pub const COMPRESSED_FROM_BYTES: u64 = 1 << 10;
/// A longer one is compressed on a thread of its own.
pub const COMPRESSED_AT_ONCE_BYTES: u64 = 64 << 10;

/// An answer must have left after this time, or be read at …
pub const ANSWER_WINDOW: Duration = Duration::from_secs(30);
/// … this rate at least, in bytes per second; and so in each further time of this length.
pub const ANSWER_RATE_MIN: u64 = 4 << 10;
/// An answer is handed to its connection in pieces of this size.
pub const ANSWER_PIECE_BYTES: usize = 16 << 10;
/// What HTTP/2 keeps of each answer that the client makes no room for.
pub const SEND_BUFFER_BYTES: usize = 64 << 10;
/// An answer up to this size stays in memory until it has left; a longer one goes to a file without a name.
pub const ANSWER_MEMORY_BYTES: u64 = 64 << 10;
/// An answer in memory is handed to its connection in pieces of this size, without copying.
pub const ANSWER_MEMORY_PIECE_BYTES: usize = 64 << 10;
/// A longer one stays in memory too while it leaves, as far as these bytes of all such answers suffice: most clients read at
/// once. A client gets no more of them than are free after it.
pub const PROMPT_MEMORY_BYTES_MAX: u64 = 16 << 20;
/// So many pages of reports are made while their clients read the pages before, …
pub const PAGES_AHEAD_MAX: usize = 4;
/// … and so many of them for one online user.
pub const PAGES_AHEAD_OF_USER: usize = 2;
/// Such a page is forgotten when its client has not asked for it after this time.
pub const PAGE_AHEAD_TIME_MAX: Duration = Duration::from_secs(5);
/// An answer up to this size is not counted: HTTP/2 bounds how many there are.
pub const ANSWER_BYTES_UNCOUNTED: u64 = 4 << 10;
/// Bytes of all answers in memory; a client gets no more of them than are free after it.
pub const UNSENT_MEMORY_BYTES_MAX: u64 = 64 << 20;
/// Bytes of all answers in files; a client gets no more of them than are free after it, and a quarter at most.
pub const UNSENT_FILE_BYTES_MAX: u64 = 2 << 30;
/// See there.
pub const UNSENT_FILE_BYTES_OF_CLIENT: Part = Part(1, 4);
/// Answers in files; a client has a quarter at most.
pub const UNSENT_FILES_MAX: usize = 256;
/// See there.
pub const UNSENT_FILES_OF_CLIENT: Part = Part(1, 4);

/// How long a stop waits for accepted requests.
pub const STOP_TIME_MAX: Duration = Duration::from_secs(30);

/// Characters of a header's value that a refusal shows.
pub(crate) const HEADER_SHOWN_CHARS_MAX: usize = 64;

/// A part of a whole: so many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part(pub u64, pub u64);

impl Part {
    /// The part of an amount; never nothing of something.
    #[must_use]
    pub fn of(self, amount: u64) -> u64 {
        // The whole first: amounts are far from 2^64, and a division would lose the remainder.
        (amount.saturating_mul(self.0) / self.1).max(u64::from(amount > 0))
    }

    /// The same for a count.
    #[must_use]
    pub fn of_count(self, count: usize) -> usize {
        usize::try_from(self.of(count as u64)).unwrap_or(usize::MAX)
    }
}
