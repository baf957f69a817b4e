//! Every budget of the exchange, in one table: what it bounds, for whom, how much, and what happens when it is used up.
//!
//! The table is made from the constants and the configuration that the code itself obeys. `docs/operators/limits.md` is
//! made from it (a test compares the two), and `tdam serve --print-limits` prints it for a configuration file. Who adds
//! a bound adds a row here.

use std::fmt::{self, Write as _};
use std::time::Duration;

use rulebook::Code;

use crate::configuration::Configuration;

/// One budget.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The group that it is shown in.
    pub group: Group,
    /// What it bounds.
    pub name: &'static str,
    /// Who has a budget of its own: each client, each address, all together.
    pub scope: &'static str,
    /// How much.
    pub amount: Amount,
    /// The configuration key that sets it; `None` for a constant of the program.
    pub key: Option<&'static str>,
    /// What happens when it is used up.
    pub used_up: &'static str,
    /// The code that a client sees then.
    pub code: Option<Code>,
}

/// What a budget belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Connections, handshakes, file handles.
    Connections,
    /// Requests, bodies and answers.
    Requests,
    /// What one message may have.
    Messages,
    /// The store and its threads.
    Store,
}

/// An amount with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// So many.
    Count(u64),
    /// So many bytes.
    Bytes(u64),
    /// So long.
    Time(Duration),
    /// So many bytes a second.
    BytesPerSecond(u64),
}

impl Group {
    const ALL: [Group; 4] = [Group::Connections, Group::Requests, Group::Messages, Group::Store];

    fn title(self) -> &'static str {
        match self {
            Group::Connections => "Connections",
            Group::Requests => "Requests and answers",
            Group::Messages => "Messages",
            Group::Store => "Store",
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::Count(count) => write!(f, "{count}"),
            Amount::Bytes(bytes) => write_bytes(f, *bytes),
            Amount::Time(time) if time.subsec_nanos() == 0 => write!(f, "{} s", time.as_secs()),
            Amount::Time(time) => write!(f, "{} ms", time.as_millis()),
            Amount::BytesPerSecond(bytes) => write_bytes(f, *bytes).and_then(|()| f.write_str("/s")),
        }
    }
}

fn write_bytes(f: &mut fmt::Formatter<'_>, bytes: u64) -> fmt::Result {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(unit, _)| bytes >= *unit && bytes.is_multiple_of(*unit)) {
        Some((unit, name)) => write!(f, "{} {name}", bytes / unit),
        None => write!(f, "{bytes} B"),
    }
}

/// A row in the making: what a group has in common is said once.
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
    rows.group = Group::Messages;
    messages(&mut rows, configuration);
    rows.group = Group::Store;
    store(&mut rows, configuration);
    rows.rows
}

fn connections(rows: &mut Rows, configuration: &Configuration) {
    use server::bounds as server;
    let listen = &configuration.listen;
    rows.row("open connections", "all", Amount::Count(listen.connections_max as u64), "more wait in the system's queue")
        .key("listen.connections_max");
    rows.row(
        "time of a handshake",
        "connection",
        Amount::Time(Duration::from_secs(listen.handshake_timeout_seconds)),
        "the connection is closed",
    )
    .key("listen.handshake_timeout_seconds");
    rows.row("time for the head of a request", "connection", Amount::Time(server::HEAD_TIMEOUT), "the connection is closed");
    rows.row(
        "HTTP/2 requests at once",
        "connection",
        Amount::Count(server::STREAMS_MAX.into()),
        "HTTP/2 refuses the stream",
    );
}

fn requests(rows: &mut Rows, configuration: &Configuration) {
    use server::bounds as server;
    let messages = &configuration.messages;
    rows.row("requests in work", "all", Amount::Count(server::REQUESTS_IN_FLIGHT_MAX as u64), "503")
        .code(Code::Unavailable);
    rows.row("length of a body", "request", Amount::Bytes(messages.body_bytes_max), "the body is refused")
        .key("messages.body_bytes_max")
        .code(Code::MessageTooLarge);
    rows.row("bytes of bodies on their way", "all", Amount::Bytes(server::BODY_BYTES_IN_FLIGHT_MAX), "503")
        .code(Code::Unavailable);
    rows.row("rate of a body", "request", Amount::BytesPerSecond(server::BODY_RATE_MIN), "a slower body is given up")
        .code(Code::RequestTimeout);
}

fn messages(rows: &mut Rows, configuration: &Configuration) {
    let findings = configuration.messages.findings_max as u64;
    rows.row("findings named one by one", "message", Amount::Count(findings), "further ones are only counted")
        .key("messages.findings_max");
    rows.row(
        "payments",
        "message",
        Amount::Count(payments::bounds::MESSAGE_PAYMENTS_MAX as u64),
        "the message is refused",
    )
    .code(Code::TooManyPayments);
    rows.row(
        "refused payments named in an answer",
        "message",
        Amount::Count(exchange::bounds::REFUSALS_NAMED_MAX as u64),
        "blocks say how many more",
    );
}

fn store(rows: &mut Rows, configuration: &Configuration) {
    let jobs = store::bounds::QUEUE_JOBS_MAX as u64;
    rows.row("jobs that wait for the writer", "all", Amount::Count(jobs), "callers wait");
    let connections = configuration.store.connections as u64;
    rows.row("PostgreSQL connections, each for reading and for writing", "node", Amount::Count(connections), "callers wait")
        .key("store.connections");
}

/// The table as a page of the documentation.
#[must_use]
pub fn to_markdown(budgets: &[Budget]) -> String {
    let mut page = String::from(
        "# Limits\n\n\
         Every budget of the service: for whom, how much, and what happens when it is used up. This page is made from the program's own table \
         (`tdam serve --print-limits` prints it for a configuration file) and is not edited by hand. \
         A budget without a key is a constant of the program.\n",
    );
    for group in Group::ALL {
        let _ = write!(page, "\n## {}\n\n| what | of | limit | key | when it is used up | code |\n|---|---|---|---|---|---|\n", group.title());
        for budget in budgets.iter().filter(|budget| budget.group == group) {
            let key = budget.key.map(|key| format!("`{key}`")).unwrap_or_default();
            let code = budget.code.map(Code::id).unwrap_or_default();
            let Budget { name, scope, amount, used_up, .. } = budget;
            let _ = writeln!(page, "| {name} | {scope} | {amount} | {key} | {used_up} | {code} |");
        }
    }
    page
}
