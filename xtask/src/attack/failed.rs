//! Why an attack could not be made, as opposed to what it broke.

/// Why an attack could not be made.
pub(super) type Failed = Box<dyn std::error::Error + Send + Sync>;
