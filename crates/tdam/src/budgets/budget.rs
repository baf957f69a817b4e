//! A budget, and an amount with its unit.

use std::fmt;
use std::time::Duration;

use rulebook::Code;

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
    pub(super) const ALL: [Group; 5] =
        [Group::Connections, Group::Requests, Group::Messages, Group::Store, Group::Watch];

    pub(super) fn title(self) -> &'static str {
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
