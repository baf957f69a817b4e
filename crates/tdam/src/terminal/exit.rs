//! What the program's exit code says; documented in `commands::EXIT_CODES`.

use std::process::ExitCode;

use super::Failure;

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything was accepted, nothing was found.
    Done = 0,
    /// Refused, in full or in part, or findings.
    Refused = 1,
    /// Wrong usage, or a file that cannot be read.
    Usage = 2,
    /// No connection, or the exchange does not accept who calls.
    Connection = 3,
    /// The exchange cannot answer now, or did not in time.
    Unavailable = 4,
    /// Output that cannot be written, an answer that is not understood.
    Other = 5,
    /// A service stopped by itself, because its store cannot be trusted to write any more.
    Halted = 6,
}

impl Exit {
    pub(crate) fn of(failure: &Failure) -> Exit {
        match failure {
            Failure::Usage(_) | Failure::Input { .. } => Exit::Usage,
            Failure::Output { .. } | Failure::Other(_) => Exit::Other,
            Failure::Unavailable(_) => Exit::Unavailable,
            Failure::Halted(_) => Exit::Halted,
            Failure::Call(error) if error.is_configuration() || error.is_input() => Exit::Usage,
            // Who calls is known and accepted, but asks for what is another's.
            Failure::Call(error) if error.is_unauthorised() && !is_about_the_caller(error) => Exit::Refused,
            Failure::Call(error) if error.is_unauthorised() || error.is_connection() || error.is_tls() => {
                Exit::Connection
            }
            Failure::Call(error) if error.is_unavailable() || error.is_timeout() => Exit::Unavailable,
            Failure::Call(error) if error.is_refused().is_some() => Exit::Refused,
            Failure::Call(_) => Exit::Other,
        }
    }
}

/// Whether certificate, registration, address or access mode of the caller are what is not accepted.
fn is_about_the_caller(error: &client::Error) -> bool {
    let code = error.problem().and_then(|problem| problem.code.parse::<rulebook::Code>().ok());
    code.is_none_or(|code| code.group() == rulebook::catalogue::Group::Channel)
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
