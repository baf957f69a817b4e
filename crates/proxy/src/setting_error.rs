//! A setting that is not as it should be.

use std::fmt;

/// A setting that cannot be used, or should not be: which key, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {what}")]
pub struct SettingError {
    key: &'static str,
    what: String,
}

impl SettingError {
    pub(crate) fn new(key: &'static str, what: impl fmt::Display) -> SettingError {
        SettingError { key, what: what.to_string() }
    }

    /// The key of the configuration; `file` for the file itself.
    #[must_use]
    pub fn key(&self) -> &'static str {
        self.key
    }
}
