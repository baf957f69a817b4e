//! Structured logs on standard error: text for people, JSON for machines.
//!
//! What must never be logged: message bodies, names of persons, account numbers in full, certificates, keys. The crates
//! below log counts, codes and request ids.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::configuration::{Log, LogFormat};

/// Why logging could not begin.
#[derive(Debug, thiserror::Error)]
#[error("log.level {level:?} is no filter: {reason}")]
pub(crate) struct LogError {
    level: String,
    reason: String,
}

/// Begins logging as configured. Does nothing when something else in the process already logs.
///
/// # Errors
/// When the level is no filter.
pub(crate) fn begin(log: &Log) -> Result<(), LogError> {
    let wrong = |reason: String| LogError { level: log.level.clone(), reason };
    let filter = EnvFilter::builder().parse(&log.level).map_err(|error| wrong(error.to_string()))?;
    // Colours are for eyes: a file or a journal gets none.
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false);
    let begun = match log.format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // Only a second subscriber in one process fails, and then the first one's lines are as good.
    drop(begun);
    Ok(())
}
