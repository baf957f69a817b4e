//! Why something could not be tried or measured, as opposed to what it showed.

/// Why something could not be tried or measured.
pub(crate) type Failed = Box<dyn std::error::Error + Send + Sync>;
