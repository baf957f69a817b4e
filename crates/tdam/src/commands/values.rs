//! Values of arguments that more than one command takes.

use jiff::civil::Time;

use crate::reach;

/// A host name or address on the command line.
pub(super) fn host_name(text: &str) -> Result<String, String> {
    if reach::is_host(text) {
        Ok(text.to_owned())
    } else {
        Err(format!("{text:?} is no host name such as exchange.example"))
    }
}

/// A time of day.
pub(super) fn parse_time(text: &str) -> Result<Time, String> {
    text.parse().map_err(|_| format!("{text:?} is no time such as 10:00"))
}
