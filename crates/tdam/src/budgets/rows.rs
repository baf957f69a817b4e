//! The rows of the table, group by group.

use std::time::Duration;

use rulebook::Code;

use super::budget::{Amount, Budget, Group};
use crate::configuration::Configuration;
use crate::file_handles::reserved;

/// Builds the rows of one group after another.
struct Rows {
    group: Group,
    rows: Vec<Budget>,
}

impl Rows {
    fn row(&mut self, name: &'static str, scope: &'static str, amount: Amount, used_up: &'static str) -> &mut Budget {
        let budget = Budget { group: self.group, name, scope, amount, key: None, used_up, code: None };
        self.rows.push(budget);
        // Invariant: a row was pushed on the line above.
        self.rows.last_mut().expect("the row that was just pushed")
    }
}

impl Budget {
    fn key(&mut self, key: &'static str) -> &mut Budget {
        self.key = Some(key);
        self
    }

    fn code(&mut self, code: Code) -> &mut Budget {
        self.code = Some(code);
        self
    }
}

/// Every budget, as a configuration sets it.
#[must_use]
pub fn budgets(configuration: &Configuration) -> Vec<Budget> {
    let mut rows = Rows { group: Group::Connections, rows: Vec::new() };
    connections(&mut rows, configuration);
    rows.group = Group::Requests;
    requests(&mut rows, configuration);
    quotas(&mut rows, configuration);
    rows.group = Group::Messages;
    messages(&mut rows, configuration);
    rows.group = Group::Store;
    store(&mut rows, configuration);
    rows.group = Group::Watch;
    watch(&mut rows);
    rows.rows
}

fn connections(rows: &mut Rows, configuration: &Configuration) {
    use server::bounds as server;
    let listen = &configuration.listen;
    let all = listen.connections_max;
    let count = |part: server::Part, all: usize| Amount::Count(part.of_count(all) as u64);
    let seconds = |seconds: u64| Amount::Time(Duration::from_secs(seconds));
    rows.row(
        "file handles reserved for other uses than clients' connections",
        "node",
        Amount::Count(reserved(configuration)),
        FEWER,
    );
    rows.row(
        "open connections",
        "all",
        Amount::Count(all as u64),
        "the server closes the longest idle connection of the holder with the most",
    )
    .key("listen.connections_max");
    rows.row("open connections", "client", count(server::CONNECTIONS_OF_CLIENT, all), IDLE_GIVES_WAY);
    rows.row("open connections", "certificate", count(server::CONNECTIONS_OF_CERTIFICATE, all), IDLE_GIVES_WAY);
    rows.row("open connections", "address", count(server::CONNECTIONS_OF_ADDRESS, all), IDLE_GIVES_WAY);
    let anonymous = server::CONNECTIONS_ANONYMOUS.of_count(all);
    rows.row("connections without certificate", "all", Amount::Count(anonymous as u64), IDLE_GIVES_WAY);
    let of_address = count(server::ANONYMOUS_OF_ADDRESS, anonymous);
    rows.row("connections without certificate", "address", of_address, IDLE_GIVES_WAY);
    rows.row(
        "age of a connection without certificate",
        "connection",
        Amount::Time(server::ANONYMOUS_CONNECTION_TIME_MAX),
        "the server closes it",
    );
    let idle = seconds(listen.connection_idle_seconds);
    rows.row("time without a request", "connection", idle, "the server closes it")
        .key("listen.connection_idle_seconds");
    let age = seconds(listen.connection_age_seconds);
    rows.row("age of a connection", "connection", age, "the server closes it after answering its requests")
        .key("listen.connection_age_seconds");
    let handshakes = listen.handshakes_max;
    rows.row(
        "handshakes",
        "all",
        Amount::Count(handshakes as u64),
        "the server ends the oldest one of the address with the most",
    )
    .key("listen.handshakes_max");
    rows.row(
        "handshakes",
        "address",
        count(server::HANDSHAKES_OF_ADDRESS, handshakes),
        "the server ends the oldest one of that address",
    );
    rows.row("time of a handshake", "connection", seconds(listen.handshake_timeout_seconds), "the server closes it")
        .key("listen.handshake_timeout_seconds");
    let plain = listen.plain_connections_max;
    rows.row("connections of the plain listener", "all", Amount::Count(plain as u64), IDLE_GIVES_WAY)
        .key("listen.plain_connections_max");
    let of_address = count(server::PLAIN_CONNECTIONS_OF_ADDRESS, plain);
    rows.row("connections of the plain listener", "address", of_address, IDLE_GIVES_WAY);
    rows.row(
        "time without a request, plain",
        "connection",
        Amount::Time(server::PLAIN_IDLE_MAX),
        "the server closes it",
    );
    rows.row("age, plain", "connection", Amount::Time(server::PLAIN_AGE_MAX), "the server closes it");
    let enrollment = server::ENROLLMENT_CONNECTIONS_MAX;
    rows.row("connections of the listener for enrolment", "all", Amount::Count(enrollment as u64), IDLE_GIVES_WAY);
    let of_address = count(server::PLAIN_CONNECTIONS_OF_ADDRESS, enrollment);
    rows.row("connections of the listener for enrolment", "address", of_address, IDLE_GIVES_WAY);
    let metrics = Amount::Count(server::METRICS_CONNECTIONS_MAX as u64);
    rows.row("connections of the listener for metrics", "all", metrics, IDLE_GIVES_WAY);
    rows.row(
        "time for the head of a request",
        "connection",
        Amount::Time(server::HEAD_TIMEOUT),
        "the server closes it",
    );
    rows.row(
        "HTTP/2 requests at once",
        "connection",
        Amount::Count(server::STREAMS_MAX.into()),
        "HTTP/2 refuses the stream",
    );
}

