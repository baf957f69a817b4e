//! File handles: every connection and every large body needs one, and a process that has none left fails at all of them
//! alike. So the service raises the limit as far as possible, and bounds connections so that other uses find their
//! handles.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use server::bounds as server;

use crate::configuration::Configuration;
use crate::libraries::bounds::LIBRARIES_MAX;

/// Handles of the program itself: standard streams, sockets that listen, the runtime, files read at start.
pub const OWN: u64 = 64;
/// Handles of SQLite: each connection has the database, its log and its index open.
pub const SQLITE: u64 = 3 * (store::bounds::READERS + store::bounds::LONG_READERS + 2) as u64;
/// Connections that have the order to close, and have not closed yet.
pub const CLOSING: u64 = 64;
/// With fewer connections the service cannot serve well, so it does not start.
pub const CONNECTIONS_MIN: u64 = 32;

/// The system gives too few handles.
#[derive(Debug, thiserror::Error)]
#[error(
    "the system allows {allowed} file handles, and at least {needed} are needed: raise the hard limit \
     (LimitNOFILE= of the unit, or ulimit -Hn), or lower listen.handshakes_max and listen.plain_connections_max"
)]
pub struct TooFewHandles {
    allowed: u64,
    needed: u64,
}

/// Handles that are needed beside those of clients' connections.
#[must_use]
pub fn reserved(configuration: &Configuration) -> u64 {
    let listen = &configuration.listen;
    let of_store = match configuration.store.is_a_server() {
        true => 2 * configuration.store.connections as u64 + store::bounds::LONG_READERS as u64 + OWN,
        false => SQLITE,
    };
    let of_metrics = if listen.metrics.is_some() { server::METRICS_CONNECTIONS_MAX } else { 0 };
    let of_enrollment = if listen.enrollment.is_some() { server::ENROLLMENT_CONNECTIONS_MAX } else { 0 };
    // During a reload there are two of each.
    let gives_out = !configuration.libraries.folder.as_os_str().is_empty();
    let of_libraries = if gives_out { 2 * LIBRARIES_MAX as u64 } else { 0 };
    let of_listeners =
        (listen.handshakes_max + listen.plain_connections_max + of_enrollment + of_metrics) as u64 + CLOSING;
    OWN + of_store + of_listeners + of_libraries + server::LARGE_BODIES_MAX as u64 + server::UNSENT_FILES_MAX as u64
}

/// Raises the limit of this process, and says how many connections of clients there may be.
///
/// # Errors
/// When too few handles are left for connections.
pub fn prepare(configuration: &Configuration) -> Result<usize, TooFewHandles> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    // No limit counts as a limit far above the need.
    let allowed = match raised {
        Ok(()) => maximum.unwrap_or(u64::MAX),
        Err(error) => {
            tracing::warn!(%error, "the limit of file handles could not be raised");
            current.unwrap_or(u64::MAX)
        }
    };
    let (reserved, wanted) = (reserved(configuration), configuration.listen.connections_max as u64);
    let left = allowed.saturating_sub(reserved);
    if left < CONNECTIONS_MIN.min(wanted) {
        return Err(TooFewHandles { allowed, needed: reserved + CONNECTIONS_MIN.min(wanted) });
    }
    if left < wanted {
        tracing::warn!(
            file_handles = allowed,
            reserved,
            connections_max = left,
            "fewer connections than configured: file handles are short"
        );
    }
    Ok(usize::try_from(left.min(wanted)).unwrap_or(usize::MAX))
}
