//! Why an installation could not be made.

use std::io;
use std::path::PathBuf;

use pki::PkiError;
use store::StoreError;

use crate::configuration::ConfigurationError;

/// Why an installation could not be made.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// Something else is at the place.
    #[error("{0} exists and holds something else: choose another folder, or remove it")]
    Occupied(PathBuf),
    /// The database holds an exchange already.
    #[error("the schema {0} of the database holds an exchange already: choose another schema, or drop it")]
    StoreOccupied(String),
    /// The configuration that was written cannot be used.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// A file could not be written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The plan does not say what a plan must say.
    #[error("the plan of the installation: {0}")]
    Plan(String),
    /// A certificate could not be issued.
    #[error(transparent)]
    Certificate(#[from] PkiError),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The exchange refused.
    #[error(transparent)]
    Exchange(#[from] exchange::Failure),
}
