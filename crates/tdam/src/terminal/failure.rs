//! Why a sub-command ends without its result.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::configuration::ConfigurationError;
use crate::world::WorldError;

/// Why a sub-command ends without its result.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments do not fit together, or a setting is missing.
    Usage(String),
    /// A file could not be read.
    Input {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file could not be written.
    Output {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A call to the exchange failed or was refused.
    Call(client::Error),
    /// What this command works on is away just now: a database that cannot be reached, or is busy for too long.
    Unavailable(String),
    /// The answer is not what this version understands, or the system does not give what is needed.
    Other(String),
}

impl Failure {
    /// A part of the exchange that runs in this process does not do what it should.
    pub(crate) fn service(error: impl fmt::Display + 'static) -> Failure {
        if is_temporary(&error) { Failure::Unavailable(error.to_string()) } else { Failure::Other(error.to_string()) }
    }

    pub(crate) fn input(path: &Path) -> impl FnOnce(io::Error) -> Failure + '_ {
        |source| Failure::Input { path: path.to_owned(), source }
    }

    pub(crate) fn output(path: &Path) -> impl FnOnce(io::Error) -> Failure + '_ {
        |source| Failure::Output { path: path.to_owned(), source }
    }
}

/// Whether the same command can succeed later.
fn is_temporary(error: &dyn std::any::Any) -> bool {
    let store = error.downcast_ref::<store::StoreError>();
    let exchange = error.downcast_ref::<exchange::Failure>();
    let serving = match error.downcast_ref::<crate::serving::ServingError>() {
        Some(crate::serving::ServingError::Store(error)) => Some(error),
        _ => None,
    };
    store.or(serving).is_some_and(store::StoreError::is_temporary)
        || exchange.is_some_and(exchange::Failure::is_temporary)
}

impl From<ConfigurationError> for Failure {
    fn from(error: ConfigurationError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<WorldError> for Failure {
    fn from(error: WorldError) -> Failure {
        match error {
            WorldError::Occupied(_) | WorldError::StoreOccupied(_) | WorldError::Plan(_) => {
                Failure::Usage(error.to_string())
            }
            WorldError::File { path, source } => Failure::Output { path, source },
            other => Failure::Other(other.to_string()),
        }
    }
}

impl From<client::Error> for Failure {
    fn from(error: client::Error) -> Failure {
        Failure::Call(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(what) | Failure::Unavailable(what) | Failure::Other(what) => f.write_str(what),
            Failure::Input { path, source } => write!(f, "{} cannot be read: {source}", path.display()),
            Failure::Output { path, source } => write!(f, "{} cannot be written: {source}", path.display()),
            Failure::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}