fn quotas(rows: &mut Rows, configuration: &Configuration) {
    const REQUESTS: [&str; 2] =
        ["requests over time: so many at once", "requests over time: so many come back each second"];
    const BYTES: [&str; 2] =
        ["bytes of bodies over time: so many at once", "bytes of bodies over time: so many come back each second"];
    let quotas = &configuration.quotas;
    let mut quota = |[at_once, each_second]: [&'static str; 2],
                     of,
                     (rate_key, rate),
                     (burst_key, burst),
                     amount: fn(u64) -> Amount| {
        // Without a rate there is no quota.
        if rate > 0 {
            rows.row(at_once, of, amount(burst), REFUSED_FOR_NOW).key(burst_key).code(Code::QuotaUsedUp);
            rows.row(each_second, of, amount(rate), "").key(rate_key);
        }
    };
    quota(
        REQUESTS,
        "online user, on each node",
        ("quotas.online_user_requests_per_second", quotas.online_user_requests_per_second),
        ("quotas.online_user_requests_burst", quotas.online_user_requests_burst),
        Amount::Count,
    );
    quota(
        REQUESTS,
        "address, on each node",
        ("quotas.address_requests_per_second", quotas.address_requests_per_second),
        ("quotas.address_requests_burst", quotas.address_requests_burst),
        Amount::Count,
    );
    quota(
        BYTES,
        "online user, on each node",
        ("quotas.online_user_bytes_per_second", quotas.online_user_bytes_per_second),
        ("quotas.online_user_bytes_burst", quotas.online_user_bytes_burst),
        Amount::Bytes,
    );
    quota(
        BYTES,
        "address, on each node",
        ("quotas.address_bytes_per_second", quotas.address_bytes_per_second),
        ("quotas.address_bytes_burst", quotas.address_bytes_burst),
        Amount::Bytes,
    );
    quota(
        REQUESTS,
        "address that enrols, on each node",
        ("quotas.enrolment_requests_per_second", quotas.enrolment_requests_per_second),
        ("quotas.enrolment_requests_burst", quotas.enrolment_requests_burst),
        Amount::Count,
    );
    let remembered = Amount::Count(server::bounds::QUOTA_HOLDERS_MAX as u64);
    rows.row(
        "online users whose use of quotas the node remembers, as many addresses, and as many addresses that enrol",
        "node",
        remembered,
        "the node forgets the one with the most left",
    );
}

/// What happens when a holder has as many connections as it may.
const IDLE_GIVES_WAY: &str = "the server closes the longest idle one; when all are busy, the new one";
/// What happens when file handles are short.
const FEWER: &str = "the service takes fewer connections; with less than 32 it does not start";
/// What happens when a quota is used up.
const REFUSED_FOR_NOW: &str = "429 with the quota's name and the time to wait";
/// What a client gets that has used its share.
const SENT_AWAY: &str = "429 with the budget's name";

fn requests(rows: &mut Rows, configuration: &Configuration) {
    use server::bounds as server;
    let (messages, shares) = (&configuration.messages, &configuration.shares);
    let greedy = Code::TooManyRequests;
    let known = Amount::Count(exchange::bounds::CALLERS_KNOWN_MAX as u64);
    rows.row("callers known between requests", "node", known, "the node reads all of them from the store again");
    let mut shared = |name, all: usize, part: server::Part, of: &'static str, key: Option<&'static str>| {
        rows.row(name, "all", Amount::Count(all as u64), "a client gets only as much as stays free afterwards").key =
            key;
        rows.row(name, of, Amount::Count(part.of_count(all) as u64), SENT_AWAY).code(greedy);
    };
    let requests = shares.requests_max;
    shared("requests in progress", requests, server::REQUESTS_OF_CLIENT, "client", Some("shares.requests_max"));
    shared(
        "requests that wait for an outcome",
        shares.waiting_max,
        server::WAITING_OF_CLIENT,
        "client",
        Some("shares.waiting_max"),
    );
    shared(
        "large submissions in progress",
        shares.large_submissions_max,
        server::LARGE_SUBMISSIONS_OF_CLIENT,
        "client",
        Some("shares.large_submissions_max"),
    );
    shared(
        "statuses and reports in the making",
        shares.readings_max,
        server::READINGS_OF_CLIENT,
        "client",
        Some("shares.readings_max"),
    );
    shared("orders of reports in progress", server::REPORT_ORDERS_MAX, server::REPORT_ORDERS_OF_CLIENT, "client", None);
    shared("large bodies on their way", server::LARGE_BODIES_MAX, server::LARGE_BODIES_OF_CLIENT, "client", None);
    shared("unread answers", server::UNSENT_FILES_MAX, server::UNSENT_FILES_OF_CLIENT, "client", None);
    let of_certificate = Amount::Count(server::REQUESTS_OF_CERTIFICATE.of_count(requests) as u64);
    rows.row("requests in progress, of one certificate", "certificate", of_certificate, SENT_AWAY).code(greedy);
    rows.row("requests that wait for their turn", "client", Amount::Count(server::TURN_LINE_MAX as u64), SENT_AWAY)
        .code(greedy);
    rows.row("time until a request has its turn", "request", Amount::Time(server::TURN_WAIT_MAX), SENT_AWAY)
        .code(greedy);
    rows.row(
        "large submissions, statuses, reports that wait for their turn",
        "client",
        Amount::Count(server::LONG_TURN_LINE_MAX as u64),
        SENT_AWAY,
    )
    .code(greedy);
    rows.row("time until these have their turn", "request", Amount::Time(server::LONG_TURN_WAIT_MAX), SENT_AWAY)
        .code(greedy);
    rows.row("length of a body", "request", Amount::Bytes(messages.body_bytes_max), "the exchange refuses the body")
        .key("messages.body_bytes_max")
        .code(Code::MessageTooLarge);
    let (json, file) = (server::OPERATOR_REQUEST_BYTES_MAX, server::APPLICATION_FILE_BYTES_MAX);
    rows.row("length of an operator's JSON", "request", Amount::Bytes(json), "the exchange refuses it")
        .code(Code::MessageTooLarge);
    rows.row("length of a file of an application", "request", Amount::Bytes(file), "the exchange refuses it")
        .code(Code::MessageTooLarge);
    let files = Amount::Count(onboarding::bounds::ATTACHMENTS_MAX as u64);
    rows.row("files of an application", "application", files, "the exchange refuses a further one")
        .code(Code::ApplicationContentInvalid);
    let page = Amount::Count(exchange::bounds::APPLICATIONS_SHOWN_MAX.into());
    rows.row("applications in a list", "page", page, "the next page has the older ones");
    let arriving = Amount::Bytes(server::BODY_BYTES_IN_FLIGHT_MAX);
    rows.row("bytes of bodies on their way", "all", arriving, "a client gets only as much as stays free afterwards")
        .code(greedy);
    let idle = Amount::Time(Duration::from_secs(configuration.listen.idle_timeout_seconds));
    rows.row("silence within a body", "request", idle, "the server drops the body")
        .key("listen.idle_timeout_seconds")
        .code(Code::RequestTimeout);
    rows.row(
        "rate of a body",
        "request",
        Amount::BytesPerSecond(server::BODY_RATE_MIN),
        "the server drops a slower one",
    )
    .code(Code::RequestTimeout);
    rows.row(
        "time over which the server measures that rate",
        "request",
        Amount::Time(server::BODY_WINDOW),
        "the next one begins",
    );
    let memory = Amount::Bytes(server::UNSENT_MEMORY_BYTES_MAX);
    rows.row(
        "answers in memory",
        "all",
        memory,
        "further ones go to files; a client gets only as much as stays free afterwards",
    );
    rows.row(
        "length of an answer in memory",
        "answer",
        Amount::Bytes(server::ANSWER_MEMORY_BYTES),
        "it goes to a file",
    );
    let long = Amount::Bytes(server::PROMPT_MEMORY_BYTES_MAX);
    rows.row(
        "long answers in memory while they leave",
        "all",
        long,
        "further ones go to files; a client gets only as much as stays free afterwards",
    );
    let ahead = Amount::Count(server::PAGES_AHEAD_MAX as u64);
    rows.row(
        "pages of reports made while the client reads the page before",
        "all",
        ahead,
        "the server makes the page when the client asks for it",
    );
    let read_ahead = Amount::Count(exchange::bounds::READ_AHEADS_MAX as u64);
    rows.row("bodies read while they arrive, one of each client", "all", read_ahead, "read when they are complete");
    let unread = shares.unread_answer_bytes_max;
    rows.row(
        "bytes of unread answers",
        "all",
        Amount::Bytes(unread),
        "a client gets only as much as stays free afterwards",
    )
    .key("shares.unread_answer_bytes_max");
    let of_client = Amount::Bytes(server::UNSENT_FILE_BYTES_OF_CLIENT.of(unread));
    rows.row("bytes of unread answers", "client", of_client, SENT_AWAY).code(greedy);
    rows.row(
        "rate of reading an answer",
        "answer",
        Amount::BytesPerSecond(server::ANSWER_RATE_MIN),
        "the server cuts the connection off",
    );
    rows.row(
        "time over which the server measures that rate of reading",
        "answer",
        Amount::Time(server::ANSWER_WINDOW),
        "the next one begins",
    );
}

fn messages(rows: &mut Rows, configuration: &Configuration) {
    let findings = configuration.messages.findings_max as u64;
    rows.row("findings named one by one", "message", Amount::Count(findings), "the answer only counts further ones")
        .key("messages.findings_max");
    let (count, bytes) = (|count: usize| Amount::Count(count as u64), |bytes: usize| Amount::Bytes(bytes as u64));
    let memory = &configuration.memory;
    rows.row("blocks", "message", count(configuration.messages.blocks_max), "the exchange refuses the message")
        .key("messages.blocks_max")
        .code(Code::TooManyBlocks);
    rows.row("memory", "message", bytes(memory.message_bytes_max), "the exchange refuses the message")
        .key("memory.message_bytes_max")
        .code(Code::MessageTakesTooMuchMemory);
    rows.row("memory of its messages", "client", bytes(memory.client_bytes_max), "503: send again later")
        .key("memory.client_bytes_max")
        .code(Code::MemoryUsedUp);
    rows.row(
        "memory of messages",
        "node",
        bytes(memory.all_bytes_max),
        "503: send again later; an eighth is reserved for clients that hold little",
    )
    .key("memory.all_bytes_max")
    .code(Code::MemoryUsedUp);
    rows.row(
        "one item: a header, a payment",
        "message",
        bytes(iso20022::bounds::ITEM_BYTES_MAX),
        "the exchange refuses the message",
    );
    rows.row(
        "names of open elements",
        "message",
        bytes(xsd::bounds::NAME_BYTES_MAX),
        "the exchange refuses the message",
    );
    rows.row("depth of elements", "message", count(xsd::bounds::DEPTH_MAX), "the exchange refuses the message");
    rows.row(
        "one token: a text, a tag",
        "message",
        bytes(xsd::bounds::TOKEN_BYTES_MAX),
        "the exchange refuses the message",
    );
    rows.row(
        "processes that ended while they worked on it",
        "submission",
        Amount::Count(exchange::bounds::SUBMISSION_ATTEMPTS_MAX.into()),
        "the service sets it aside, with an alarm",
    )
    .code(Code::SubmissionSetAside);
    rows.row(
        "processes that ended while they worked on it",
        "lot or chore",
        Amount::Count(exchange::bounds::WORK_ATTEMPTS_MAX.into()),
        "the service sets it aside, with an alarm",
    );
    rows.row(
        "payments",
        "message",
        Amount::Count(payments::bounds::MESSAGE_PAYMENTS_MAX as u64),
        "the exchange refuses the message",
    )
    .code(Code::TooManyPayments);
    rows.row(
        "payments named in an answer",
        "message",
        Amount::Count(exchange::bounds::REFUSALS_NAMED_MAX as u64),
        "blocks say how many more",
    );
    let named = bytes(exchange::bounds::REFUSALS_NAMED_BYTES_MAX);
    let more = "blocks say how many more; in the answer, elements and the catalogue's sentences come on top";
    rows.row("names and reasons of refused payments, as stored for an answer", "message", named, more);
    let earlier = Amount::Count(exchange::bounds::EARLIER_MESSAGES_NAMED_MAX as u64);
    rows.row("earlier messages named by duplicates", "message", earlier, "the answer does not name further ones");
    let open = Amount::Count(exchange::bounds::OPEN_SUBMISSIONS_LOOKED_AT_MAX.into());
    rows.row("unanswered messages searched for a MsgId", "request", open, "older ones have no status yet");
    let bytes = Amount::Bytes(exchange::bounds::REPORT_REQUEST_BYTES_MAX);
    rows.row("length of an order of reports", "request", bytes, "the exchange refuses the order")
        .code(Code::MessageTooLarge);
    let reports = Amount::Count(exchange::bounds::REPORT_REQUESTS_MAX.into());
    rows.row("reports of one order", "request", reports, "the exchange refuses the order")
        .code(Code::TooManyReportRequests);
    let entries = Amount::Count(configuration.reports.entries_per_page.into());
    rows.row("entries of one page", "report", entries, "the report has a further page").key("reports.entries_per_page");
    rows.row(
        "bytes until the first element",
        "message",
        Amount::Bytes(exchange::bounds::PEEK_BYTES_MAX as u64),
        "the exchange refuses the message",
    )
    .code(Code::RootElementTooLate);
}

fn store(rows: &mut Rows, configuration: &Configuration) {
    let jobs = store::bounds::QUEUE_JOBS_MAX as u64;
    rows.row("jobs that wait for the writer", "all", Amount::Count(jobs), "callers wait; clients are served in turn");
    let readers = Amount::Count(store::bounds::READERS as u64);
    rows.row("short readings of SQLite", "all", readers, "callers wait");
    let long = Amount::Count(store::bounds::LONG_READERS as u64);
    rows.row("long readings", "all", long, "callers wait; short readings do not");
    let connections = configuration.store.connections as u64;
    rows.row(
        "PostgreSQL connections, for writing and again for short readings",
        "node",
        Amount::Count(connections),
        "callers wait",
    )
    .key("store.connections");
    let room = &configuration.room;
    let percent = |percent: u8| Amount::Percent(percent);
    rows.row("free on the disk, first watermark", "all", percent(room.first_watermark_percent), ABOVE_SHARE)
        .key("room.first_watermark_percent")
        .code(Code::NoRoom);
    rows.row(
        "the same in bytes; the smaller one counts",
        "all",
        Amount::Bytes(room.first_watermark_bytes),
        ABOVE_SHARE,
    )
    .key("room.first_watermark_bytes")
    .code(Code::NoRoom);
    rows.row(
        "kept bodies, share of the disk",
        "client",
        percent(room.client_share_percent),
        "at the first watermark the exchange refuses its new messages",
    )
    .key("room.client_share_percent")
    .code(Code::NoRoom);
    rows.row("free on the disk, second watermark", "all", percent(room.second_watermark_percent), NOTHING_NEW)
        .key("room.second_watermark_percent")
        .code(Code::NoRoom);
    rows.row(
        "the second in bytes; the smaller one counts",
        "all",
        Amount::Bytes(room.second_watermark_bytes),
        NOTHING_NEW,
    )
    .key("room.second_watermark_bytes")
    .code(Code::NoRoom);
    rows.row(
        "disk reserved for operators",
        "all",
        Amount::Bytes(room.reserve_bytes),
        "operators use it when the disk is full; half of it serves reports",
    )
    .key("room.reserve_bytes");
    rows.row(
        "size of a PostgreSQL database; 0: not watched",
        "all",
        Amount::Bytes(room.database_bytes_max),
        "the watermarks apply to it",
    )
    .key("room.database_bytes_max")
    .code(Code::NoRoom);
}

/// What happens below the first watermark.
const ABOVE_SHARE: &str = "the exchange refuses new messages of clients above their share";
/// What happens below the second.
const NOTHING_NEW: &str = "the exchange refuses all new messages";

fn watch(rows: &mut Rows) {
    use exchange::bounds;
    let time = Amount::Time(bounds::PROBE_TIME_MAX);
    rows.row("time of a probe of the store", "node", time, "`/health` is 503 until a probe succeeds");
    let held_up = Amount::Time(bounds::WORK_HELD_UP_AFTER);
    rows.row("time without a finished step of background work", "node", held_up, "`/health` says so");
    let still = Amount::Time(bounds::WORK_STANDS_STILL_AFTER);
    rows.row("the same, much longer", "node", still, "the service stops notifying the watchdog: systemd restarts it");
    let time = |time: jiff::SignedDuration| Amount::Time(time.unsigned_abs());
    rows.row("jump of the clock", "node", time(bounds::CLOCK_JUMP_MAX), "nothing opens a business day; an alarm");
    rows.row(
        "difference from the database's clock",
        "node",
        time(bounds::CLOCK_DIFFERENCE_MAX),
        "the same for this node",
    );
    let ready = time(bounds::CLOCK_WRONG_AND_READY_MAX);
    rows.row("either, while the node is ready", "node", ready, "`/health` is 503 until the clock is right");
    let absence = Amount::Count(bounds::CLOCK_ABSENCE_MAX.as_hours().unsigned_abs() / 24);
    rows.row(
        "days since the newest trusted time",
        "all",
        absence,
        "nothing opens a business day until an operator confirms the clock",
    );
    let days = |days: i32| Amount::Count(u64::from(days.unsigned_abs()));
    rows.row(
        "days that the calendar may open at once",
        "step",
        days(bounds::AUTOMATIC_DAYS_MAX),
        "an operator must open the day",
    );
    rows.row(
        "days ahead of the clock",
        "day that is opened",
        days(bounds::DAYS_AHEAD_MAX),
        "the operator must type the day again",
    );
    rows.row(
        "the same for a day typed again",
        "day that is opened",
        days(bounds::CONFIRMED_DAYS_AHEAD_MAX),
        "the exchange does not open it",
    );
    let count = |count: usize| Amount::Count(count as u64);
    rows.row(
        "refusals with an audit line at once, in a minute",
        "node",
        count(bounds::REFUSAL_LINES_AT_ONCE_MAX),
        "the service counts further ones and writes one line when the minute is over",
    );
    rows.row(
        "kinds of refusals counted separately, in a minute",
        "node",
        count(bounds::REFUSAL_KINDS_MAX),
        "the service counts further ones together",
    );
    rows.row(
        "audit lines about refusals that wait for the store",
        "node",
        count(bounds::REFUSAL_LINES_KEPT_MAX),
        "further ones are lost; the log has their number",
    );
}
