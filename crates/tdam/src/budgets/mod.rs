//! Every budget of the exchange, in one table: what it bounds, for whom, how much, and what happens when it is used up.
//!
//! The table takes its values from the constants and the configuration that the code itself obeys. The program generates
//! `docs/operators/limits.md` from it (a test compares the two), and `tdam serve --print-limits` prints it for a
//! configuration file. When you add a bound, add a row to `rows`.

use std::fmt::{self, Write as _};
use std::time::Duration;

use rulebook::Code;

mod memory;
mod rows;

pub use memory::{MemoryPart, Of, memory, most};
pub use rows::budgets;

use crate::configuration::Configuration;

/// One budget.
#[derive(Clone, Debug)]
pub struct Budget {
    /// The group that it is shown in.
    pub group: Group,
    /// What it bounds.
    pub name: &'static str,
    /// The holder of a budget: each client, each address, all together.
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

/// The group of a budget.
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
    /// Health and audit.
    Watch,
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
    /// So many hundredths of the whole.
    Percent(u8),
}

impl Group {
    const ALL: [Group; 5] = [Group::Connections, Group::Requests, Group::Messages, Group::Store, Group::Watch];

    fn title(self) -> &'static str {
        match self {
            Group::Connections => "Connections",
            Group::Requests => "Requests and answers",
            Group::Messages => "Messages",
            Group::Store => "Store",
            Group::Watch => "Health and audit",
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
            Amount::Percent(percent) => write!(f, "{percent} %"),
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

/// The tables of budgets and of memory, as a page of the documentation.
#[must_use]
pub fn to_markdown(configuration: &Configuration) -> String {
    let budgets = budgets(configuration);
    let mut page = String::from(
        "# Limits\n\n\
         This page lists every budget of the service: for whom it is, how much it allows, and what happens when it is used up. The program generates \
         the page from its own table (`tdam serve --print-limits` prints it for a configuration file); do not edit it by hand. \
         A budget without a key is a constant of the program.\n",
    );
    for group in Group::ALL {
        let _ = write!(
            page,
            "\n## {}\n\n| what | of | limit | key | when it is used up | code |\n|---|---|---|---|---|---|\n",
            group.title()
        );
        for budget in budgets.iter().filter(|budget| budget.group == group) {
            let key = budget.key.map(|key| format!("`{key}`")).unwrap_or_default();
            let code = budget.code.map(Code::id).unwrap_or_default();
            let Budget { name, scope, amount, used_up, .. } = budget;
            let _ = writeln!(page, "| {name} | {scope} | {amount} | {key} | {used_up} | {code} |");
        }
    }
    page + &memory::to_markdown(&memory::memory(configuration))
}
