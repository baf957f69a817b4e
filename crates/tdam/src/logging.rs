//! Structured logs on standard error: text for people, JSON for machines.
//!
//! The log must never hold: message bodies, names of persons, account numbers in full, certificates, keys. The crates
//! below log counts, codes and request ids.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::configuration::{Log, LogFormat};
use crate::log_fields::PlainFields;

/// Why logging could not begin.
#[derive(Debug, thiserror::Error)]
#[error("log.level {level:?} is no filter: {reason}")]
pub(crate) struct LogError {
    level: String,
    reason: String,
}

/// The level of a log that is being written.
pub(crate) struct LogLevel {
    set: Box<dyn Fn(EnvFilter) + Send + Sync>,
}

impl LogLevel {
    pub(crate) fn set(&self, filter: EnvFilter) {
        (self.set)(filter);
    }
}

/// The filter of the log from the configuration.
///
/// # Errors
/// When the level is no filter.
pub(crate) fn filter(log: &Log) -> Result<EnvFilter, LogError> {
    let wrong = |reason: String| LogError { level: log.level.clone(), reason };
    EnvFilter::builder().parse(&log.level).map_err(|error| wrong(error.to_string()))
}

/// Begins logging as configured. Does nothing when something else in the process already logs.
///
/// # Errors
/// When the level is no filter.
pub(crate) fn begin(log: &Log) -> Result<LogLevel, LogError> {
    let filter = filter(log)?;
    // Colours are for eyes: a file or a journal gets none.
    let in_colour = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(in_colour)
        .with_target(false)
        // Telling it would write to the same place, and panic: a full disk under the log would end the requests.
        .log_internal_errors(false);
    // Only a second subscriber in one process fails, and then the first one's lines are as good.
    let set: Box<dyn Fn(EnvFilter) + Send + Sync> = match log.format {
        LogFormat::Text if in_colour => {
            let lines = lines.with_filter_reloading();
            let handle = lines.reload_handle();
            drop(lines.try_init());
            Box::new(move |filter| drop(handle.reload(filter)))
        }
        LogFormat::Text => {
            let lines = lines.fmt_fields(PlainFields).with_filter_reloading();
            let handle = lines.reload_handle();
            drop(lines.try_init());
            Box::new(move |filter| drop(handle.reload(filter)))
        }
        LogFormat::Json => {
            let lines = lines.json().flatten_event(true).with_filter_reloading();
            let handle = lines.reload_handle();
            drop(lines.try_init());
            Box::new(move |filter| drop(handle.reload(filter)))
        }
    };
    Ok(LogLevel { set })
}
