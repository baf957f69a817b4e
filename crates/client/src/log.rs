//! The hook for logs: attempts, pauses and outcomes. Never keys, passwords, codes or what a message says.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::ErrorKind;

/// Something that happened during a call; [`ClientBuilder::on_event`](crate::ClientBuilder::on_event) hears of it.
///
/// Its text is a line for a log. Paths stand without their query.
///
/// ```no_run
/// # fn example() -> client::ClientBuilder {
/// client::Client::builder().on_event(|event| eprintln!("exchange: {event}"))
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// An attempt begins.
    Attempt {
        /// `GET` or `POST`.
        method: String,
        /// The path, without its query.
        path: String,
        /// Which attempt of the call, from 1.
        number: u32,
    },
    /// The exchange answered.
    Answered {
        /// The path, without its query.
        path: String,
        /// Which attempt of the call.
        number: u32,
        /// The HTTP status.
        status: u16,
        /// By what the operator finds the request.
        request_id: Option<String>,
    },
    /// An attempt failed.
    Failed {
        /// The path, without its query.
        path: String,
        /// Which attempt of the call.
        number: u32,
        /// How.
        kind: ErrorKind,
        /// The code of the problem, where the exchange sent one.
        code: Option<String>,
    },
    /// The library waits before it makes the call again.
    Pause {
        /// The path, without its query.
        path: String,
        /// After which attempt of the call.
        number: u32,
        /// How long.
        pause: Duration,
    },
    /// From now on the client shows another certificate.
    Identity {
        /// Its serial number in hexadecimal digits.
        serial: String,
    },
    /// One of several identities cannot be read; the client uses another.
    Unreadable {
        /// Which.
        identity: String,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Attempt { method, path, number } => write!(f, "{method} {path}, attempt {number}"),
            Event::Answered { path, number, status, request_id } => {
                write!(f, "{path}, attempt {number}: {status}")?;
                request_id.as_ref().map_or(Ok(()), |id| write!(f, ", request {id}"))
            }
            Event::Failed { path, number, kind, code } => {
                write!(f, "{path}, attempt {number} failed: {}", kind.name())?;
                code.as_ref().map_or(Ok(()), |code| write!(f, ", {code}"))
            }
            Event::Pause { path, number, pause } => {
                write!(f, "{path}: {} ms pause after attempt {number}", pause.as_millis())
            }
            Event::Identity { serial } => write!(f, "the certificate in use is {serial}"),
            Event::Unreadable { identity } => write!(f, "{identity} cannot be read and is not used"),
        }
    }
}

type Hook = Arc<dyn Fn(&Event) + Send + Sync>;

/// Who hears of events, if anybody does.
#[derive(Clone, Default)]
pub(crate) struct Log(Option<Hook>);

impl Log {
    pub(crate) fn listening(hears: impl Fn(&Event) + Send + Sync + 'static) -> Log {
        Log(Some(Arc::new(hears)))
    }

    /// Makes the event only where somebody hears of it.
    pub(crate) fn say(&self, event: impl FnOnce() -> Event) {
        if let Some(hears) = &self.0 {
            hears(&event());
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Log({})", if self.0.is_some() { "a hook" } else { "nobody" })
    }
}
