//! The program's exit codes, and their help text.

use std::process::ExitCode;

use super::Failure;

/// Shown below the help of the program and of each sub-command.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done; everything was accepted, nothing was found
  1  refused, in full or in part, or findings
  2  wrong usage, or a file that cannot be read
  3  no connection, or the exchange does not accept who calls
  4  the exchange cannot answer now, or did not in time; the same command again is safe
  5  anything else: output that cannot be written, an answer that is not understood
  6  the service stopped by itself: its disk failed to sync, and starting it again finds out what was written";

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
    /// A service stopped because it can no longer trust its store to write.
    Halted = 6,
}

impl Exit {
    pub(crate) fn of(failure: &Failure) -> Exit {
        match failure {
            Failure::Usage(_) | Failure::Input { .. } => Exit::Usage,
            Failure::Output { .. } | Failure::Other(_) => Exit::Other,
            Failure::Unavailable(_) => Exit::Unavailable,
            Failure::Refused(_) => Exit::Refused,
            Failure::Halted(_) => Exit::Halted,
            Failure::Call(error) if error.is_configuration() || error.is_input() => Exit::Usage,
            // The exchange accepts the caller, but not a request for another client's data.
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

/// Whether the refusal concerns certificate, registration, address or access mode of the caller.
fn is_about_the_caller(error: &client::Error) -> bool {
    let code = error.problem().and_then(|problem| problem.code.parse::<rulebook::Code>().ok());
    code.is_none_or(|code| code.group() == rulebook::catalogue::Group::Channel)
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
