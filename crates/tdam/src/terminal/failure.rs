//! Why a sub-command ends without its result.

use std::any::Any;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rulebook::Code;
use store::StoreError;

use crate::configuration::ConfigurationError;
use crate::installation::InstallationError;
use crate::refusal::refuses;
use crate::serving::ServingError;

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
    /// The store or the database cannot be reached or used now; the same command again is safe.
    Unavailable(String),
    /// The exchange refuses the act.
    Refused(String),
    /// The service stopped because of its store.
    Halted(String),
    /// This version does not understand the answer, or the system does not provide a resource.
    Other(String),
}

impl Failure {
    /// A part of the exchange that runs in this process does not do what it should.
    pub(crate) fn service(error: impl fmt::Display + 'static) -> Failure {
        let text = error.to_string();
        let refuses = match error_of_store(&error) {
            Some(StoreError::WrongDatabase { .. } | StoreError::Refused(_)) => true,
            _ if is_not_there(&error) => true,
            _ => matches!(
                (&error as &dyn Any).downcast_ref(),
                Some(
                    ServingError::File { .. }
                        | ServingError::Refused(_)
                        | ServingError::NotASandbox
                        | ServingError::PerhapsASandbox
                )
            ),
        };
        match () {
            () if refuses => Failure::Usage(text),
            () if is_temporary(&error) => Failure::Unavailable(text),
            () if is_refused(&error) => Failure::Refused(text),
            () => Failure::Other(text),
        }
    }

    /// A key of a configuration cannot be used.
    pub(crate) fn setting(error: proxy::SettingError) -> Failure {
        Failure::Usage(error.to_string())
    }

    pub(crate) fn input(path: &Path) -> impl FnOnce(io::Error) -> Failure + '_ {
        |source| Failure::Input { path: path.to_owned(), source }
    }

    pub(crate) fn output(path: &Path) -> impl FnOnce(io::Error) -> Failure + '_ {
        |source| Failure::Output { path: path.to_owned(), source }
    }
}

/// Whether the same command can succeed later.
fn is_temporary(error: &dyn Any) -> bool {
    let exchange = match error.downcast_ref() {
        Some(ServingError::Exchange(failure)) => Some(failure),
        _ => error.downcast_ref::<exchange::Failure>(),
    };
    let store = error_of_store(error);
    let is_away = |error: &StoreError| {
        error.is_temporary() || matches!(error, StoreError::OutcomeUnknown(_) | StoreError::Serving(_))
    };
    store.is_some_and(is_away) || exchange.is_some_and(exchange::Failure::is_temporary)
}

/// The exchange works, but has nothing of the name that was given.
fn is_not_there(error: &dyn Any) -> bool {
    let failure = error.downcast_ref::<exchange::Failure>();
    failure.is_some_and(|failure| matches!(failure.code, Code::NotFound | Code::DebtorAccountUnknown))
}

fn is_refused(error: &dyn Any) -> bool {
    error.downcast_ref::<exchange::Failure>().is_some_and(refuses)
}

fn error_of_store(error: &dyn Any) -> Option<&StoreError> {
    match error.downcast_ref() {
        Some(ServingError::Store(error)) => Some(error),
        _ => error.downcast_ref(),
    }
}

impl From<ConfigurationError> for Failure {
    fn from(error: ConfigurationError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

impl From<InstallationError> for Failure {
    fn from(error: InstallationError) -> Failure {
        match error {
            InstallationError::Occupied(_) | InstallationError::StoreOccupied(_) | InstallationError::Plan(_) => {
                Failure::Usage(error.to_string())
            }
            InstallationError::Store(error) => Failure::service(error),
            InstallationError::Exchange(failure) => Failure::service(failure),
            InstallationError::File { path, source } => Failure::Output { path, source },
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
            Failure::Usage(what)
            | Failure::Unavailable(what)
            | Failure::Refused(what)
            | Failure::Halted(what)
            | Failure::Other(what) => f.write_str(what),
            Failure::Input { path, source } => write!(f, "{} cannot be read: {source}", path.display()),
            Failure::Output { path, source } => write!(f, "{} cannot be written: {source}", path.display()),
            Failure::Call(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}
